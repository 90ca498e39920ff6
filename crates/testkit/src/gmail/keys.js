// Gmail's single-key shortcuts: they act unless a text field has the focus, and record that they did.
window.__fired = [];
window.__keys = [];

const TEXT_FIELDS = "input, textarea, button, [contenteditable]";

function listenToKeys(act) {
  for (const kind of ["keydown", "keypress", "keyup"]) {
    window.addEventListener(kind, (event) => window.__keys.push({ kind, key: event.key, target: event.target.localName ?? "" }), true);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TEXT_FIELDS)) return;
    const action = act[event.key];
    if (!action) return;
    window.__fired.push(event.key);
    event.preventDefault();
    action();
  });
}
