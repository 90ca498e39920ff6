// Starts the chat in its frame, and does in the page what the Rust client (src/web) decides. Data becomes text nodes and attributes, never
// markup. A part is named "#id" in the page, ".class" in the row that acts.row() chose last, "" for that row itself. What is exported here never
// calls the client back before it returns, and never throws.
import * as widget from "./widget.js";

/** A request whose answer takes longer is made again. */
const TIMEOUT_MS = 20000;

let current, next, socket, timer;
let rows = new Map();
let known = rows;

const part = (name) => (name ? (name[0] === "#" ? document : current).querySelector(name) : current);
const copy = (id) => part(`#${id}`).content.firstElementChild.cloneNode(true);

const storage = (lasting) => (lasting ? localStorage : sessionStorage);
const localised = (at, options) => new Date(at).toLocaleString(navigator.language || "en", options);

/** What may throw, because the browser or a person forbids it; then it gives nothing. */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

// Values that came from outside: the client looks into them by their places, until the next thing happens; place 0 is that of nothing.
let values = [null];
const put = (value) => (value == null ? 0 : values.push(value) - 1);
const json = (text) => attempt(() => JSON.parse(text));
const get = (at, name) => (name ? values[at]?.[name] : values[at]);
export const parse = (text) => put(json(text));
export const field = (at, name) => put(get(at, name));
export function textIn(at, name) {
  const value = get(at, name);
  return typeof value === "string" ? value : undefined;
}
export function numberIn(at, name, kind) {
  const value = get(at, name);
  return typeof value === kind ? Number(value) : NaN;
}

/** What can happen, in the order of src/web/chat.rs. */
const HAPPENINGS = "timer wake opened frame closed answered stored submit scrolled chosen message close newest resize typed".split(" ");
/** Tells the client what happened. */
function tell(what, value = {}) {
  values = [null, value];
  widget.heard(HAPPENINGS.indexOf(what));
}

/** What text() can give. */
const texts = {
  words: (name) => part(name).textContent,
  input: () => part("#input").value,
  encode: encodeURIComponent,
  stored: (key, lasting) => storage(lasting).getItem(key),
  key: (_, at) => localStorage.key(at),
  referrer: () => new URL(document.referrer).origin,
  moment: (_, at) => localised(at, { dateStyle: "medium", timeStyle: "short" }),
};
export const text = (name, a, n) => attempt(() => texts[name](a, n));

/** What act() can do; it gives a number, a truth value, or nothing. */
const acts = {
  random: () => attempt(() => crypto.getRandomValues(new Uint32Array(1))[0]) ?? Math.random() * 2 ** 32,

  // Parts. A text written again would be said again by screen readers.
  write(name, text) {
    const element = part(name);
    if (element.textContent !== text) element.textContent = text;
  },
  show(name, _, shown) {
    part(name).hidden = !shown;
  },
  enable(name, _, enabled) {
    part(name).disabled = !enabled;
  },
  paint(surface, ink) {
    const { style } = document.documentElement;
    style.setProperty("--ds-accent", surface);
    style.setProperty("--ds-on-accent", ink);
  },
  add(name, text, isLink) {
    const piece = isLink ? copy("link") : document.createTextNode(text);
    if (isLink) piece.href = piece.textContent = text;
    part(name).append(piece);
  },
  attach(id, _, wanted) {
    const present = part(`.ds-${id}`);
    if (!wanted) present?.remove();
    else if (!present) current.append(copy(id));
    return wanted && !present;
  },

  // Rows. What stays keeps its element, and with it focus and selection.
  begin() {
    known = rows;
    rows = new Map();
    next = part("#log").firstElementChild;
  },
  row(key, id) {
    const found = known.get(key);
    current = found ?? copy(id);
    known.delete(key);
    rows.set(key, current);
    if (next === current) next = current.nextElementSibling;
    else part("#log").insertBefore(current, next);
    return !found;
  },
  end() {
    for (const gone of known.values()) gone.remove();
  },

  // Input and list
  input(text) {
    part("#input").value = text;
  },
  fit() {
    const { style } = part("#input");
    style.height = "auto";
    const height = part("#input").scrollHeight;
    if (height > 0) style.height = `${height}px`;
  },
  measure: (name) => part("#scroller")[name],
  scroll(_, __, top) {
    part("#scroller").scrollTop = top;
  },
  focus: () => part(matchMedia("(pointer: coarse)").matches || part("#row").disabled ? "#close" : "#input").focus(),

  // Time
  now: () => Date.now(),
  dayOf: (_, __, at) => Math.floor((at - new Date(at).getTimezoneOffset() * 60000) / 86400000),
  writeDay(_, __, at) {
    const sameYear = new Date(at).getFullYear() === new Date().getFullYear();
    part("").textContent = localised(at, { day: "numeric", month: "long", [sameYear ? "weekday" : "year"]: sameYear ? "long" : "numeric" });
  },
  writeTime(name, _, at) {
    const element = part(name);
    if (element.dataset.at === `${at}`) return;
    element.dataset.at = at;
    element.textContent = localised(at, { hour: "2-digit", minute: "2-digit" });
    element.title = localised(at, { dateStyle: "long", timeStyle: "short" });
  },
  wait(_, __, ms) {
    clearTimeout(timer);
    if (ms >= 0) timer = setTimeout(() => tell("timer"), ms);
  },

  // The stream. Without a socket the session's time limit for connecting passes, and it tries again.
  connect() {
    acts.disconnect();
    socket = attempt(() => new WebSocket(`${location.origin.replace("http", "ws")}/v1/stream`));
    if (!socket) return;
    socket.onopen = () => tell("opened");
    socket.onmessage = (event) => tell("frame", json(event.data));
    // An error is always followed by a close.
    socket.onclose = () => tell("closed");
  },
  disconnect() {
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
  },
  // A frame that cannot be sent is of a socket whose close is about to be reported.
  say(frame) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
  },

  // Storage, as far as the browser lets us
  store: (key, text, lasting) => attempt(() => (storage(lasting).setItem(key, text), true)),
  remove: (key, _, lasting) => attempt(() => (storage(lasting).removeItem(key), true)),

  // The page that embeds the chat. Every message goes to one exact origin; what is no origin is told nothing.
  tell: (origin, ds, n) => attempt(() => parent.postMessage({ ds, n }, origin)),
  isAlone: () => parent === window,
  isOnline: () => navigator.onLine,
  listen: listenToWorld,
};
export const act = (name, a, b, n) => Number(acts[name](a, b, n) ?? 0);

export function attribute(name, key, value) {
  const element = part(name);
  if (element.getAttribute(key) !== value) element.setAttribute(key, value);
}

/** Asks the relay. */
export function ask(number, path, token, body) {
  const request = new XMLHttpRequest();
  // Whatever way it ends, it ends once.
  request.onloadend = () => {
    const [answer, later] = [request.responseText, request.getResponseHeader("Retry-After")].map(json);
    tell("answered", { number, status: request.status, body: answer, later });
  };
  const begun = attempt(() => {
    request.open(body ? "POST" : "GET", path);
    request.timeout = TIMEOUT_MS;
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    if (body) request.setRequestHeader("Content-Type", "application/json");
    request.send(body || null);
    return true;
  });
  // A damaged token is no header.
  if (!begun) setTimeout(request.onloadend);
}

// What the page and the visitor do
function listen(target, names, what, about) {
  for (const name of names.split(" ")) {
    target.addEventListener(name, (event) => {
      const value = about ? about(event) : {};
      if (value) tell(what, value);
    });
  }
}
/** What concerns the conversation is listened to only after the page was found to be on the list. */
function listenToWorld() {
  listen(window, "online pageshow", "wake");
  listen(document, "visibilitychange", "wake", () => document.visibilityState === "visible" && {});
  listen(window, "offline", "timer");
  listen(window, "resize", "resize");
  listen(window, "storage", "stored", ({ key, newValue }) => ({ key, value: newValue }));
}
function listenToChat() {
  listen(window, "message", "message", ({ source, origin, data }) => source === parent && { origin, data });
  listen(document, "keydown", "close", ({ key }) => key === "Escape" && {});
  listen(part("#close"), "click", "close");
  listen(part("#composer"), "submit", "submit", (event) => {
    event.preventDefault();
    return {};
  });
  listen(part("#input"), "keydown", "submit", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return undefined;
    event.preventDefault();
    return {};
  });
  listen(part("#input"), "input", "typed");
  listen(part("#newest"), "click", "newest");
  listen(part("#scroller"), "scroll", "scrolled");
  listen(part("#scroller"), "click", "chosen", ({ target }) => {
    const button = target.closest("[data-action]");
    return button && { action: button.dataset.action, id: button.closest("[data-message-id]").dataset.messageId };
  });
}

WebAssembly.instantiateStreaming(fetch(new URL("./widget_bg.wasm", import.meta.url)), { "./widget_bg.js": widget })
  .then(({ instance }) => {
    widget.__wbg_set_wasm(instance.exports);
    if (!widget.start()) throw new Error("the page has no settings");
    listenToChat();
  })
  .catch((error) => {
    console.error(error);
    document.getElementById("fault").hidden = false;
  });
