// Lists and conversations. A view is made once, and then shown and hidden by its `display`.
const views = new Map();
let selected = 0;

function row(mail, n) {
  const element = h(
    "div",
    { class: mail.unread ? "zA zE" : "zA yO", role: "row", onclick: () => (location.hash = `#inbox/${mail.id}`) },
    sign("☐", "box"),
    sign("☆", "star"),
    h("span", { class: "yW" }, mail.from),
    h("span", { class: "xT" }, h("span", { class: "bog" }, mail.subject), h("span", { class: "y2" }, ` – ${mail.text}`)),
    h("span", { class: "xW" }, mail.at),
  );
  element.dataset.n = n;
  return element;
}

function toolbar(...labels) {
  return h("div", { class: "G-atb", gh: "tm" }, ...labels.map(([name, text]) => h("button", { type: "button", class: "plain tool", "aria-label": name }, sign(text))));
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
      h("div", { class: "gD" }, sign(mail.from.slice(0, 1), "face"), mail.from, h("span", { class: "xW" }, mail.at)),
      h("div", { class: "a3s" }, mail.text),
    ),
  );
}

function route(main) {
  const [, path = "inbox"] = /^#([^?]*)/.exec(location.hash || "#inbox") ?? [];
  const [folder, id] = path.split("/");
  const mail = MAILS.find((each) => each.id === id);
  const key = mail ? path : FOLDERS.some(([name]) => name === folder) ? folder : "inbox";
  if (!views.has(key)) {
    const view = mail ? threadView(mail) : listView(key);
    views.set(key, view);
    main.append(view);
  }
  for (const [name, view] of views) view.style.display = name === key ? "" : "none";
  for (const item of document.querySelectorAll("[data-folder]")) item.toggleAttribute("data-here", item.dataset.folder === folder);
  const name = mail?.subject ?? FOLDERS.find(([each]) => each === key)?.[1] ?? "Inbox";
  const unread = key === "inbox" ? ` (${MAILS.filter((each) => each.unread).length})` : "";
  document.title = `${name}${unread} - ${setup.address} - Mail`;
}

const rows = () => [...document.querySelectorAll("[data-n]")].filter((each) => each.offsetParent);

function select(step) {
  const shown = rows();
  selected = Math.max(0, Math.min(shown.length - 1, selected + step));
  shown.forEach((each, n) => each.toggleAttribute("data-selected", n === selected));
}

const removeSelected = () => rows()[selected]?.remove();
