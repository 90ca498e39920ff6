// Theme and density are one style sheet, which Gmail swaps as a whole when they are changed in its settings: no class tells them.
const THEMES = {
  light: {
    page: "#f6f8fc", card: "#fff", text: "#1f1f1f", quiet: "#5f6368", line: "#eceff1", read: "#f2f6fc", pill: "#d3e3fd", field: "#eaf1fb",
    compose: "#c2e7ff", head: "#f2f6fc", hover: "rgb(60 64 67 / .08)", shade: "rgb(60 64 67 / .3)",
  },
  dark: {
    page: "#1b1b1f", card: "#131314", text: "#e3e3e3", quiet: "#9aa0a6", line: "#2a2b2e", read: "#1b1c1f", pill: "#004a77", field: "#282a2c",
    compose: "#004a77", head: "#2d2e31", hover: "rgb(232 234 237 / .08)", shade: "rgb(0 0 0 / .6)",
  },
};
const DENSITIES = { comfortable: { row: "40px", item: "32px" }, compact: { row: "32px", item: "24px" } };

const look = { dark: setup.dark, rtl: setup.rtl, compact: setup.compact };

/** Changes theme, direction or density as a user would in Gmail's settings. */
standin.look = (changes) => {
  Object.assign(look, changes);
  const values = { ...THEMES[look.dark ? "dark" : "light"], ...DENSITIES[look.compact ? "compact" : "comfortable"] };
  const rules = Object.entries(values).map(([name, value]) => `--${name}: ${value};`);
  const fresh = h("style", { "data-look": "" }, `:root { ${rules.join(" ")} }`);
  const old = document.head.querySelector("style[data-look]");
  if (old) old.replaceWith(fresh);
  else document.head.append(fresh);
  document.body.dir = look.rtl ? "rtl" : "ltr";
};
