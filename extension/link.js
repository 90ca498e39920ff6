// The page's port to the hub. It is held while the page lives, and says that this Gmail page is open (P2, P4).
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});

  const PORT = "ds-page";
  const RETRY_FIRST_MS = 100;
  const RETRY_MOST_MS = 10_000;

  /** Whether the extension that this script came from still runs; after an update or removal it does not. */
  const isAlive = () => chrome.runtime?.id !== undefined;

  /**
   * Connects to the hub, and again whenever the port drops.
   *
   * @param {{ hello: () => object, hear: (message: object) => void, again: () => void, gone: () => void }} page `again` is called when
   * the port was lost and is back; `gone` once, when the extension is
   */
  function makeLink({ hello, hear, again, gone }) {
    let port = null;
    let timer = null;
    let retryMs = RETRY_FIRST_MS;
    let isEnded = false;
    let isLost = false;

    async function connect() {
      clearTimeout(timer);
      timer = null;
      if (isEnded || port !== null) return;
      if (!isAlive()) return end();
      try {
        const answer = await chrome.runtime.sendMessage({ to: "worker", kind: "ensure_hub" });
        if (isEnded || port !== null) return;
        if (answer?.listens) open();
        else retry();
      } catch (error) {
        if (!isAlive()) return end();
        console.info("Deskside: the extension does not answer yet", error.message);
        retry();
      }
    }

    function open() {
      const opened = chrome.runtime.connect({ name: PORT });
      port = opened;
      opened.onMessage.addListener((text) => {
        retryMs = RETRY_FIRST_MS;
        hear(JSON.parse(text));
      });
      opened.onDisconnect.addListener(() => {
        if (port !== opened) return;
        port = null;
        isLost = true;
        if (isAlive()) retry();
        else end();
      });
      send(hello());
      if (isLost) again();
      isLost = false;
    }

    function retry() {
      if (timer !== null || isEnded) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, RETRY_MOST_MS);
    }

    /** Sends if connected; a new connection begins with `hello`, which says it all again. */
    function send(message) {
      if (port === null) return;
      if (!isAlive()) return end();
      port.postMessage(JSON.stringify(message));
    }

    /** Begins anew, for instance because the page's address was found only now. */
    function restart() {
      const old = port;
      port = null;
      old?.disconnect();
      return connect();
    }

    function end() {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      gone();
    }

    return { connect, restart, send };
  }

  deskside.link = { isAlive, makeLink };
})();
