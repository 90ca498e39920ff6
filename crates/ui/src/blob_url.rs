//! Addresses under which the page itself shows or saves a file.

use std::rc::Rc;

use yew::AttrValue;

/// Such an address, as long as somebody holds it: then the browser lets the file go.
#[derive(Clone, Debug, PartialEq)]
pub struct BlobUrl(Rc<Held>);

#[derive(Debug, PartialEq)]
struct Held(AttrValue);

impl BlobUrl {
    /// The address of a file; nothing if the browser gives none.
    #[must_use]
    pub fn of(blob: &web_sys::Blob) -> Option<Self> {
        web_sys::Url::create_object_url_with_blob(blob).ok().map(Self::from)
    }

    /// The address itself.
    #[must_use]
    pub fn address(&self) -> AttrValue {
        self.0.0.clone()
    }
}

impl From<String> for BlobUrl {
    fn from(address: String) -> Self {
        Self(Rc::new(Held(address.into())))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Elsewhere there is no browser to tell.
        #[cfg(target_arch = "wasm32")]
        if let Err(error) = web_sys::Url::revoke_object_url(&self.0) {
            web_sys::console::warn_1(&error);
        }
    }
}
