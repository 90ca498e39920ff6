//! The extension's `localStorage`, shared by all panels of the browser profile.

/// Reads a stored text.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn read(key: &str) -> Option<String> {
    area()?.get_item(key).ok()?
}

/// Keeps a text; an empty one is removed. A full or forbidden storage keeps nothing: what stands on the screen stays there.
#[cfg(target_arch = "wasm32")]
pub fn write(key: &str, text: &str) {
    let Some(area) = area() else { return };
    let kept = if text.is_empty() { area.remove_item(key) } else { area.set_item(key, text) };
    if let Err(error) = kept {
        web_sys::console::warn_2(&"deskside: a draft could not be kept".into(), &error);
    }
}

/// All names under which something is stored.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn names() -> Vec<String> {
    let Some(area) = area() else { return Vec::new() };
    let length = area.length().unwrap_or(0);
    (0..length).filter_map(|at| area.key(at).ok().flatten()).collect()
}

#[cfg(target_arch = "wasm32")]
fn area() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Outside a browser nothing is stored.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub const fn read(_key: &str) -> Option<String> {
    None
}

/// Outside a browser nothing is stored.
#[cfg(not(target_arch = "wasm32"))]
pub const fn write(_key: &str, _text: &str) {}

/// Outside a browser nothing is stored.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub const fn names() -> Vec<String> {
    Vec::new()
}
