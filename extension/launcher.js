// The launcher: an icon in Gmail's side rail where there is one (G1), else a floating button. Both are the same button, twice.
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});
  const { make, makeHost, picture } = deskside.dom;

  /** A page that draws its rail within so long never shows the floating button. */
  const GRACE_MS = 1_500;
  const LOOK_MS = 100;
  const LOOK_FOR_MS = 15_000;

  /** One button with its count of what waits and its mark of being Online. */
  function makeButton(kind) {
    const count = make("span", { class: "launcher__count", "aria-hidden": "true", hidden: "" });
    const online = make("span", { class: "launcher__online", "aria-hidden": "true", hidden: "" });
    const button = make("button", { class: `launcher launcher--${kind}`, type: "button", "data-testid": "launcher" }, picture("bubble"), count, online);
    return { button, count, online };
  }

  /**
   * Makes both; `floating` belongs into the pop-ups' host.
   *
   * @param {{ toggle: () => void, escape: () => void, placed: () => void }} actions `placed` is called when the button in use changes
   */
  function makeLauncher({ toggle, escape, placed }) {
    const { host, root } = makeHost("deskside-rail");
    const [floating, inRail] = [makeButton("floating"), makeButton("rail")];
    const both = [floating, inRail];
    const born = performance.now();
    let isOpen = false;
    let waiting = { n: 0, availability: null };
    let looking = null;
    let lookedFrom = born;

    root.append(inRail.button);
    root.addEventListener("keydown", (event) => event.key === "Escape" && escape());
    // A press would move the focus here, and Gmail's shortcuts would be dead after closing; the keyboard may come.
    root.addEventListener("mousedown", (event) => event.preventDefault());
    for (const { button } of both) button.addEventListener("click", toggle);
    floating.button.hidden = true;

    // It tells at once when Gmail folds the rail away or draws it anew, and spares measuring.
    let width = 0;
    const seen = new ResizeObserver(([{ contentRect }]) => {
      width = contentRect.width;
      look();
    });
    seen.observe(host);

    const isInRail = () => host.isConnected && width > 0;

    /** Puts the icon into the rail, before everything else that stands there, and shows the floating button while that cannot be. */
    function place() {
      if (!isInRail()) {
        const rail = deskside.gmail.rail();
        if (rail !== null && !rail.contains(host)) rail.prepend(host);
      }
      const hidden = isInRail() || performance.now() - born < GRACE_MS;
      if (hidden === floating.button.hidden) return;
      floating.button.hidden = hidden;
      placed();
    }

    /** Looks for the rail often for a while; afterwards the page's own slow round does. */
    function look() {
      lookedFrom = performance.now();
      place();
      looking ??= setInterval(() => {
        place();
        if (isInRail() || performance.now() - lookedFrom > LOOK_FOR_MS) stop();
      }, LOOK_MS);
    }

    function stop() {
      clearInterval(looking);
      looking = null;
    }

    /** How many conversations wait, and whether the page's agent is Online. */
    function setWaiting(n, availability) {
      waiting = { n, availability };
      label();
    }

    /** Whether the panel is open; the launcher then closes it. */
    function setOpen(open) {
      isOpen = open;
      label();
    }

    function label() {
      const { n, availability } = waiting;
      const state = { online: ", Online", offline: ", Offline" }[availability] ?? "";
      const text = `${isOpen ? "Close" : "Open"} Deskside${n > 0 ? `, ${n} waiting` : ""}${state}`;
      for (const { button, count, online } of both) {
        button.setAttribute("aria-label", text);
        button.setAttribute("aria-expanded", String(isOpen));
        button.title = text;
        count.textContent = n > 99 ? "99+" : String(n);
        count.hidden = n === 0;
        online.hidden = availability !== "online";
      }
    }

    function remove() {
      stop();
      seen.disconnect();
      host.remove();
    }

    label();
    return { floating: floating.button, host, look, place, remove, setOpen, setWaiting };
  }

  deskside.makeLauncher = makeLauncher;
})();
