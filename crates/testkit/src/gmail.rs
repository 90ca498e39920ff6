//! A Gmail of our own, served over TLS at `https://mail.google.com` (Chromium is told to look for that name here).
//!
//! It is a simulator: the anchors of today's Gmail, views that follow the hash, a side rail, compose windows made lazily, popped-out
//! windows and print views, single-key shortcuts that record when they fire (`window.__fired`). What changes while a page stands is
//! done by `window.standin` in it: `look({dark, rtl, compact})`, `rail("shown" | "collapsed" | "absent")`, `companion(opens)`,
//! `compose()`, `fillScreen()`. An address with `compose=` in its hash opens a draft by itself, late. It also serves any page given as a file.

mod headers;
mod page;

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use tokio::task::JoinHandle;

pub use headers::Headers;

use crate::tls::TlsListener;

/// The name under which the stand-in is served.
pub const HOST: &str = "mail.google.com";

/// Who is signed in at `/mail/u/N/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAccount {
    /// The name in the header.
    pub name: String,
    /// The address in the header and in the title.
    pub address: String,
}

impl MailAccount {
    /// An account.
    #[must_use]
    pub fn new(name: &str, address: &str) -> Self {
        Self { name: name.to_owned(), address: address.to_owned() }
    }
}

/// What the stand-in shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Our own page.
    StandIn {
        /// Whether every class name and `gh` attribute is another than Gmail's.
        renamed: bool,
    },
    /// A page from a file, with `address` in it replaced by the account's.
    File {
        /// The file.
        path: PathBuf,
        /// The address that the file shows.
        address: Option<String>,
    },
    /// Nothing but a title with the account's address, and a body with a class.
    Bare,
}

/// Gmail's side rail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rail {
    /// It stands from the beginning.
    #[default]
    Shown,
    /// There is none.
    Absent,
    /// It is in the document, but not displayed.
    Collapsed,
    /// It comes long after the rest.
    Late,
}

impl Rail {
    fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Absent => "absent",
            Self::Collapsed => "collapsed",
            Self::Late => "late",
        }
    }
}

/// How the stand-in shows it; can be changed while it runs, and holds from the next load of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The accounts, by their number in the address.
    pub accounts: Vec<MailAccount>,
    /// What.
    pub page: Page,
    /// The headers it comes with.
    pub headers: Headers,
    /// Whether in the dark theme.
    pub dark: bool,
    /// Whether it runs right to left.
    pub rtl: bool,
    /// Whether rows are close to each other.
    pub compact: bool,
    /// The side rail.
    pub rail: Rail,
    /// The language that the document says it is in.
    pub language: &'static str,
}

impl Setup {
    /// The stand-in itself in a light theme, without headers, for one account.
    #[must_use]
    pub fn new(name: &str, address: &str) -> Self {
        Self {
            accounts: vec![MailAccount::new(name, address)],
            page: Page::StandIn { renamed: false },
            headers: Headers::None,
            dark: false,
            rtl: false,
            compact: false,
            rail: Rail::Shown,
            language: "en",
        }
    }
}

/// A running stand-in; it ends when dropped.
#[derive(Debug)]
pub struct Gmail {
    setup: Arc<RwLock<Setup>>,
    port: u16,
    server: JoinHandle<()>,
}

impl Gmail {
    /// Serves the stand-in on a free port.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(setup: Setup) -> Result<Self> {
        let listener = TlsListener::bind(HOST).await?;
        let port = listener.address().port();
        let setup = Arc::new(RwLock::new(setup));
        let router = Router::new()
            .route("/mail/u/{n}/", get(page::account_page))
            .route("/mail/u/{n}/popout", get(page::popped_out))
            .route("/mail/standin/style.css", get(page::style))
            .route("/mail/standin/script.js", get(page::script))
            .route("/mail/standin/keys.js", get(page::keys))
            .with_state(Arc::clone(&setup));
        let server = tokio::spawn(async move {
            // `axum::serve` does not return; accepting never fails.
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { setup, port, server })
    }

    /// The port that `mail.google.com:443` must be mapped to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it shows now.
    #[must_use]
    pub fn setup(&self) -> Setup {
        page::read(&self.setup)
    }

    /// Shows something else from the next load on.
    pub fn show(&self, setup: Setup) {
        *self.setup.write().unwrap_or_else(std::sync::PoisonError::into_inner) = setup;
    }

    /// The address of the first account's page.
    #[must_use]
    pub fn url() -> String {
        Self::url_of(0)
    }

    /// The address of the page of an account by its number.
    #[must_use]
    pub fn url_of(n: usize) -> String {
        format!("https://{HOST}/mail/u/{n}/")
    }
}

impl Drop for Gmail {
    fn drop(&mut self) {
        self.server.abort();
    }
}
