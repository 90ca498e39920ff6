// A Gmail of our own: the anchors that the extension looks for, views that change with the hash and are shown and hidden
// rather than rebuilt, lazily made compose windows, shortcuts. No markup is parsed from text, so Trusted Types may be required.
const setup = JSON.parse(document.getElementById("setup").textContent);

/** A class list as the page shows it: with `renamed` none of Gmail's names is left. */
const classes = (names) => (setup.renamed ? names.split(" ").map((name) => `zz-${name}`).join(" ") : names);

/** An element with attributes, listeners (`onclick`) and children. */
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = classes(value);
    else if (key === "gh" && setup.renamed) element.dataset.zz = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const views = new Map();
let selected = 0;

function row(mail, n) {
  const element = h(
    "div",
    { class: mail.unread ? "zA zE" : "zA yO", role: "row", onclick: () => (location.hash = `#inbox/${mail.id}`) },
    h("span", { class: "star", "aria-hidden": "true" }, "☆"),
    h("span", { class: "yW" }, mail.from),
    h("span", { class: "xT" }, h("span", { class: "bog" }, mail.subject), h("span", { class: "y2" }, ` – ${mail.text}`)),
    h("span", { class: "xW" }, mail.at),
  );
  element.dataset.n = n;
  return element;
}

function toolbar(...labels) {
  return h("div", { class: "G-atb", gh: "tm" }, ...labels.map((label) => h("button", { type: "button", class: "plain tool", "aria-label": label[0] }, label[1])));
}

function listView(folder) {
  const mails = folder === "inbox" ? MAILS : MAILS.filter((_, n) => n % FOLDERS.length === FOLDERS.findIndex(([key]) => key === folder));
  return h(
    "div",
    { class: "nH" },
    toolbar(["Select", "☐"], ["Refresh", "↻"], ["More", "⋮"]),
    h("div", { class: "Cp", gh: "tl", role: "grid", "aria-label": folder }, ...mails.map(row)),
  );
}

function threadView(mail) {
  return h(
    "div",
    { class: "nH" },
    toolbar(["Back", "←"], ["Archive", "▣"], ["Delete", "🗑"], ["More", "⋮"]),
    h("h2", { class: "hP" }, mail.subject),
    h(
      "div",
      { class: "adn ads", "data-message-id": `#msg-f:${mail.id}` },
      h("div", { class: "gD" }, mail.from, h("span", { class: "xW" }, mail.at)),
      h("div", { class: "a3s" }, mail.text),
    ),
  );
}

function route(main) {
  const [, path = "inbox"] = /^#([^?]*)/.exec(location.hash || "#inbox") ?? [];
  const [folder, id] = path.split("/");
  const mail = MAILS.find((one) => one.id === id);
  const key = mail ? path : FOLDERS.some(([name]) => name === folder) ? folder : "inbox";
  if (!views.has(key)) {
    const view = mail ? threadView(mail) : listView(key);
    views.set(key, view);
    main.append(view);
  }
  for (const [name, view] of views) view.style.display = name === key ? "" : "none";
  for (const item of document.querySelectorAll("[data-folder]")) item.toggleAttribute("data-here", item.dataset.folder === folder);
  const name = mail?.subject ?? FOLDERS.find(([one]) => one === key)?.[1] ?? "Inbox";
  const unread = key === "inbox" ? ` (${MAILS.filter((one) => one.unread).length})` : "";
  document.title = `${name}${unread} - ${setup.address} - Mail`;
}

function header() {
  const label = `Google Account: ${setup.name} \n(${setup.address})`;
  return h(
    "header",
    { class: "gb_Fa", role: "banner" },
    h("button", { type: "button", class: "plain burger", "aria-label": "Main menu" }, "☰"),
    h("span", { class: "logo" }, h("span", { class: "logo-mark", "aria-hidden": "true" }), "Mail"),
    h("form", { class: "search", role: "search", onsubmit: (event) => event.preventDefault() }, h("input", { name: "q", placeholder: "Search mail", "aria-label": "Search mail" })),
    h("a", { class: "account", href: "https://myaccount.google.com/?utm_source=OGB", "aria-label": label }, setup.name.slice(0, 1)),
  );
}

function strip() {
  const item = (sign, name, here) => h("a", { class: here ? "strip-item here" : "strip-item", href: "#inbox" }, h("span", { class: "strip-sign", "aria-hidden": "true" }, sign), name);
  return h("div", { class: "aeN WR a6o anZ nH oy8Mbf", role: "navigation", "aria-label": "Apps" }, item("✉", "Mail", true), item("✎", "Chat", false), item("▶", "Meet", false));
}

function navigation(compose) {
  const unread = MAILS.filter((mail) => mail.unread).length;
  const folders = FOLDERS.map(([key, name]) =>
    h("div", { class: "aim", "data-folder": key }, h("a", { class: "aio", href: `#${key}` }, name, key === "inbox" ? h("b", {}, String(unread)) : "")),
  );
  return h(
    "div",
    { class: "nn aeN WR nH oy8Mbf navigation", role: "navigation", "aria-label": "Folders" },
    h("button", { type: "button", class: "T-I compose-button", gh: "cm", onclick: compose }, h("span", { "aria-hidden": "true" }, "✎"), "Compose"),
    ...folders,
  );
}

function rail() {
  const icon = (sign, name) => h("div", { class: "aT5-aOt-I", role: "tab", tabindex: "0", "aria-label": name }, sign);
  const tabs = h("div", { role: "tablist", class: "tabs", "aria-orientation": "vertical" }, icon("31", "Calendar"), icon("✔", "Tasks"), icon("☺", "Contacts"));
  return h("div", { class: "nn aUx" }, h("div", { class: "WN9Ejb" }, h("div", { class: "brC-brG" })), h("div", { class: "brC-aT5-aOt-Jw", role: "complementary", "aria-label": "Side panel" }, tabs));
}

function select(step) {
  const rows = [...document.querySelectorAll("[data-n]")].filter((one) => one.offsetParent);
  selected = Math.max(0, Math.min(rows.length - 1, selected + step));
  rows.forEach((one, n) => one.toggleAttribute("data-selected", n === selected));
}

function removeSelected() {
  const rows = [...document.querySelectorAll("[data-n]")].filter((one) => one.offsetParent);
  rows[selected]?.remove();
}

function draw() {
  const compose = makeCompose();
  const main = h("div", { class: "nH", role: "main" });
  const scroller = h("div", { class: "Tm aeJ" }, h("div", { class: "aeF" }, main));
  const column = h("div", { class: "nn bkK" }, h("div", { class: "nH bkK" }, h("div", { class: "nH card" }, scroller)));
  const columns = h("div", { class: "no columns" }, strip(), navigation(compose), column, rail());
  document.body.append(h("div", { class: "nH page" }, header(), columns));
  setLook(setup);
  addEventListener("hashchange", () => route(main));
  route(main);
  listenToKeys({
    c: compose,
    e: removeSelected,
    "#": removeSelected,
    "/": () => document.querySelector("form input").focus(),
    j: () => select(1),
    k: () => select(-1),
    "?": () => {},
  });
}

/** Changes theme and direction as a user would in Gmail's settings. */
function setLook({ dark, rtl }) {
  document.documentElement.toggleAttribute("data-dark", dark);
  document.body.dir = rtl ? "rtl" : "ltr";
  document.body.className = classes("aAU tf");
}

draw();
