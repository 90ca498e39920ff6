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

// Files: those that are chosen and those on their way, by their ids. Nothing opens a file: it is saved, or drawn as a picture.
const MAX_FILES = 10;
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const files = new Map();
let words, limit, owner, upload;
const chosen = () => [...part("#chosen").children];
/** Pictures are asked for when they are nearly seen. */
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    load(target.parentNode.id).then((bytes) => (target.src = URL.createObjectURL(bytes)), () => {});
  }
});
async function load(id) {
  if (files.has(id)) return files.get(id);
  const answer = await fetch(`/v1/widget/attachments/${id}`, { headers: { Authorization: `Bearer ${owner}` } });
  if (!answer.ok) throw answer;
  return answer.blob();
}
function save(id, name) {
  load(id).then(
    (bytes) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(bytes);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), TIMEOUT_MS);
    },
    () => notice(`“${name}” ${words[6]}`),
  );
}
function notice(text) {
  acts.write("#notice", text);
  part("#notice").hidden = !text;
}
/** What its button does: 0 takes the file away, 1 saves it, 2 stops it. */
function offer(file, what) {
  const button = file.lastElementChild;
  button.dataset.action = ["remove", "download", "stop"][what];
  button.ariaLabel = `${words[what]} ${button.name}`;
  button.querySelector("path").setAttribute("d", what === 1 ? "M12 4v11M7 11l5 5 5-5M5 20h14" : "M6 6l12 12M18 6L6 18");
}
function addFile(list, { id, name, size, width, height }, what) {
  const file = copy("file");
  const [picture, title, amount, , button] = file.children;
  file.id = button.value = id;
  title.textContent = button.name = name;
  amount.textContent = sized(size);
  offer(file, what);
  list.append(file);
  // One that would be too large to draw is shown by its name.
  if (!(width * height < 4e7)) return;
  picture.hidden = false;
  watcher.observe(picture);
}
function sized(n) {
  const step = n < 1024 ? 0 : n < 1024000 ? 1 : 2;
  const unit = ["byte", "kilobyte", "megabyte"][step];
  return (n / 1024 ** step).toLocaleString(language, { style: "unit", unit, unitDisplay: step ? "short" : "long", maximumFractionDigits: step > 1 ? 1 : 0 });
}
const tooLarge = (name) => `“${name}” ${words[4]} ${sized(limit)}. `;
/** Nothing of them leaves before "Send". They are read at once: what becomes of the originals meanwhile does not matter, and a folder is none. */
async function choose(list) {
  if (limit < 0 || part("#row").disabled) return;
  let refusals = "";
  for (const file of list) {
    const { name, type, size } = file;
    let bytes;
    if (size > limit) refusals += tooLarge(name);
    else if (chosen().length === MAX_FILES) refusals = refusals.replace(words[5], "") + words[5];
    else if ((bytes = await file.arrayBuffer().catch(() => {}))) {
      const id = `att_0${Array.from(crypto.getRandomValues(new Uint8Array(25)), (n) => DIGITS[n % 32]).join("")}`;
      files.set(id, new File([bytes], name, { type }));
      addFile(part("#chosen"), { id, name, size }, 0);
    } else refusals += `“${name}” ${words[7]} `;
  }
  notice(refusals);
  tell("typed");
  acts.focus();
}
function bringing(id, share) {
  const file = part(`#${id}`);
  if (!file) return;
  const isOver = share === undefined;
  const bar = file.children[3];
  if (bar.hidden !== isOver) {
    bar.hidden = isOver;
    offer(file, isOver ? 1 : 2);
    acts.write("#uploading", isOver ? "" : `${words[3]} “${file.lastElementChild.name}”…`);
  }
  bar.value = share ?? 0;
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
  json: (name, at) => JSON.stringify(get(at, name)),
  ids: (list) => JSON.stringify(json(list).map(({ id }) => id)),
  takeFiles() {
    const taken = chosen().map(({ id }) => {
      const { name, size, type } = files.get(id);
      const side = /^image\/(png|jpeg|gif|webp)$/.test(type) ? 1 : undefined;
      return { id, name, size, width: side, height: side };
    });
    part("#chosen").textContent = "";
    notice("");
    return taken.length ? JSON.stringify(taken) : "";
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

  // Files
  filesBegin(text, _, n) {
    words = text.split("|");
    limit = n;
    part("#clip").hidden = n < 0;
  },
  fetchAs(token) {
    owner = token;
  },
  hasFiles: () => chosen().length,
  files(list) {
    for (const file of json(list) ?? []) addFile(part(".ds-message__files"), file, 1);
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

function send(path, token, body, id) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const begunAt = performance.now();
    // Whatever way it ends, it ends once.
    request.onloadend = () => {
      if (id) bringing(id);
      resolve({ status: request.status, body: json(request.responseText), later: json(request.getResponseHeader("Retry-After")) });
    };
    const begun = attempt(() => {
      request.open(body ? "POST" : "GET", path);
      request.timeout = TIMEOUT_MS;
      if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
      if (id) {
        upload = request;
        // What moves is waited for.
        request.upload.onprogress = ({ timeStamp, loaded, total }) => {
          request.timeout = timeStamp - begunAt + TIMEOUT_MS;
          bringing(id, loaded / total);
        };
        // Stopped by the visitor: no fate that is unknown, but a refusal.
        request.onabort = () => resolve({ status: 400, body: { error: { code: "stopped" } } });
        request.setRequestHeader("Deskside-File-Name", encodeURIComponent(body.name));
      }
      if (body) request.setRequestHeader("Content-Type", id ? body.type || "application/octet-stream" : "application/json");
      request.send(body || null);
      return true;
    });
    // A damaged token is no header.
    if (!begun) request.onloadend();
  });
}
/** Asks the relay. A message's files go before it, each by its own id and once for each identity. */
export async function ask(number, path, token, body) {
  const ids = json(body)?.attachments ?? [];
  const isWhole = ids.every((id) => files.has(id));
  for (const id of isWhole ? ids : []) {
    const file = files.get(id);
    if (file.owner === token) continue;
    const answer = await send(`/v1/widget/uploads?id=${id}`, token, file, id);
    if (answer.status !== 200) {
      const taken = answer.body?.error?.details?.limit_bytes;
      if (taken) {
        limit = taken;
        notice(tooLarge(file.name));
      }
      return tell("answered", { ...answer, number });
    }
    file.owner = token;
  }
  const answer = await send(path, token, body);
  // The page that had its files is gone, and did not get to sending them.
  if (answer.status === 400 && !isWhole) answer.body = { error: { code: "files_gone" } };
  if (answer.status === 200) for (const id of ids) files.delete(id);
  tell("answered", { ...answer, number });
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
  part("#clip").onclick = () => part("#picker").click();
  part("#picker").onchange = ({ target }) => {
    choose([...target.files]);
    // So that the same file can be chosen again.
    target.value = "";
  };
  // The frame would else leave the chat for a file that is dropped on it.
  document.ondragover = (event) => event.dataTransfer.types.includes("Files") && event.preventDefault();
  document.ondrop = document.onpaste = (event) => {
    const data = event.clipboardData ?? event.dataTransfer;
    // Cells and the like come with a picture of themselves.
    if (!data.files.length || data.getData("text")) return;
    event.preventDefault();
    choose([...data.files]);
  };
  listen(part("#chat"), "click", "chosen", ({ target }) => {
    const button = target.closest("[data-action]");
    const { action } = button?.dataset ?? {};
    if (action === "download") save(button.value, button.name);
    else if (action === "stop") upload.abort();
    else if (action === "remove") {
      button.parentNode.remove();
      tell("typed");
      acts.focus();
    } else return button && { action, id: button.closest("[data-message-id]").dataset.messageId };
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
