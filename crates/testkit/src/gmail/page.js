// The page itself.
function header() {
  const label = `Google Account: ${setup.name} \n(${setup.address})`;
  return h(
    "header",
    { class: "gb_Fa", role: "banner" },
    h("button", { type: "button", class: "plain burger", "aria-label": "Main menu" }, sign("☰")),
    h("span", { class: "logo" }, sign("", "logo-mark"), "Mail"),
    h("form", { class: "search", role: "search", onsubmit: (event) => event.preventDefault() }, h("input", { name: "q", placeholder: "Search mail", "aria-label": "Search mail" })),
    h("a", { class: "account", href: "https://myaccount.google.com/?utm_source=OGB", "aria-label": label }, setup.name.slice(0, 1)),
  );
}

function apps() {
  const item = (text, name, here) => h("a", { class: here ? "strip-item here" : "strip-item", href: "#inbox" }, sign(text, "strip-sign"), name);
  return h("div", { class: "aeN WR a6o anZ nH oy8Mbf", role: "navigation", "aria-label": "Apps" }, item("✉", "Mail", true), item("✎", "Chat", false), item("▶", "Meet", false));
}

function navigation() {
  const unread = MAILS.filter((mail) => mail.unread).length;
  const folders = FOLDERS.map(([key, name]) =>
    h("div", { class: "aim", "data-folder": key }, h("a", { class: "aio", href: `#${key}` }, name, key === "inbox" ? h("b", {}, String(unread)) : "")),
  );
  return h(
    "div",
    { class: "nn aeN WR nH oy8Mbf navigation", role: "navigation", "aria-label": "Folders" },
    h("button", { type: "button", class: "T-I compose-button", gh: "cm", onclick: () => standin.compose() }, sign("✎"), "Compose"),
    ...folders,
  );
}

/** Gmail writes the heights of its scrollers itself, whenever the window says that its size changed. */
function relayout() {
  const scroller = one("aeJ");
  if (!scroller) return;
  scroller.style.height = `${Math.max(0, innerHeight - scroller.getBoundingClientRect().top - 16)}px`;
  standin.nLayouts = (standin.nLayouts ?? 0) + 1;
}

function draw() {
  const main = h("div", { class: "nH", role: "main" });
  const scroller = h("div", { class: "Tm aeJ" }, h("div", { class: "aeF" }, main));
  const column = h("div", { class: "nn bkK" }, h("div", { class: "nH bkK" }, h("div", { class: "nH card" }, scroller)));
  const columns = h("div", { class: "no columns" }, apps(), navigation(), column);
  document.body.append(h("div", { class: "nH page" }, header(), columns));
  document.body.className = classes("aAU tf");
  drawRail();
  addEventListener("resize", relayout);
  addEventListener("hashchange", () => route(main));
  route(main);
  openNamedDraft();
  listenToKeys({
    c: standin.compose,
    e: removeSelected,
    "#": removeSelected,
    "/": () => document.querySelector("form input").focus(),
    j: () => select(1),
    k: () => select(-1),
    "?": () => {},
  });
}

if (setup.window === "print") drawPrint();
else {
  standin.look({});
  (setup.window === "main" ? draw : drawWindow)();
}
