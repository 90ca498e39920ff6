/**
 * Starts a page's wasm; if that fails the page says so instead of staying blank.
 *
 * @param {(wasm: { module_or_path: URL }) => Promise<unknown>} init what `wasm-bindgen` made
 * @param {URL} wasm where the module lies
 */
export async function start(init, wasm) {
  try {
    await init({ module_or_path: wasm });
  } catch (error) {
    console.error("Deskside did not start", error);
    const notice = document.createElement("p");
    notice.setAttribute("role", "alert");
    notice.textContent = "Deskside could not start. Reload this page; if that does not help, reload the extension at chrome://extensions.";
    document.body.replaceChildren(notice);
  }
}
