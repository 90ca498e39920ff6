import init from "../pkg/hub.js";

await init({ module_or_path: new URL("../pkg/hub_bg.wasm", import.meta.url) });
// The service worker lets pages connect only now, when somebody listens.
await chrome.runtime.sendMessage({ to: "worker", kind: "hub_ready" });
