// A Gmail of our own: the anchors that the extension looks for, views that change with the hash and are shown and hidden rather than
// rebuilt, a side rail, compose windows made lazily, shortcuts. No markup is parsed from text, so Trusted Types may be required.
// What a test changes while the page stands is `window.standin`.
const setup = JSON.parse(document.getElementById("setup").textContent);
const standin = (window.standin = {});

/** A class list as the page shows it: with `renamed` none of Gmail's names is left. */
const classes = (names) => (setup.renamed ? names.split(" ").map((name) => `zz-${name}`).join(" ") : names);

/** Selects by one of Gmail's class names, whatever it is called here. */
const one = (name, within = document) => within.querySelector(`.${classes(name)}`);

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

/** A sign in place of Gmail's pictures, which lie elsewhere. */
const sign = (text, kind = "sign") => h("span", { class: kind, "aria-hidden": "true" }, text);
