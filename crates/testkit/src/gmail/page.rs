//! The stand-in's pages.

use std::collections::HashMap;
use std::path::Path as FilePath;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::{MailAccount, Page, Setup};

const INDEX: &str = include_str!("index.html");
const BARE: &str = include_str!("bare.html");
const STYLE: &str = include_str!("style.css");
const KEYS: &str = include_str!("keys.js");
const SCRIPTS: [&str; 9] = [
    include_str!("dom.js"),
    KEYS,
    include_str!("mails.js"),
    include_str!("look.js"),
    include_str!("rail.js"),
    include_str!("compose.js"),
    include_str!("views.js"),
    include_str!("windows.js"),
    include_str!("page.js"),
];
const NO_ACTIONS: &str = "listenToKeys(Object.fromEntries([...'ce#/jk?'].map((key) => [key, () => {}])));";
/// Each page is served to one test only, so one nonce does.
const NONCE: &str = "dGVzdGtpdA";

type Shared = State<Arc<RwLock<Setup>>>;

/// The setup as it is now.
pub(super) fn read(setup: &RwLock<Setup>) -> Setup {
    setup.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// `/mail/u/N/`; with `view=pt` what a conversation is printed from.
pub(super) async fn account_page(
    State(setup): Shared,
    Path(n): Path<usize>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let setup = read(&setup);
    let Some(account) = setup.accounts.get(n) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_print = query.get("view").is_some_and(|view| view == "pt");
    let body = match &setup.page {
        Page::StandIn { .. } => Ok(stand_in(&setup, account, if is_print { "print" } else { "main" })),
        Page::File { path, address } => file_page(path, address.as_deref(), account).await,
        Page::Bare => Ok(with_keys(&BARE.replace("__ADDRESS__", &account.address))),
    };
    match body {
        Ok(body) => (setup.headers.map(NONCE), Html(body)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// `/mail/u/N/popout`: a conversation (`th=…`) or a compose window by itself.
pub(super) async fn popped_out(
    State(setup): Shared,
    Path(n): Path<usize>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let setup = read(&setup);
    let Some(account) = setup.accounts.get(n) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = stand_in(&setup, account, if query.contains_key("th") { "thread" } else { "compose" });
    (setup.headers.map(NONCE), Html(body)).into_response()
}

/// The style sheet, with the page's class names.
pub(super) async fn style(State(setup): Shared) -> Response {
    let renamed = read(&setup).page == Page::StandIn { renamed: true };
    let css = if renamed { rename_classes(STYLE) } else { STYLE.to_owned() };
    ([(CONTENT_TYPE, "text/css")], css).into_response()
}

/// The stand-in's script.
pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript")], SCRIPTS.join("\n")).into_response()
}

/// The shortcuts alone, for pages that have no script of their own.
pub(super) async fn keys() -> Response {
    ([(CONTENT_TYPE, "text/javascript")], format!("{KEYS}\n{NO_ACTIONS}")).into_response()
}

fn stand_in(setup: &Setup, account: &MailAccount, window: &str) -> String {
    let data = json!({
        "name": account.name, "address": account.address, "window": window, "renamed": setup.page == Page::StandIn { renamed: true },
        "dark": setup.dark, "rtl": setup.rtl, "compact": setup.compact, "rail": setup.rail.name(), "language": setup.language,
    });
    // `<` would end the script element early.
    let data = data.to_string().replace('<', "\\u003c");
    INDEX.replace("__LANGUAGE__", setup.language).replace("__NONCE__", NONCE).replace("__SETUP__", &data)
}

async fn file_page(path: &FilePath, address: Option<&str>, account: &MailAccount) -> std::io::Result<String> {
    let text = String::from_utf8_lossy(&tokio::fs::read(path).await?).into_owned();
    let text = match address {
        Some(address) => text.replace(address, &account.address),
        None => text,
    };
    Ok(with_keys(&text))
}

fn with_keys(page: &str) -> String {
    format!("{page}<script nonce=\"{NONCE}\" src=\"/mail/standin/keys.js\"></script>")
}

/// Every class selector with the prefix that the script gives the classes.
fn rename_classes(css: &str) -> String {
    let mut renamed = String::with_capacity(css.len() * 2);
    let mut characters = css.chars().peekable();
    while let Some(character) = characters.next() {
        renamed.push(character);
        if character == '.' && characters.peek().is_some_and(char::is_ascii_alphabetic) {
            renamed.push_str("zz-");
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_renamed_and_numbers_are_not() {
        assert_eq!(
            rename_classes(".nH > .aim { opacity: .5; margin: 1.5em }"),
            ".zz-nH > .zz-aim { opacity: .5; margin: 1.5em }"
        );
    }
}
