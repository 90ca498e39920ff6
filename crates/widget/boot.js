// Starts the chat in its frame. A page of its own policy: no inline script.
import init from "./widget.js";

init({ module_or_path: new URL("./widget_bg.wasm", import.meta.url) }).catch((error) => {
  console.error(error);
  document.getElementById("fault").hidden = false;
});
