//! Chromium with its own profile, driven by its own ChromeDriver.

mod launch;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::{
    By, ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel, WebDriver, WebElement, WindowHandle,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::devtools::Devtools;
use crate::eventually::eventually;
use crate::paths;

pub use launch::Launch;

/// How long something on a page may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);
const START: Duration = Duration::from_secs(60);

/// What ChromeDriver adds so that hidden pages run as fast as visible ones.
const NO_THROTTLING: [&str; 2] = ["disable-background-timer-throttling", "disable-backgrounding-occluded-windows"];

/// Waits for all animations that end, also in open shadow roots of children of the document's element.
const STILL: &str = "const done = arguments[arguments.length - 1];
    const roots = [document, ...[...document.documentElement.children].map((host) => host.shadowRoot).filter(Boolean)];
    const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
    const all = roots.flatMap((root) => root.getAnimations()).filter(ends);
    Promise.allSettled(all.map((animation) => animation.finished)).then(() => done(null));";

/// A process that is ended with its owner, by its id.
#[derive(Debug)]
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.start_kill().ok();
    }
}

/// A running Chromium; it ends when dropped.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    /// After the driver: closing the session ends Chromium, then ChromeDriver goes, then the profile.
    _chromedriver: Ended,
    _profile: TempDir,
    /// The window's width and height.
    pub size: (u32, u32),
}

impl Browser {
    /// Starts ChromeDriver on a free port and Chromium with a new profile.
    ///
    /// # Errors
    /// When either is not installed or does not start.
    pub async fn launch(launch: &Launch) -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("deskside-profile-").tempdir()?;
        let (chromedriver, port) = start_chromedriver().await?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&paths::program("chromium", "CHROMIUM")?.to_string_lossy())?;
        for argument in launch.arguments(profile.path()) {
            capabilities.add_arg(&argument)?;
        }
        if launch.slows_hidden_pages_soon {
            for switch in NO_THROTTLING {
                capabilities.add_exclude_switch(switch)?;
            }
        }
        capabilities.add_experimental_option("prefs", launch.preferences())?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities);
        let driver =
            timeout(START, session).await.context("Chromium did not start in time")?.context("starting Chromium")?;
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        Ok(Self { driver, _chromedriver: chromedriver, _profile: profile, size: launch.size })
    }

    /// The WebDriver session, for what has no word of its own here.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// The DevTools of this browser.
    ///
    /// # Errors
    /// When ChromeDriver did not say where they listen.
    pub fn devtools(&self) -> Result<Devtools> {
        let address = self
            .driver
            .handle()
            .capabilities()
            .get("goog:chromeOptions")
            .and_then(|options| options["debuggerAddress"].as_str())
            .context("ChromeDriver gave no address of the DevTools")?
            .to_owned();
        Ok(Devtools::new(address))
    }

    /// Waits for an element of the current document that is shown.
    ///
    /// # Errors
    /// When none is shown in time.
    pub async fn find(&self, css: &str) -> Result<WebElement> {
        eventually(format!("`{css}`"), PATIENCE, || async move {
            for element in self.driver.find_all(By::Css(css)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits for the element of a `data-testid` in the current document.
    ///
    /// # Errors
    /// When none is shown in time.
    pub async fn find_test(&self, testid: &str) -> Result<WebElement> {
        self.find(&format!("[data-testid=\"{testid}\"]")).await
    }

    /// Waits until the element of a `data-testid` says something that fits, and returns it.
    ///
    /// # Errors
    /// When it does not in time; the last words are named.
    pub async fn reads(&self, testid: &str, fits: impl Fn(&str) -> bool) -> Result<String> {
        let fits = &fits;
        eventually(format!("the words of {testid:?}"), PATIENCE, || async move {
            let words = self.driver.find(By::Css(format!("[data-testid=\"{testid}\"]"))).await?.text().await?;
            ensure!(fits(&words), "it says {words:?}");
            Ok(Some(words))
        })
        .await
    }

    /// Clicks an element, again if the page redrew it under the pointer.
    ///
    /// # Errors
    /// When it cannot be clicked in time.
    pub async fn click(&self, css: &str) -> Result<()> {
        eventually(format!("a click on `{css}`"), PATIENCE, || async move {
            self.driver.find(By::Css(css)).await?.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Presses a button: clicks it, or, where something of the page lies over it, uses the keyboard as a person would.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn press(&self, css: &str) -> Result<()> {
        let button = self.find(css).await?;
        match button.click().await {
            Err(error) if matches!(error.as_inner(), WebDriverErrorInner::ElementClickIntercepted(_)) => {
                Ok(button.send_keys(Key::Enter + "").await?)
            }
            clicked => Ok(clicked?),
        }
    }

    /// Runs JavaScript in the current document and returns what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Gives the page so many pixels, as another window or screen would.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn resizes(&self, (width, height): (u32, u32)) -> Result<()> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Gives the page the window's own size again.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn resizes_back(&self) -> Result<()> {
        self.driver.cdp().send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        Ok(())
    }

    /// Brings a tab to the front, as a click on it would; the others are hidden then.
    ///
    /// # Errors
    /// When it is closed.
    pub async fn shows_tab(&self, tab: &WindowHandle) -> Result<()> {
        self.driver.switch_to_window(tab.clone()).await?;
        self.driver.cdp().send_raw("Page.bringToFront", json!({})).await?;
        eventually("the tab to be in front", PATIENCE, || async move {
            Ok((self.run("return document.visibilityState;").await? == "visible").then_some(()))
        })
        .await
    }

    /// Waits until nothing moves any more, in the page and in what the extension added to it; the driver then stands in the page.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn settles(&self) -> Result<()> {
        self.driver.enter_default_frame().await?;
        self.is_still().await
    }

    /// Waits until nothing moves any more in the document where the driver stands.
    ///
    /// # Errors
    /// When the document is gone.
    pub async fn is_still(&self) -> Result<()> {
        self.driver.execute_async(STILL, Vec::new()).await?;
        Ok(())
    }

    /// Saves what the window shows as a PNG.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        tokio::fs::write(path, self.driver.screenshot_as_png().await?).await?;
        Ok(())
    }

    /// Ends Chromium and waits until it did.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn close(self) -> Result<()> {
        let Self { driver, _chromedriver: chromedriver, .. } = self;
        driver.quit().await?;
        drop(chromedriver);
        Ok(())
    }
}

/// Starts ChromeDriver on a port that it chooses, and reads which.
async fn start_chromedriver() -> Result<(Ended, u16)> {
    let program: PathBuf = paths::program("chromedriver", "CHROMEDRIVER")?;
    let child =
        Command::new(program).arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut chromedriver = Ended(child.context("starting chromedriver")?);
    let output = chromedriver.0.stdout.take().context("chromedriver has no output")?;
    let mut lines = BufReader::new(output).lines();
    let port = timeout(START, async {
        while let Some(line) = lines.next_line().await? {
            let found =
                line.rsplit_once("successfully on port ").and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
            if let Some(port) = found {
                return Ok(port);
            }
        }
        Err(anyhow::anyhow!("chromedriver ended"))
    })
    .await
    .context("chromedriver did not start in time")??;
    // Reading on keeps the pipe open; ChromeDriver would fail on a closed one.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((chromedriver, port))
}
