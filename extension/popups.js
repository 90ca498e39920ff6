// The second host: pop-ups at the bottom right (N4) and the floating launcher's place. It holds buttons only, because Gmail spares
// nothing but its own text fields from its shortcuts; text comes from clients and is set as text.
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});
  const { make, makeHost, picture, settle } = deskside.dom;

  const MOST_POPUPS = 3;
  const EDGE_PX = 16;
  const STEP_PX = 56;
  /** Above the arrow at the foot of Gmail's side rail. */
  const LAUNCHER_PX = 72;
  const LAUNCHER_INSET_PX = 8;
  /** 16 px clear of the rail's 66. */
  const STACK_INSET_PX = 82;

  /**
   * Makes the pop-ups' stack, empty and not yet in the page.
   *
   * @param {HTMLElement} launcher the floating button, which stands in the same host
   * @param {{ open: (account: string, conversationId: string) => void, seen: (conversationId: string) => void, escape: () => void }} actions what clicks do
   */
  function makePopups(launcher, { open, seen, escape }) {
    const { host, root } = makeHost("deskside-popups");
    const stack = make("div", { class: "stack", role: "status", "aria-label": "New messages" });
    root.append(stack, launcher);

    // A press would move the focus here, and Gmail's shortcuts would be dead after closing; the keyboard may come.
    root.addEventListener("mousedown", (event) => event.preventDefault());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeFocused() || escape();
    });

    /** Shows a pop-up as the lowest; one of the same conversation is replaced, and beyond three the oldest goes. */
    function show({ account, conversation_id: id, who, channel, text }) {
      const focused = root.activeElement?.closest(".popup")?.dataset.conversation === id;
      const button = make("button", { class: "popup__open", type: "button", "data-testid": "popup", "data-conversation-id": id });
      button.append(
        make("span", { class: "popup__who" }, who),
        make("span", { class: "popup__channel" }, channel),
        make("span", { class: "popup__text" }, text),
      );
      button.addEventListener("click", () => {
        dismiss(id);
        open(account, id);
      });
      const close = make("button", { class: "popup__close", type: "button", "data-testid": "popup-close", "aria-label": `Dismiss message from ${who}` });
      close.append(picture("cross"));
      close.addEventListener("click", () => put(id));
      const popup = make("div", { class: "popup", "data-conversation": id }, button, close);
      dismiss(id);
      stack.append(popup);
      while (stack.childElementCount > MOST_POPUPS) stack.firstElementChild.remove();
      if (focused) button.focus();
      place();
    }

    /** Takes a conversation's pop-up away. */
    function dismiss(id) {
      for (const popup of stack.children) {
        if (popup.dataset.conversation === id) return popup.remove();
      }
    }

    const clear = () => stack.replaceChildren();

    /** The agent puts a pop-up away. */
    function put(id) {
      dismiss(id);
      seen(id);
    }

    function closeFocused() {
      const popup = root.activeElement?.closest(".popup");
      if (popup) put(popup.dataset.conversation);
      return Boolean(popup);
    }

    /** Keeps clear of open compose windows, and of whatever else lies in the corner. */
    function place() {
      if (!launcher.hidden) settle(launcher, host, places(LAUNCHER_PX, LAUNCHER_INSET_PX));
      if (stack.childElementCount === 0) return;
      stack.style.insetInlineEnd = `${STACK_INSET_PX}px`;
      const { left, right } = stack.getBoundingClientRect();
      const beside = deskside.gmail.composeRects().filter((rect) => rect.left < right && rect.right > left);
      const above = Math.max(EDGE_PX, ...beside.map((rect) => innerHeight - rect.top + EDGE_PX));
      const fits = above + stack.offsetHeight < innerHeight;
      settle(stack, host, places(fits ? above : EDGE_PX, STACK_INSET_PX));
    }

    /** Places to try: up along the window's edge, then further and further in. */
    function places(first, inset) {
      const count = (length) => Math.max(1, Math.floor(length / STEP_PX));
      const list = [];
      for (let column = 0; column < count(innerWidth / 2 - inset); column += 1) {
        for (let row = 0; row < count(innerHeight - first - STEP_PX); row += 1) {
          list.push({ above: first + row * STEP_PX, inward: inset + column * STEP_PX });
        }
      }
      return list;
    }

    return { clear, dismiss, host, place, show };
  }

  deskside.makePopups = makePopups;
})();
