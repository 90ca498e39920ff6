// The look of what stands in Gmail's page outside the frame: launcher, pop-ups, the frame's box. It lives in shadow roots, so
// Gmail's CSS and ours do not meet. Layers: workspace 1, launcher 2, pop-ups 502 (above compose, below Gmail's dialogs).
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});

  const CSS = `
:host {
  all: initial;
  display: contents;
  --ds-surface: #fff; --ds-text: #1f1f1f; --ds-quiet: #5f6368; --ds-line: #dadce0; --ds-hover: #f1f4f9;
  --ds-accent: #1a56db; --ds-on-accent: #fff; --ds-alert: #c5221f; --ds-on-alert: #fff; --ds-online: #188038; --ds-chosen: #d3e3fd;
  --ds-shadow: 0 1px 3px rgb(0 0 0 / .25), 0 6px 20px rgb(0 0 0 / .18);
  --ds-font: 14px/20px "Google Sans", Roboto, "Segoe UI", system-ui, sans-serif;
}
:host([data-theme="dark"]) {
  --ds-surface: #2b2c2f; --ds-text: #e8eaed; --ds-quiet: #bdc1c6; --ds-line: #5f6368; --ds-hover: #3a3b3f;
  --ds-accent: #a8c7fa; --ds-on-accent: #062e6f; --ds-alert: #f28b82; --ds-on-alert: #3c0a08; --ds-online: #81c995; --ds-chosen: #004a77;
  --ds-shadow: 0 1px 3px rgb(0 0 0 / .6), 0 6px 20px rgb(0 0 0 / .5);
}
*, *::before, *::after { box-sizing: border-box; }
button { all: unset; box-sizing: border-box; cursor: pointer; font: var(--ds-font); color: var(--ds-text); }
button:focus-visible { outline: 2px solid var(--ds-accent); outline-offset: 2px; }

.workspace {
  position: fixed; z-index: 1; overflow: hidden; background: var(--ds-surface); border: 1px solid var(--ds-line);
  border-radius: 16px 16px 0 0; box-shadow: var(--ds-shadow); transition: opacity .12s ease-out;
}
.workspace[data-open="false"] { visibility: hidden; opacity: 0; pointer-events: none; }
.workspace iframe { display: block; width: 100%; height: 100%; border: 0; }

.launcher { display: grid; place-items: center; border-radius: 50%; transition: transform .12s ease-out; }
.launcher[hidden] { display: none; }
.launcher svg { width: 24px; height: 24px; display: block; }
.launcher--floating { position: fixed; z-index: 2; width: 44px; height: 44px; background: var(--ds-accent); box-shadow: var(--ds-shadow); }
.launcher--floating:hover { transform: scale(1.06); }
.launcher--floating svg { fill: var(--ds-on-accent); }
.launcher--rail { position: relative; width: 36px; height: 36px; margin: 10px auto; }
.launcher--rail:hover { background: var(--ds-hover); }
.launcher--rail[aria-expanded="true"] { background: var(--ds-chosen); }
.launcher--rail svg { fill: var(--ds-accent); }
.launcher__count {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 20px; height: 20px; padding: 0 5px; border-radius: 10px;
  background: var(--ds-alert); color: var(--ds-on-alert); font: 600 12px/20px system-ui, sans-serif; text-align: center;
}
.launcher__online {
  position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 12px; height: 12px; border-radius: 50%;
  border: 2px solid var(--ds-surface); background: var(--ds-online);
}

.stack { position: fixed; z-index: 502; width: min(340px, calc(100vw - 98px)); display: grid; gap: 8px; }
.popup {
  position: relative; background: var(--ds-surface); border: 1px solid var(--ds-line); border-radius: 12px; box-shadow: var(--ds-shadow);
  animation: appear .16s ease-out;
}
.popup__open {
  display: grid; gap: 2px; width: 100%; padding: 12px 44px 12px 16px; border-radius: 12px; border-inline-start: 4px solid var(--ds-accent);
}
:host([dir="rtl"]) .popup__open { padding: 12px 16px 12px 44px; }
.popup__open:hover { background: var(--ds-hover); }
.popup__who { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.popup__channel { color: var(--ds-quiet); font-size: 12px; line-height: 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.popup__text { overflow: hidden; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.popup__close {
  position: absolute; inset-block-start: 8px; inset-inline-end: 8px; width: 28px; height: 28px; border-radius: 50%; display: grid; place-items: center;
}
.popup__close:hover { background: var(--ds-hover); }
.popup__close svg { width: 18px; height: 18px; fill: var(--ds-quiet); }
@keyframes appear { from { opacity: 0; transform: translateY(8px); } }
@media (prefers-reduced-motion: reduce) { .popup { animation: none; } .workspace, .launcher { transition: none; } .launcher--floating:hover { transform: none; } }
@media (forced-colors: active) { .launcher, .popup, .workspace { border: 1px solid CanvasText; } }
`;

  /** In the rail the host is one of Gmail's own row: it has to have a size, by which it is seen to be shown. */
  const IN_RAIL = ":host { display: block; inline-size: 100%; }";

  // Drawn on a 24-pixel grid: a speech bubble at the side of a desk, and a cross.
  const SHAPES = {
    bubble: "M6 3h12a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-6l-4.5 3.6a.6.6 0 0 1-1-.5V15H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zM2 20h20v2H2z",
    cross: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z",
  };

  /** An element with attributes and children; text stays text. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /** A picture of {@link SHAPES} that screen readers pass over. */
  function picture(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", SHAPES[name]);
    svg.append(path);
    return svg;
  }

  /** A host with an open shadow root, not yet in the page. No key event leaves it: Gmail would take letters for its shortcuts. */
  function makeHost(name) {
    const host = document.createElement(name);
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(name === "deskside-rail" ? CSS + IN_RAIL : CSS);
    root.adoptedStyleSheets = [sheet];
    for (const kind of ["keydown", "keypress", "keyup"]) {
      root.addEventListener(kind, (event) => event.stopPropagation());
    }
    return { host, root };
  }

  /** Whether nothing lies over an element of `host`; looked at near its corners and in its middle. */
  function isUncovered(element, host) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const points = [
      [(left + right) / 2, (top + bottom) / 2],
      [left + 8, top + 8],
      [right - 8, bottom - 8],
    ];
    const isOurs = ([x, y]) => document.elementFromPoint(x, y) === host && element.contains(host.shadowRoot.elementFromPoint(x, y));
    return points.every(isOurs);
  }

  /** Puts an element at the first of some places, counted from the window's lower end corner, where nothing covers it, else at the first. */
  function settle(element, host, places) {
    const put = ({ above, inward }) => Object.assign(element.style, { insetBlockEnd: `${above}px`, insetInlineEnd: `${inward}px` });
    for (const place of places) {
      put(place);
      if (isUncovered(element, host)) return;
    }
    put(places[0]);
  }

  deskside.dom = { make, makeHost, picture, settle };
})();
