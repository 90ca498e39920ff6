//! How a browser is started.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// How to start a browser.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The port of the Gmail stand-in; `mail.google.com` leads there and every other name nowhere.
    pub gmail_port: Option<u16>,
    /// The folder of the unpacked extension to load.
    pub extension: Option<PathBuf>,
    /// Whether there is no window to see.
    pub headless: bool,
    /// Width and height of the window.
    pub size: (u32, u32),
    /// Whether hidden pages are slowed to one timer a minute as soon as may be: a loaded page a minute after it was hidden, which the
    /// flag does not shorten (*measured*), and not never, as with ChromeDriver's own flags.
    pub slows_hidden_pages_soon: bool,
    /// Whether pages of others inside a page get no cookies, as many people have it.
    pub blocks_third_party_cookies: bool,
    /// Whether websites are asked not to track (Do Not Track).
    pub asks_not_to_track: bool,
}

impl Default for Launch {
    fn default() -> Self {
        Self {
            gmail_port: None,
            extension: None,
            headless: true,
            size: (1440, 1040),
            slows_hidden_pages_soon: false,
            blocks_third_party_cookies: false,
            asks_not_to_track: false,
        }
    }
}

impl Launch {
    pub(super) fn arguments(&self, profile: &Path) -> Vec<String> {
        let (width, height) = self.size;
        let mut arguments = vec![
            format!("--user-data-dir={}", profile.display()),
            format!("--window-size={width},{height}"),
            "--no-first-run".to_owned(),
            "--no-default-browser-check".to_owned(),
            "--disable-search-engine-choice-screen".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-gpu".to_owned(),
            "--no-sandbox".to_owned(),
            "--ignore-certificate-errors".to_owned(),
            "--force-color-profile=srgb".to_owned(),
            "--lang=en-US".to_owned(),
        ];
        let gmail =
            self.gmail_port.map(|port| format!("MAP mail.google.com:443 127.0.0.1:{port}, ")).unwrap_or_default();
        arguments.push(format!("--host-resolver-rules={gmail}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"));
        if self.headless {
            arguments.push("--headless=new".to_owned());
        }
        if self.slows_hidden_pages_soon {
            arguments.push("--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10/10".to_owned());
        }
        if let Some(folder) = &self.extension {
            arguments.push(format!("--load-extension={}", folder.display()));
        }
        arguments
    }

    /// What the profile is set to before the start.
    pub(super) fn preferences(&self) -> Value {
        // Always said: some builds of Chromium block third-party cookies by themselves (*measured*), others do not.
        let mut preferences = json!({
            "profile.cookie_controls_mode": i32::from(self.blocks_third_party_cookies),
            "enable_do_not_track": self.asks_not_to_track,
        });
        if self.extension.is_some() {
            // As with people who load a folder; without it Chromium would switch the extension off when it renews itself.
            preferences["extensions.ui.developer_mode"] = json!(true);
        }
        preferences
    }
}
