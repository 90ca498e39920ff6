// The website's one script line (W1). Adds the host <deskside-chat> with a launcher; the first click fetches the chat's frame from the relay,
// nothing is fetched before. Where the channel and the visitor allow it, the pages of this visit are noted in the tab, and told once the
// chat has an identity to tell them of (W3, I1). Styles go through constructed style sheets, so the page needs no style-src for them.
(() => {
  "use strict";
  const settings = "__DESKSIDE_SETTINGS__";
  const HOST = "deskside-chat";
  const READY_WITHIN_MS = 15000;
  const TELL_EVERY_MS = 30000;
  if (typeof settings !== "object" || document.querySelector(HOST)) return;

  const NOTES = `${HOST}/${settings.key}`;
  const relay = new URL(settings.relay).origin;
  const hex = /^#[0-9a-f]{6}$/i.test(settings.color) ? settings.color : "#1a6dff";
  const side = settings.position === "left" ? "left" : "right";
  const title = settings.title || "Chat";
  const TEXT = {
    open: "Open chat",
    close: "Close chat",
    unread: "Open chat, new message",
    loading: "Loading…",
    failed: "The chat could not be loaded.",
    again: "Try again",
  };

  /** Dark or white, whichever reads better on the launcher's colour. The curve is nearly that of sRGB, which tells no more of the two. */
  const ink = (() => {
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.4 ? "#16181d" : "#fff";
  })();

  const CSS = `
:host{all:initial}
.root{all:initial;font:15px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color-scheme:light dark}
.root *{box-sizing:border-box}
.launcher{all:unset;box-sizing:border-box;position:fixed;bottom:max(20px,env(safe-area-inset-bottom));${side}:max(20px,env(safe-area-inset-${side}));z-index:2147483646;
 width:56px;height:56px;border-radius:50%;background:${hex};color:${ink};cursor:pointer;display:grid;place-items:center;
 box-shadow:0 1px 2px rgba(0,0,0,.18),0 6px 20px rgba(0,0,0,.2);transition:transform .16s ease,box-shadow .16s ease}
.launcher:hover{transform:translateY(-2px);box-shadow:0 2px 4px rgba(0,0,0,.18),0 10px 26px rgba(0,0,0,.26)}
.launcher:focus-visible,.again:focus-visible{outline:3px solid #16181d;outline-offset:2px;box-shadow:0 0 0 2px #fff}
.launcher svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;grid-area:1/1;transition:opacity .16s,transform .16s}
.launcher svg:last-of-type,.open svg:first-of-type{opacity:0;transform:scale(.6)}
.open svg:last-of-type{opacity:1;transform:none}
.dot{position:absolute;top:1px;right:1px;width:15px;height:15px;border-radius:50%;background:#d92d20;border:2px solid #fff}
.panel{position:fixed;bottom:calc(max(20px,env(safe-area-inset-bottom)) + 72px);${side}:max(20px,env(safe-area-inset-${side}));z-index:2147483647;
 width:min(384px,calc(100vw - 40px));height:min(640px,calc(100vh - 116px));border-radius:16px;overflow:hidden;background:#fff;color:#16181d;
 box-shadow:0 0 0 1px rgba(0,0,0,.06),0 12px 40px rgba(0,0,0,.22);animation:rise .18s ease-out}
.panel[hidden],.dot[hidden],.wait[hidden],.again[hidden]{display:none}
iframe{display:block;width:100%;height:100%;border:0;visibility:hidden}
.ready iframe{visibility:visible}
.wait{position:absolute;inset:0;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:14px;padding:24px;text-align:center}
.again{all:unset;cursor:pointer;padding:8px 16px;border-radius:8px;background:${hex};color:${ink}}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
@media (prefers-color-scheme:dark){.panel{background:#16181d;color:#e9ebef}}
@media (max-width:480px){
 .panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0;animation:none}
 .open.ready .launcher{display:none}
 .open:not(.ready) .launcher{z-index:2147483647}}
@media (prefers-reduced-motion:reduce){.launcher,.launcher svg,.panel{transition:none;animation:none}}
@media print{.root{display:none}}`;

  /** Asked anew each time: a visitor may say so in the middle of a visit. Nothing stays then of what was noted before. */
  function isUnwanted() {
    const { doNotTrack, globalPrivacyControl } = navigator;
    if (settings.visits && doNotTrack !== "1" && !globalPrivacyControl) return;
    try {
      delete sessionStorage[NOTES];
    } catch {}
    return true;
  }

  /** As JSON of whole characters: a lone half of one, which a page's title may have, would have the report refused. */
  const json = (value) => JSON.stringify(value, (_, part) => part?.toWellFormed?.() ?? part);

  /** What the tab knows of its visit; nothing where channel or visitor do not want that. The storage is the website's: anything may stand in it. */
  let visit = (() => {
    if (isUnwanted()) return;
    try {
      const kept = JSON.parse(sessionStorage[NOTES]);
      if (kept.pages[0].n) return kept;
    } catch {}
    return { id: crypto.getRandomValues(new Uint32Array(3)).join(""), ms: 0, pages: [] };
  })();
  let seenSince = 0;

  /** Notes which page is in sight, and for how long; says whether it is another one, or null where none is noted. Nobody looked while the machine slept. */
  function note() {
    if (isUnwanted() || !visit) return (visit = null);
    const { pages } = visit;
    const { origin, pathname, search } = location;
    const url = (origin + pathname + search).slice(0, 1000);
    const at = Date.now();
    let page = pages.at(-1);
    if (seenSince) {
      const ms = Math.min(at - seenSince, TELL_EVERY_MS + 1000);
      page.ms += ms;
      visit.ms += ms;
    }
    seenSince = document.hidden ? 0 : at;
    const isNew = page?.url !== url;
    if (isNew) {
      page = { n: (page?.n ?? 0) + 1, url, at, ms: 0 };
      // Of many, the first one stays.
      if (pages.push(page) > 100) pages.splice(1, 1);
    }
    page.title = [...document.title].slice(0, 200).join("");
    try {
      sessionStorage[NOTES] = JSON.stringify(visit);
    } catch {}
    return isNew;
  }

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function dress(shadow) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      const style = document.createElement("style");
      style.textContent = CSS;
      shadow.append(style);
    }
  }

  function mount() {
    if (document.querySelector(HOST)) return;
    const host = document.createElement(HOST);
    const shadow = host.attachShadow({ mode: "open" });
    dress(shadow);

    const dot = make("span", { class: "dot" });
    const launcher = make(
      "button",
      { type: "button", class: "launcher", "data-testid": "chat-launcher", "aria-expanded": "false", "aria-haspopup": "dialog" },
      icon("M20.5 11.5c0 4.1-3.8 7.5-8.5 7.5-1.2 0-2.4-.2-3.4-.6L4 20l1.2-3.9c-1.1-1.3-1.7-2.9-1.7-4.6C3.5 7.400 7.300 4 12 4s8.500 3.400 8.500 7.500z"),
      icon("M6 9.500l6 6 6-6"),
      dot,
    );
    const word = make("span", { role: "status" });
    const again = make("button", { type: "button", class: "again" }, TEXT.again);
    const wait = make("div", { class: "wait" }, word, again);
    const panel = make("div", { class: "panel", role: "dialog", "aria-label": title }, wait);
    const root = make("div", { class: "root" }, launcher, panel);
    dot.hidden = panel.hidden = true;
    shadow.append(root);

    let frame = null;
    let open = false;
    let ready = false;
    let timer = 0;

    let told = false;

    const tell = (ds, visit) => frame.contentWindow?.postMessage({ ds, shown: open, visit }, relay);

    /** Tells the frame of the newest pages, some of them again, since a report may have been lost. */
    function tellVisit(n = 10) {
      if (note() === null || !told) return;
      const seconds = (ms) => (ms / 1000) >>> 0;
      const { width, height } = screen;
      const pages = visit.pages.slice(-n).map(({ at, ms, ...page }) => ({ ...page, ago_seconds: seconds(Date.now() - at), seconds: seconds(ms) }));
      while (pages.length) {
        const report = { visit: visit.id, here: !document.hidden, seconds: seconds(visit.ms), language: navigator.language, screen: { width, height } };
        tell("visit", json({ ...report, pages: pages.splice(0, 25) }));
      }
    }

    function label() {
      launcher.setAttribute("aria-label", open ? TEXT.close : dot.hidden ? TEXT.open : TEXT.unread);
      launcher.setAttribute("aria-expanded", String(open));
    }

    function load() {
      ready = false;
      root.classList.remove("ready");
      word.textContent = TEXT.loading;
      again.hidden = true;
      wait.hidden = false;
      frame?.remove();
      frame = make("iframe", { title, "data-testid": "chat-frame", referrerpolicy: "origin" });
      frame.addEventListener("load", () => tell("hello"));
      frame.src = `${settings.relay.replace(/\/$/, "")}/widget/${encodeURIComponent(settings.key)}/frame`;
      panel.append(frame);
      clearTimeout(timer);
      timer = setTimeout(fail, READY_WITHIN_MS);
    }

    function fail() {
      if (ready) return;
      clearTimeout(timer);
      word.textContent = TEXT.failed;
      again.hidden = false;
    }

    function show(next) {
      if (open === next) return;
      open = next;
      panel.hidden = !open;
      root.classList.toggle("open", open);
      if (open) {
        dot.hidden = true;
        fit();
        if (ready) frame.focus();
        else load();
      }
      label();
      if (ready) tell("shown");
      if (!open) launcher.focus({ preventScroll: true });
    }

    /** Keeps the full-screen chat above a phone's keyboard. */
    function fit() {
      const view = window.visualViewport;
      if (!view || !open) return;
      const full = matchMedia("(max-width:480px)").matches && view.scale === 1;
      panel.style.height = full ? `${view.height}px` : "";
      panel.style.top = full ? `${view.offsetTop}px` : "";
    }

    launcher.addEventListener("click", () => show(!open));
    again.addEventListener("click", load);
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && open) show(false);
    });
    window.visualViewport?.addEventListener("resize", fit);
    window.visualViewport?.addEventListener("scroll", fit);
    addEventListener("message", (event) => {
      if (event.origin !== relay || !frame || event.source !== frame.contentWindow) return;
      const said = event.data?.ds;
      if (said === "ready") {
        tell("hello");
      } else if (said === "started") {
        ready = true;
        clearTimeout(timer);
        wait.hidden = true;
        root.classList.add("ready");
        if (open) frame.focus();
        tell("shown");
      } else if (said === "close") {
        show(false);
      } else if (said === "visit" && visit) {
        // From now on also the next pages are told of.
        told = visit.told = true;
        tellVisit(100);
      } else if (said === "unread") {
        dot.hidden = open || !(event.data.n > 0);
        label();
      }
    });
    document.addEventListener("securitypolicyviolation", (event) => {
      if (!frame || !event.blockedURI.startsWith(relay) || event.disposition !== "enforce") return;
      console.warn(`Deskside: this page's Content-Security-Policy blocks the chat; allow ${relay} in ${event.effectiveDirective}.`);
      fail();
    });

    label();
    document.body.append(host);
    if (!visit) return;
    note();
    // A page that is another one without a load says its title a moment later.
    const turned = () => setTimeout(() => note() && tellVisit(), 500);
    window.navigation?.addEventListener("currententrychange", turned);
    addEventListener("popstate", turned);
    document.addEventListener("visibilitychange", () => tellVisit());
    setInterval(() => document.hidden || tellVisit(), TELL_EVERY_MS);
    // This tab's visitor wrote already, so the chat goes on behind its button: unread answers show, and the visit is followed.
    if (visit?.told) load();
  }

  if (document.body) mount();
  else addEventListener("DOMContentLoaded", mount, { once: true });
})();
