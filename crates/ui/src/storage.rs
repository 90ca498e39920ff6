//! The extension's `localStorage`, shared by all panels of the browser profile, and the `sessionStorage` of one browser tab.

#[cfg(target_arch = "wasm32")]
type Area = Option<web_sys::Storage>;

/// Reads a stored text.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn read(key: &str) -> Option<String> {
    get(&local(), key)
}

/// Keeps a text; an empty one is removed. A full or forbidden storage keeps nothing: what stands on the screen stays there.
#[cfg(target_arch = "wasm32")]
pub fn write(key: &str, text: &str) {
    put(&local(), key, text);
}

/// All names under which something is stored.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn names() -> Vec<String> {
    let Some(area) = local() else { return Vec::new() };
    let length = area.length().unwrap_or(0);
    (0..length).filter_map(|at| area.key(at).ok().flatten()).collect()
}

#[cfg(target_arch = "wasm32")]
fn local() -> Area {
    web_sys::window()?.local_storage().ok()?
}

#[cfg(target_arch = "wasm32")]
fn get(area: &Area, key: &str) -> Option<String> {
    area.as_ref()?.get_item(key).ok()?
}

#[cfg(target_arch = "wasm32")]
fn put(area: &Area, key: &str, text: &str) {
    let Some(area) = area else { return };
    let kept = if text.is_empty() { area.remove_item(key) } else { area.set_item(key, text) };
    if let Err(error) = kept {
        web_sys::console::warn_2(&"deskside: something could not be kept in this browser".into(), &error);
    }
}

/// What lasts as long as the browser's tab: over reloads and a new frame, and not beyond.
pub mod session {
    /// Reads a stored text.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn read(key: &str) -> Option<String> {
        super::get(&area(), key)
    }

    /// Keeps a text, as far as the browser lets.
    #[cfg(target_arch = "wasm32")]
    pub fn write(key: &str, text: &str) {
        super::put(&area(), key, text);
    }

    #[cfg(target_arch = "wasm32")]
    fn area() -> super::Area {
        web_sys::window()?.session_storage().ok()?
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
