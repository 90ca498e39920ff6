import { start } from "./start.js";
import init from "../pkg/panel.js";

await start(init, new URL("../pkg/panel_bg.wasm", import.meta.url));
