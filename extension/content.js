// What runs in a Gmail page: small plain JavaScript that adds two hosts to <html>, joins the hub and passes hints to the panel's frame.
// Nothing here depends on Gmail's class names, and before the first open nothing but this is loaded.
(() => {
  "use strict";
  const { gmail, link: links, makePopups, makeWorkspace } = globalThis.deskside;

  const ROLL_CALL = "deskside-roll-call";
  const SETTLE_MS = 3_000;
  const ADDRESS_MS = 3_000;
  const LOOK_MS = 100;
  const LOOK_AGAIN_MS = 5_000;
  const LAYOUT = "layout";

  /** Resolves when `holds`, or after `mostMs`: a page that never settles is still one to work in. */
  function until(holds, mostMs) {
    return new Promise((resolve) => {
      const started = performance.now();
      const look = () => (holds() || performance.now() - started > mostMs ? resolve() : setTimeout(look, LOOK_MS));
      look();
    });
  }

  /** Whether a living script has its hosts here; those of a dead one (an updated extension) are removed. */
  function isTaken() {
    const host = document.querySelector("html > deskside-popups");
    if (host === null) return false;
    if (!host.dispatchEvent(new CustomEvent(ROLL_CALL, { cancelable: true }))) return true;
    document.querySelectorAll("html > deskside-popups, html > deskside-workspace").forEach((old) => old.remove());
    return false;
  }

  function join() {
    const pageId = crypto.randomUUID();
    const workspace = makeWorkspace(pageId, hearPanel);
    const popups = makePopups({ toggle: () => setOpen(!workspace.isOpen()), open, escape: () => setOpen(false) });
    const hosts = [workspace.host, popups.host];
    const ending = new AbortController();
    let address = null;

    const state = () => ({ visible: document.visibilityState === "visible", panel_open: workspace.isOpen() });
    const link = links.makeLink({
      hello: () => ({ kind: "hello", page_id: pageId, address, ...state() }),
      hear: hearHub,
      gone: leave,
    });

    function setOpen(isOpen) {
      if (isOpen === workspace.isOpen()) return;
      workspace.setOpen(isOpen);
      popups.setOpen(isOpen);
      popups.place();
      showState();
    }

    function open(conversationId) {
      workspace.tell({ ds: "open", conversation_id: conversationId });
      setOpen(true);
    }

    function showState() {
      const { visible, panel_open: isOpen } = state();
      link.send({ kind: "state", visible, panel_open: isOpen });
      workspace.tell({ ds: "shown", shown: visible && isOpen });
    }

    function hearHub(message) {
      if (message.kind === "popup" && !workspace.isOpen()) popups.show(message);
      if (message.kind === "dismiss") popups.dismiss(message.conversation_id);
      if (message.kind === "waiting") {
        popups.setWaiting(message.n_waiting, message.availability);
        title.show(message.n_waiting);
      }
    }

    function hearPanel(message) {
      if (message?.ds === "ready") {
        dress();
        showState();
      }
      if (message?.ds === "close") setOpen(false);
      if (message?.ds === "layout") {
        workspace.setDocked(message.docked === true);
        chrome.storage.sync.set({ [LAYOUT]: { docked: message.docked === true } });
      }
    }

    /** Follows Gmail's theme and direction. */
    let look = "";
    function dress() {
      const dark = gmail.isDark();
      const rtl = gmail.isRightToLeft();
      for (const host of hosts) {
        host.dataset.theme = dark ? "dark" : "light";
        host.dir = rtl ? "rtl" : "ltr";
      }
      look = `${dark} ${rtl}`;
      workspace.tell({ ds: "theme", dark, rtl });
    }
    const dressIfChanged = () => {
      if (look !== `${gmail.isDark()} ${gmail.isRightToLeft()}`) dress();
    };

    const place = () => {
      workspace.place();
      popups.place();
    };

    /** Gmail draws late and changes views without telling: look again, but only while somebody can see it. */
    function lookAgain() {
      if (!links.isAlive()) return leave();
      if (document.visibilityState !== "visible") return;
      if (hosts.some((host) => !host.isConnected)) attach();
      observeColumn();
      dressIfChanged();
      place();
      findAddress();
    }

    function findAddress() {
      const found = gmail.address();
      if (found === null || found === address) return;
      address = found;
      // They were told to somebody else; the hub shows this one's anew.
      popups.clear();
      link.restart();
    }

    const attach = () => document.documentElement.append(...hosts.filter((host) => !host.isConnected));

    const sizes = new ResizeObserver(place);
    let column = null;
    function observeColumn() {
      const found = gmail.contentColumn();
      if (found === column) return;
      if (column) sizes.unobserve(column);
      column = found;
      if (column) sizes.observe(column);
    }

    const styles = new MutationObserver(dressIfChanged);
    const title = makeTitle();

    function listen(target, kind, listener) {
      target.addEventListener(kind, listener, { signal: ending.signal });
    }

    async function start() {
      attach();
      observeColumn();
      dress();
      listen(window, "resize", place);
      listen(window, "hashchange", place);
      listen(window, "pageshow", link.connect);
      listen(document, "visibilitychange", showState);
      listen(popups.host, ROLL_CALL, (event) => links.isAlive() && event.preventDefault());
      styles.observe(document.head, { childList: true });
      styles.observe(document.body, { attributes: true, attributeFilter: ["class", "style", "dir"] });
      chrome.runtime.onMessage.addListener(hearWorker);
      place();
      await until(() => gmail.address() !== null, ADDRESS_MS);
      address = gmail.address();
      await link.connect();
    }

    function hearWorker(message) {
      if (message?.to === "page" && message.kind === "toggle") setOpen(!workspace.isOpen());
    }

    const again = setInterval(lookAgain, LOOK_AGAIN_MS);

    /** The extension is gone or renewed: leave no trace. */
    function leave() {
      ending.abort();
      clearInterval(again);
      sizes.disconnect();
      styles.disconnect();
      title.end();
      setOpen(false);
      workspace.remove();
      popups.host.remove();
    }

    return { start, workspace };
  }

  /** Keeps "(3) " in front of the tab's title, also after Gmail writes its own (N8). */
  function makeTitle() {
    let prefix = "";
    let own = document.title;
    let written = null;
    const write = () => {
      if (document.title !== written) own = document.title;
      written = prefix + own;
      if (document.title !== written) document.title = written;
    };
    const observer = new MutationObserver(write);
    const element = document.querySelector("head > title");
    if (element) observer.observe(element, { childList: true, characterData: true, subtree: true });
    return {
      show: (n) => {
        prefix = n > 0 ? `(${n}) ` : "";
        write();
      },
      end: () => {
        observer.disconnect();
        prefix = "";
        write();
      },
    };
  }

  async function main() {
    if (!gmail.isMailPage() || isTaken()) return;
    await until(gmail.isSettled, SETTLE_MS);
    if (!gmail.isMailPage() || isTaken()) return;
    const page = join();
    page.start().catch(report);
    const stored = await chrome.storage.sync.get(LAYOUT);
    page.workspace.setDocked(stored[LAYOUT]?.docked ?? true);
  }

  const report = (error) => {
    if (links.isAlive()) console.error("Deskside did not join the page", error);
  };
  main().catch(report);
})();
