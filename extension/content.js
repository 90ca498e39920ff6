// What runs in a Gmail page: small plain JavaScript that adds two hosts to <html>, joins the hub and passes hints to the panel's frame.
// Nothing here depends on Gmail's class names, and before the first open nothing but this is loaded.
(() => {
  "use strict";
  const { gmail, link: links, makeLauncher, makePopups, makeTitle, makeWorkspace } = globalThis.deskside;

  const ROLL_CALL = "deskside-roll-call";
  const SETTLE_MS = 3_000;
  const ADDRESS_MS = 3_000;
  const LOOK_MS = 100;
  const LOOK_AGAIN_MS = 5_000;
  const LAYOUT = "layout";
  const LOOK = "look";
  const HOSTS = "deskside-popups, deskside-workspace, deskside-rail";

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
    document.querySelectorAll(HOSTS).forEach((old) => old.remove());
    return false;
  }

  function join() {
    const pageId = crypto.randomUUID();
    const workspace = makeWorkspace(pageId, hearPanel);
    const escape = () => setOpen(false);
    const launcher = makeLauncher({ toggle, escape, placed: () => popups.place() });
    const popups = makePopups(launcher.floating, { open, seen, escape });
    const hosts = [workspace.host, popups.host];
    const ending = new AbortController();
    let address = null;
    /** What the agent chose on the Control Panel; by default Gmail's own look. */
    let theme = "gmail";

    const state = () => ({ visible: document.visibilityState === "visible", panel_open: workspace.isOpen() });
    const link = links.makeLink({
      hello: () => ({ kind: "hello", page_id: pageId, address, ...state() }),
      hear: hearHub,
      again: workspace.check,
      gone: leave,
    });

    function toggle() {
      setOpen(!workspace.isOpen());
    }

    function setOpen(isOpen) {
      if (isOpen === workspace.isOpen()) return;
      workspace.setOpen(isOpen);
      launcher.setOpen(isOpen);
      if (isOpen) popups.clear();
      popups.place();
      showState();
    }

    function open(account, conversationId) {
      if (conversationId) workspace.tell({ ds: "open", account, conversation_id: conversationId });
      setOpen(true);
    }

    function seen(conversationId) {
      link.send({ kind: "dismissed", conversation_id: conversationId });
    }

    function showState() {
      const { visible, panel_open: isOpen } = state();
      link.send({ kind: "state", visible, panel_open: isOpen });
      workspace.tell({ ds: "shown", shown: visible && isOpen });
    }

    function hearHub(message) {
      if (message.kind === "popup" && !workspace.isOpen()) popups.show(message);
      if (message.kind === "dismiss") popups.dismiss(message.conversation_id);
      if (message.kind === "open") open(message.account, message.conversation_id);
      if (message.kind === "panel_gone") workspace.check();
      if (message.kind === "places") {
        gmail.usePlaces(message);
        lookAgain();
      }
      if (message.kind === "waiting") {
        launcher.setWaiting(message.n_waiting, message.availability);
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

    /** Follows Gmail's theme, direction and density. The icon stands among Gmail's own, so it always has Gmail's theme. */
    let worn = "";
    const look = () => {
      const inGmail = gmail.isDark();
      return { inGmail, dark: theme === "gmail" ? inGmail : theme === "dark", rtl: gmail.isRightToLeft(), compact: gmail.isCompact() };
    };
    function dress() {
      const { inGmail, ...looks } = look();
      worn = JSON.stringify({ inGmail, ...looks });
      for (const host of [...hosts, launcher.host]) {
        host.dataset.theme = (host === launcher.host ? inGmail : looks.dark) ? "dark" : "light";
        host.dir = looks.rtl ? "rtl" : "ltr";
      }
      workspace.tell({ ds: "theme", ...looks });
    }
    const dressIfChanged = () => {
      if (worn !== JSON.stringify(look())) dress();
    };

    const place = () => {
      launcher.place();
      workspace.place();
      popups.place();
    };

    /** Gmail draws late and changes views without telling: look again, but only while somebody can see it. */
    function lookAgain() {
      if (!links.isAlive()) return leave();
      if (document.visibilityState !== "visible") return;
      if (hosts.some((host) => !host.isConnected)) attach();
      observeColumn();
      observeComposes();
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

    /** Compose windows come and go in one row, which is drawn with the first of them. */
    const composes = new MutationObserver(() => {
      observeComposes();
      place();
    });
    let row = null;
    function observeComposes() {
      const found = gmail.composeRow();
      if (found === null || found === row) return;
      row = found;
      composes.observe(row, { childList: true });
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
      observeComposes();
      composes.observe(document.body, { childList: true });
      styles.observe(document.head, { childList: true, characterData: true, subtree: true });
      styles.observe(document.body, { attributes: true, attributeFilter: ["class", "style", "dir"] });
      chrome.runtime.onMessage.addListener(hearWorker);
      chrome.storage.onChanged.addListener(hearStorage);
      launcher.look();
      place();
      await until(() => gmail.address() !== null, ADDRESS_MS);
      address = gmail.address();
      await link.connect();
    }

    function hearWorker(message) {
      if (message?.to === "page" && message.kind === "toggle") toggle();
    }

    function hearStorage(changes, area) {
      if (area === "sync" && changes[LOOK]) setTheme(changes[LOOK].newValue?.theme);
    }

    function setTheme(chosen) {
      theme = chosen ?? "gmail";
      dressIfChanged();
    }

    const again = setInterval(lookAgain, LOOK_AGAIN_MS);

    /** The extension is gone or renewed: leave no trace. */
    function leave() {
      ending.abort();
      clearInterval(again);
      sizes.disconnect();
      styles.disconnect();
      composes.disconnect();
      title.end();
      setOpen(false);
      launcher.remove();
      workspace.remove();
      popups.host.remove();
    }

    return { setTheme, start, workspace };
  }

  async function main() {
    if (!gmail.isMailPage() || isTaken()) return;
    await until(gmail.isSettled, SETTLE_MS);
    if (!gmail.isMailPage() || isTaken()) return;
    const page = join();
    page.start().catch(report);
    const stored = await chrome.storage.sync.get([LAYOUT, LOOK]);
    page.workspace.setDocked(stored[LAYOUT]?.docked ?? true);
    page.setTheme(stored[LOOK]?.theme);
  }

  const report = (error) => {
    if (links.isAlive()) console.error("Deskside did not join the page", error);
  };
  main().catch(report);
})();
