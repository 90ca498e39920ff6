//! The bare interface, as the browser has it.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    pub(crate) type Runtime;
    #[wasm_bindgen(thread_local_v2, js_namespace = chrome, js_name = runtime)]
    pub(crate) static RUNTIME: Runtime;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Runtime) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = onConnect)]
    pub(crate) fn on_connect(this: &Runtime) -> Event;
    #[wasm_bindgen(method, getter, js_name = onMessage)]
    pub(crate) fn on_message(this: &Runtime) -> Event;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = connect)]
    pub(crate) fn connect(info: &JsValue) -> Result<Port, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    pub(crate) fn send_message(message: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub(crate) fn get_url(path: &str) -> Result<String, JsValue>;

    pub(crate) type Event;
    #[wasm_bindgen(method, js_name = addListener)]
    pub(crate) fn add_listener(this: &Event, listener: &Function);
    #[wasm_bindgen(method, js_name = removeListener)]
    pub(crate) fn remove_listener(this: &Event, listener: &Function);

    #[derive(Clone)]
    pub(crate) type Port;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Port) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn sender(this: &Port) -> Option<MessageSender>;
    #[wasm_bindgen(method, getter, js_name = onMessage)]
    pub(crate) fn on_message(this: &Port) -> Event;
    #[wasm_bindgen(method, getter, js_name = onDisconnect)]
    pub(crate) fn on_disconnect(this: &Port) -> Event;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub(crate) fn post_message(this: &Port, message: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub(crate) fn disconnect(this: &Port);

    pub(crate) type MessageSender;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &MessageSender) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn origin(this: &MessageSender) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn tab(this: &MessageSender) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = frameId)]
    pub(crate) fn frame_id(this: &MessageSender) -> Option<i32>;

    pub(crate) type Tab;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Tab) -> Option<i32>;

    pub(crate) type StorageArea;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = local)]
    pub(crate) static LOCAL: StorageArea;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = sync)]
    pub(crate) static SYNC: StorageArea;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn get(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn set(this: &StorageArea, items: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn remove(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, getter, js_name = onChanged)]
    pub(crate) fn on_changed(this: &StorageArea) -> Event;
}
