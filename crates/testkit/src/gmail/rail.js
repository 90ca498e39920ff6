// The side rail: icons at the window's end, and between them and the mail the panel of the one that is open. The wrapper of the icons
// stays in the document when the rail is collapsed, and is not displayed.
const RAIL_NAMES = { de: "Seitenleiste", he: "חלונית צד" };
const RAIL_LATE_MS = 2_500;
const COMPANION_PX = 320;
const COMPANION_GAP_PX = 16;
const RAIL_INSET_PX = 66;
const APPS = [
  ["31", "calendar", "Calendar"],
  ["✦", "keep", "Keep"],
  ["✓", "tasks", "Tasks"],
  ["●", "contacts", "Contacts"],
];

function makeRail() {
  const icon = (text, kind, name) =>
    h("div", { class: "bse-bvF-I aT5-aOt-I", role: "tab", tabindex: "0", "aria-label": name, "aria-selected": "false", onclick: (event) => toggle(event.currentTarget) }, sign(text, `app ${kind}`));
  const line = h("div", { class: "brC-aT5-aOt-axR", role: "separator" });
  const list = h("div", { class: "brC-bsf-aT5-aOt", role: "tablist", "aria-orientation": "vertical" }, ...APPS.map((app) => icon(...app)), line, icon("+", "add", "Get Add-ons"));
  const icons = h("div", { class: "brC-aT5-aOt-Jw", role: "complementary", "aria-label": RAIL_NAMES[setup.language] ?? "Side panel" }, h("div", { class: "brC-aT5-aOt-bsf-Jw" }, list));
  const wrapper = h("div", { class: "bAw bcf it" }, icons);
  const arrow = h("button", { type: "button", class: "plain rail-arrow", "aria-label": "Hide side panel", onclick: () => standin.rail(wrapper.style.display === "none" ? "shown" : "collapsed") }, sign("›"));
  const content = h("div", { class: "brC-brG", style: "display: none" }, h("div", { class: "companion-head" }, "CALENDAR", h("b", {}, "Today")));
  for (let hour = 9; hour < 19; hour += 1) content.append(h("div", { class: "hour" }, `${hour}:00`));
  return h("div", { class: "nn aUx" }, h("div", { class: "WN9Ejb br3" }, content), wrapper, arrow);
}

const rail = () => one("aUx");

function toggle(icon) {
  standin.companion(icon.getAttribute("aria-selected") !== "true", icon);
}

/** Opens or closes the panel of an icon, 320 px beside the rail's 56. Compose windows keep clear of it. */
standin.companion = (opens, icon = rail().querySelector("[role=tab]")) => {
  const content = one("brC-brG", rail());
  content.style.display = opens ? "" : "none";
  content.style.width = `${COMPANION_PX - COMPANION_GAP_PX}px`;
  for (const tab of rail().querySelectorAll("[role=tab]")) {
    const active = opens && tab === icon;
    tab.setAttribute("aria-selected", String(active));
    tab.className = classes(active ? "bse-bvF-I aT5-aOt-I aT5-aOt-I-KO" : "bse-bvF-I aT5-aOt-I");
  }
  keepComposeClear();
  relayout();
};

/** Keeps the compose windows' strip clear of what stands at the window's end. */
function keepComposeClear() {
  const spacer = [...document.querySelectorAll(`.${classes("jAmAWb")}`)].at(-1);
  const content = one("brC-brG");
  const width = content && content.style.display !== "none" ? COMPANION_PX : 0;
  if (spacer) spacer.style.width = `${width + RAIL_INSET_PX}px`;
}

/** Makes the rail `"shown"`, `"collapsed"` or `"absent"`; one that comes back is made anew. */
standin.rail = (state) => {
  if (state === "absent") rail()?.remove();
  else {
    if (!rail()) one("columns").append(makeRail());
    const collapsed = state === "collapsed";
    if (collapsed) standin.companion(false);
    one("bAw", rail()).style.display = collapsed ? "none" : "";
    rail().toggleAttribute("data-collapsed", collapsed);
    one("rail-arrow", rail()).setAttribute("aria-label", collapsed ? "Show side panel" : "Hide side panel");
  }
  relayout();
};

function drawRail() {
  if (setup.rail === "late") setTimeout(standin.rail, RAIL_LATE_MS, "shown");
  else standin.rail(setup.rail);
}
