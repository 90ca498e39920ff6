// Compose windows. The strip that holds them is made with the first one, as Gmail does, and lies below the extension's panel until
// somebody raises it.
let composeRow = null;

function makeStrip() {
  const spacer = (order) => h("div", { class: "nn", style: `order: ${order};` });
  composeRow = h("div", { class: "no" }, spacer(0), spacer(2147483647), h("div", { class: "aJl nn" }));
  const moles = h("div", { class: "nH moles" }, h("div", { class: "nH" }, composeRow));
  document.body.append(h("div", { class: "dw" }, h("div", { class: "jAmAWb" }), h("div", { class: "nH strip-middle" }, moles), h("div", { class: "jAmAWb" })));
  keepComposeClear();
}

/** A compose window, docked at the bottom or over the whole page. */
function makeMole() {
  const button = (name, text, onclick) => h("button", { type: "button", class: "plain head-button", "aria-label": name, onclick }, sign(text));
  const mole = h(
    "div",
    { class: "nn nH compose", role: "dialog", "aria-label": "New Message" },
    h(
      "div",
      { class: "compose-head" },
      "New Message",
      h("span", { class: "head-buttons" }, button("Full screen", "⤢", () => (one("aSs") ? standin.dock(mole) : standin.fillScreen(mole))), button("Save & close", "×", () => closeMole(mole))),
    ),
    h("input", { class: "compose-field", "aria-label": "To recipients", placeholder: "Recipients" }),
    h("input", { class: "compose-field", "aria-label": "Subject", placeholder: "Subject" }),
    h("div", { class: "compose-text", contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": "Message body" }),
    h("div", { class: "compose-foot" }, h("button", { type: "button", class: "compose-send" }, "Send")),
  );
  return mole;
}

function closeMole(mole) {
  mole.remove();
  one("aSs")?.remove();
}

/** Opens a compose window. */
standin.compose = () => {
  if (composeRow === null) makeStrip();
  const mole = makeMole();
  composeRow.append(mole);
  mole.querySelector("input").focus();
  return mole;
};

/** Moves a compose window out of the strip, over the whole page. */
standin.fillScreen = (mole = standin.compose()) => {
  document.body.append(h("div", { class: "aSs" }, h("div", { class: "aSt" }, mole)));
  mole.querySelector("input").focus();
};

/** Moves it back into the strip. */
standin.dock = (mole) => {
  composeRow.append(mole);
  one("aSs").remove();
};

/** Gmail opens a draft that the address names by itself, some time after the page. */
const COMPOSE_LATE_MS = 2_000;
function openNamedDraft() {
  if (/[?&]compose=/.test(location.hash)) setTimeout(standin.compose, COMPOSE_LATE_MS);
}
