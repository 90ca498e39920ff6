// Compose windows. The strip that holds them is made with the first one, as Gmail does.
function makeCompose() {
  let strip = null;

  function spacer(order) {
    return h("div", { class: "nn", style: `order: ${order};` });
  }

  function makeStrip() {
    const row = h("div", { class: "no" }, spacer(0), spacer(2147483647), h("div", { class: "aJl nn" }));
    strip = h("div", { class: "dw" }, h("div", { class: "nH" }, h("div", { class: "nH" }, row)), h("div", { class: "jAmAWb" }));
    document.body.append(strip);
    return row;
  }

  function open() {
    const row = strip?.querySelector("[data-row]") ?? makeStrip();
    row.dataset.row = "";
    const text = h("div", { class: "compose-text", contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": "Message body" });
    const mole = h(
      "div",
      { class: "nn nH compose", role: "dialog", "aria-label": "New Message" },
      h("div", { class: "compose-head" }, "New Message", h("button", { type: "button", class: "plain", "aria-label": "Save & close", onclick: () => mole.remove() }, "×")),
      h("input", { class: "compose-field", "aria-label": "To recipients", placeholder: "Recipients" }),
      h("input", { class: "compose-field", "aria-label": "Subject", placeholder: "Subject" }),
      text,
      h("div", { class: "compose-foot" }, h("button", { type: "button", class: "compose-send" }, "Send")),
    );
    row.append(mole);
    mole.querySelector("input").focus();
  }

  return open;
}
