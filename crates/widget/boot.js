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

/** The files that were chosen here, by their ids. */
const files = new Map();
let upload;
/** Pictures are asked for when they are nearly seen. */
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    tell("seen", { id: target.parentNode.id });
  }
});
function addFile(list, id, name, size) {
  const file = copy("file");
  const button = file.querySelector("button");
  file.id = button.value = id;
  file.querySelector("bdi").textContent = button.dataset.name = name;
  file.querySelector("span").textContent = texts.size("", size);
  list.append(file);
  return button;
}

const storage = (lasting) => (lasting ? localStorage : sessionStorage);
const language = navigator.language || "en";
const localised = (at, options) => new Date(at).toLocaleString(language, options);

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
const HAPPENINGS = "timer wake opened frame closed answered stored submit scrolled chosen message close newest resize typed files seen".split(" ");
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
  size(_, n) {
    const step = n < 1024 ? 0 : n < 1024000 ? 1 : 2;
    const [unit, unitDisplay] = [["byte", "long"], ["kilobyte"], ["megabyte"]][step];
    return (n / 1024 ** step).toLocaleString(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: step > 1 ? 1 : 0 });
  },
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

  // Files. Nothing opens them: they are saved, or drawn as pictures.
  choose(id, label, at) {
    const file = values[at];
    files.set(id, file);
    const button = addFile(part("#chosen"), id, file.name, file.size);
    button.dataset.action = "remove";
    button.ariaLabel = label;
    button.querySelector("path").setAttribute("d", "M6 6l12 12M18 6L6 18");
  },
  keepChosen(ids) {
    for (const id of files.keys()) {
      if (ids.includes(id)) continue;
      part(`#chosen #${id}`).remove();
      files.delete(id);
    }
  },
  file(id, name, size) {
    addFile(part(".ds-message__files"), id, name, size);
  },
  expect(id) {
    const image = part(`#${id} img`);
    if (image.hidden) watcher.observe(image);
    image.hidden = false;
  },
  picture(id, _, at) {
    part(`#${id} img`).src = URL.createObjectURL(values[at]);
  },
  save(name, _, at) {
    const link = copy("link");
    link.href = URL.createObjectURL(values[at]);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), TIMEOUT_MS);
  },
  stop() {
    upload.onloadend = null;
    upload.abort();
    for (const bar of part("#chosen").querySelectorAll("progress")) bar.hidden = true;
  },
  lock(_, __, locked) {
    part("#input").readOnly = locked;
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

/** Asks the relay. The body may be the id of a chosen file. */
export function ask(number, path, token, body) {
  const request = new XMLHttpRequest();
  const file = files.get(body);
  const begunAt = performance.now();
  // Whatever way it ends, it ends once.
  request.onloadend = () => {
    const { status, response, responseType } = request;
    tell("answered", { number, status, body: responseType ? response : json(response), later: json(request.getResponseHeader("Retry-After")) });
  };
  // What moves is waited for.
  request.onprogress = request.upload.onprogress = ({ timeStamp, loaded, total }) => {
    request.timeout = timeStamp - begunAt + TIMEOUT_MS;
    const bar = file && part(`#${body} progress`);
    if (bar) [bar.hidden, bar.value] = [false, loaded / total];
  };
  const begun = attempt(() => {
    request.open(body ? "POST" : "GET", path);
    request.timeout = TIMEOUT_MS;
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    if (file) {
      upload = request;
      request.setRequestHeader("Deskside-File-Name", encodeURIComponent(file.name));
    }
    if (body) request.setRequestHeader("Content-Type", file ? file.type || "application/octet-stream" : "application/json");
    if (path.includes("/attachments/")) request.responseType = "blob";
    request.send(file || body || null);
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
  part("#clip").onclick = () => part("#picker").click();
  listen(part("#picker"), "change", "files", ({ target }) => {
    const chosen = [...target.files];
    // So that the same file can be chosen again.
    target.value = "";
    return { files: chosen };
  });
  // The frame would else leave the chat for a file that is dropped on it.
  document.ondragover = (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  };
  listen(document, "paste drop", "files", (event) => {
    const data = event.clipboardData ?? event.dataTransfer;
    // Cells and the like come with a picture of themselves.
    if (!data.files.length || data.getData("text")) return undefined;
    event.preventDefault();
    return { files: [...data.files] };
  });
  listen(part("#scroller"), "scroll", "scrolled");
  listen(part("#chat"), "click", "chosen", ({ target }) => {
    const { value, dataset } = target.closest("[data-action]") ?? {};
    return dataset && { ...dataset, id: value || target.closest("[data-message-id]")?.dataset.messageId || "" };
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
