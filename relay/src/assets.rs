//! Files that the relay hands out: the widget, the demo page, the packed extension.

use std::borrow::Cow;
use std::path::PathBuf;

/// Where the built files come from.
#[derive(Clone, Debug)]
pub enum Assets {
    /// A folder, read at every request: `widget/`, `demo/`, `extension.zip`.
    Folder(PathBuf),
    /// The files inside the binary.
    #[cfg(feature = "embed")]
    Embedded,
}

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/assets"]
struct Embedded;

impl Assets {
    /// What is used if the operator names no folder: the embedded files, or the folder that a build fills.
    #[must_use]
    pub fn standard() -> Self {
        #[cfg(feature = "embed")]
        return Self::Embedded;
        #[cfg(not(feature = "embed"))]
        Self::Folder(PathBuf::from("target/assets"))
    }

    /// The bytes of a file; nothing if there is none. The name is one of ours, never a request's path.
    pub(crate) async fn get(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => tokio::fs::read(folder.join(name)).await.ok().map(Cow::Owned),
            #[cfg(feature = "embed")]
            Self::Embedded => Embedded::get(name).map(|file| file.data),
        }
    }

    /// The text of a template.
    pub(crate) async fn text(&self, name: &str) -> Option<String> {
        let bytes = self.get(name).await?;
        String::from_utf8(bytes.into_owned()).ok()
    }
}
