import { start } from "./start.js";
import init from "../pkg/options.js";

await start(init, new URL("../pkg/options_bg.wasm", import.meta.url));
