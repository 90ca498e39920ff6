// The first host: the panel's frame. The frame is made on the first open, never moved in the document (that would reload it) and
// never `display: none` (Chrome would slow its timers): closed means `visibility: hidden`.
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});
  const { make, makeHost } = deskside.dom;

  const DOCK_PX = 400;
  /** A strip at the window's edge that stays free: Gmail's side rail and our launcher stand there. */
  const GUTTER_PX = 64;
  const EDGE_PX = 8;
  /** A content column narrower than this is no room for a workspace; then it covers the left navigation too. */
  const ROOM_PX = 560;
  const PANEL = "extension/panel.html";
  /** A panel that lives answers within so long, also in a hidden page. */
  const ANSWER_MS = 3_000;

  /**
   * Makes the workspace, closed and not yet in the page.
   *
   * @param {string} pageId joins the panel in the frame with this page's port at the hub
   * @param {(message: object) => void} hear takes what the panel says
   */
  function makeWorkspace(pageId, hear) {
    const { host, root } = makeHost("deskside-workspace");
    const origin = `chrome-extension://${chrome.runtime.id}`;
    const box = make("div", { class: "workspace", "data-open": "false" });
    root.append(box);

    let frame = null;
    let isReady = false;
    let isOpen = false;
    let docked = true;
    let before = null;
    let asked = null;
    let checking = null;

    const onMessage = (event) => {
      if (frame === null || event.source !== frame.contentWindow || event.origin !== origin) return;
      if (event.data?.ds === "ready") {
        isReady = true;
        clearTimeout(checking);
        checking = null;
        // A frame that was given the focus while it was still empty has lost it to nobody.
        if (isOpen && root.activeElement === frame) frame.contentWindow.focus();
      }
      hear(event.data);
      if (isReady && asked !== null) post(asked);
      asked = isReady ? null : asked;
    };
    window.addEventListener("message", onMessage);

    const post = (message) => frame.contentWindow?.postMessage(message, origin);

    /** Tells the panel something. One that does not listen yet is told the rest when it is ready, but what to open is kept. */
    function tell(message) {
      if (isReady) post(message);
      else if (message.ds === "open") asked = message;
    }

    function makeFrame() {
      frame = make("iframe", {
        "data-testid": "panel-frame",
        title: "Deskside",
        allow: "autoplay; clipboard-write",
        src: `${chrome.runtime.getURL(PANEL)}#page=${encodeURIComponent(pageId)}`,
      });
      box.append(frame);
    }

    /** Asks the panel whether it lives; a frame that died or was led away is made anew, and its panel knows where it was. */
    function check() {
      if (!isReady || checking !== null) return;
      if (!frame.isConnected) return makeAnew();
      checking = setTimeout(makeAnew, ANSWER_MS);
      post({ ds: "ping" });
    }

    function makeAnew() {
      checking = null;
      isReady = false;
      const hadFocus = root.activeElement === frame;
      frame.remove();
      makeFrame();
      if (hadFocus) frame.focus();
    }

    /** Opens or closes; on closing the focus goes back to what had it, so that Gmail's keys live on. */
    function setOpen(open) {
      if (open === isOpen) return;
      isOpen = open;
      if (open) {
        before = focused();
        if (frame === null) makeFrame();
      }
      box.dataset.open = String(open);
      if (open) {
        place();
        return frame.focus();
      }
      root.activeElement?.blur();
      window.focus();
      if (before?.isConnected && before !== document.body) before.focus({ preventScroll: true });
      before = null;
    }

    /** What has the focus, also inside an open shadow root. */
    function focused() {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element;
    }

    function setDocked(value) {
      docked = value;
      place();
    }

    /** Docked: a column at the window's end. Otherwise over Gmail's content. The gutter stays free in both. */
    function place() {
      if (!isOpen) return;
      const rtl = deskside.gmail.isRightToLeft();
      const span = { first: rtl ? GUTTER_PX : 0, last: innerWidth - (rtl ? 0 : GUTTER_PX) };
      put(span, rtl);
      const side = coveredFrom(span, rtl);
      if (side !== null) put(rtl ? { ...span, first: side } : { ...span, last: side }, rtl);
      keepComposeAbove();
    }

    function put({ first, last }, rtl) {
      const area = deskside.gmail.contentRect();
      let left = Math.max(first, area.left);
      let right = Math.min(last, area.right);
      if (docked) {
        const width = Math.min(DOCK_PX, last - first);
        left = rtl ? first : last - width;
        right = left + width;
      } else if (right - left < ROOM_PX) {
        [left, right] = [first, last];
      }
      Object.assign(box.style, { left: `${left}px`, top: `${area.top}px`, width: `${right - left}px`, height: `${area.bottom - area.top}px` });
    }

    /** Where a column of the page that lies over the workspace's end begins, such as another extension's; null if none does. */
    function coveredFrom({ first, last }, rtl) {
      const { top, bottom, left, right } = box.getBoundingClientRect();
      const over = document.elementFromPoint(rtl ? left + EDGE_PX : right - EDGE_PX, (2 * top + bottom) / 3);
      if (over === null || over === host || over.contains(host)) return null;
      const rect = over.getBoundingClientRect();
      const side = rtl ? rect.right : rect.left;
      return (rtl ? last - side : side - first) >= DOCK_PX ? side : null;
    }

    /** A compose window that opens over the workspace belongs on top; Gmail's strip is raised only if it is not. */
    function keepComposeAbove() {
      const strip = deskside.gmail.composeStrip();
      const hidden = deskside.gmail.composeRects().some(
        (rect) => document.elementFromPoint((rect.left + rect.right) / 2, Math.min(rect.top + 8, innerHeight - 1)) === host,
      );
      if (strip && hidden) strip.style.zIndex = "6";
    }

    function remove() {
      window.removeEventListener("message", onMessage);
      clearTimeout(checking);
      host.remove();
    }

    return { check, host, isDocked: () => docked, isOpen: () => isOpen, place, remove, setDocked, setOpen, tell };
  }

  deskside.makeWorkspace = makeWorkspace;
})();
