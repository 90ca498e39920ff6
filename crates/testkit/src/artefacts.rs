//! What a failed test leaves behind, in `target/e2e/<test>/`.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::chromium::Browser;
use crate::paths;

/// Where the artefacts of a test go.
///
/// # Errors
/// When the repository's root is not found.
pub fn folder(test: &str) -> Result<PathBuf> {
    Ok(paths::root()?.join("target/e2e").join(test))
}

/// Saves screenshot, page source and console of a browser. What cannot be had is left out: the test's own failure is the news.
pub async fn save(folder: &Path, name: &str, browser: &Browser) {
    let driver = browser.driver();
    if let Err(error) = browser.screenshot(&folder.join(format!("{name}.png"))).await {
        write(folder, &format!("{name}.png.error.txt"), &format!("{error:#}")).await;
    }
    if let Ok(source) = driver.source().await {
        write(folder, &format!("{name}.frame.html"), &source).await;
    }
    if driver.enter_default_frame().await.is_ok()
        && let Ok(source) = driver.source().await
    {
        write(folder, &format!("{name}.html"), &source).await;
    }
    if let Ok(lines) = driver.browser_log().await {
        let text: Vec<String> = lines.iter().map(|line| format!("{line:?}")).collect();
        write(folder, &format!("{name}.console.txt"), &text.join("\n")).await;
    }
}

/// Writes one file, if the folder can be written at all.
pub async fn write(folder: &Path, name: &str, text: &str) {
    let written = async {
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::write(folder.join(name), text).await
    };
    if let Err(error) = written.await {
        eprintln!("{}: {error}", folder.join(name).display());
    }
}
