//! The widget's loader, its frame and files, the demo shop, and the packed extension.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use store::{Store, WidgetChannel};
use tower_http::compression::Predicate;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType};

use crate::error::ApiError;
use crate::extract::ApiPath;
use crate::state::{AppState, Settings};

/// Stands in loader and frame where the settings come.
const SETTINGS_MARK: &str = "\"__DESKSIDE_SETTINGS__\"";
/// Stands in the demo page where the loader's address comes.
const LOADER_MARK: &str = "__DESKSIDE_LOADER__";
/// The widget's files by their public names.
const FILES: [(&str, &str); 4] = [
    ("boot.js", "text/javascript"),
    ("widget.css", "text/css"),
    ("widget.js", "text/javascript"),
    ("widget_bg.wasm", "application/wasm"),
];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/widget/{file}", get(loader))
        .route("/widget/{key}/frame", get(frame))
        .route("/widget/assets/{file}", get(asset))
        .route("/demo/{key}", get(demo))
        .route("/extension.zip", get(extension))
}

/// Which answers are packed on their way. What is packed already would cost anybody's request much and gain nothing.
pub(super) fn worth_packing() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new("application/zip"))
}

fn common(settings: &Settings, key: &str, channel: &WidgetChannel) -> Value {
    let WidgetChannel { settings: channel, switches, .. } = channel;
    json!({
        "relay": settings.public_url,
        "key": key,
        "title": channel.title,
        "greeting": channel.greeting,
        "color": channel.color,
        "position": channel.position,
        "language": channel.language,
        "files_allowed": switches.files_allowed,
        "file_limit": settings.file_limit,
    })
}

/// JSON that can stand inside a script: it cannot close the element.
fn inside_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn not_built() -> ApiError {
    ApiError::not_found()
}

/// The one script of a website: the loader with the channel's settings inside (W1, W3).
async fn loader(
    State(store): State<Store>,
    State(settings): State<Arc<Settings>>,
    ApiPath(file): ApiPath<String>,
) -> Result<Response, ApiError> {
    let key = file.strip_suffix(".js").ok_or_else(ApiError::not_found)?;
    let channel = store.widget_channel(key).await?;
    let template = settings.assets.text("widget/loader.js").await.ok_or_else(not_built)?;
    let mut value = common(&settings, key, &channel);
    value["visits"] = json!(channel.switches.visits_allowed);
    let script = template.replace(SETTINGS_MARK, &inside_script(&value));
    Ok((
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")],
        script,
    )
        .into_response())
}

/// The chat itself, which only the channel's origins may embed (W2).
async fn frame(
    State(store): State<Store>,
    State(settings): State<Arc<Settings>>,
    ApiPath(key): ApiPath<String>,
) -> Result<Response, ApiError> {
    let channel = store.widget_channel(&key).await?;
    let template = settings.assets.text("widget/frame.html").await.ok_or_else(not_built)?;
    let mut value = common(&settings, &key, &channel);
    value["origins"] = json!(channel.settings.origins);
    let page = template.replace(SETTINGS_MARK, &inside_script(&value));
    let policy = HeaderValue::from_str(&frame_policy(&settings.public_url, &channel.settings.origins))
        .map_err(|_| ApiError::not_found())?;
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, policy),
        ],
        page,
    )
        .into_response())
}

fn frame_policy(public_url: &str, origins: &[String]) -> String {
    let socket = public_url.replacen("http", "ws", 1);
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {socket}; \
         img-src 'self' data: blob:; media-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
}

/// A built file of the widget, as it was packed when it was built, if it was and the browser takes that.
async fn asset(
    State(settings): State<Arc<Settings>>,
    ApiPath(file): ApiPath<String>,
    asked: HeaderMap,
) -> Result<Response, ApiError> {
    let (name, kind) = FILES.iter().find(|(name, _)| *name == file).ok_or_else(ApiError::not_found)?;
    let packed = match takes_gzip(&asked) {
        true => settings.assets.get(&format!("packed/{name}.gz")).await,
        false => None,
    };
    let is_packed = packed.is_some();
    let bytes = match packed {
        Some(bytes) => bytes,
        None => settings.assets.get(&format!("widget/{name}")).await.ok_or_else(not_built)?,
    };
    let resource_policy = HeaderName::from_static("cross-origin-resource-policy");
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (resource_policy, "same-origin"),
    ];
    let packing = [(header::CONTENT_ENCODING, "gzip"), (header::VARY, "accept-encoding")];
    Ok(match is_packed {
        true => (headers, packing, bytes).into_response(),
        // Packed on its way, if that is worth it: see `worth_packing`.
        false => (headers, bytes).into_response(),
    })
}

/// Whether a request says that its answer may be packed by gzip (RFC 9110, section 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let codings = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    codings.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|weight| weight > 0.0)
    })
}

/// The packed extension, for agents to unpack and load.
async fn extension(State(settings): State<Arc<Settings>>) -> Result<Response, ApiError> {
    let bytes = settings.assets.get("extension.zip").await.ok_or_else(not_built)?;
    Ok(([(header::CONTENT_TYPE, "application/zip")], bytes).into_response())
}

/// A made-up shop that embeds the widget, for a first look.
async fn demo(
    State(store): State<Store>,
    State(settings): State<Arc<Settings>>,
    ApiPath(key): ApiPath<String>,
) -> Result<Response, ApiError> {
    store.widget_channel(&key).await?;
    let template = settings.assets.text("demo/shop.html").await.ok_or_else(not_built)?;
    let page = template.replace(LOADER_MARK, &format!("{}/widget/{key}.js", settings.public_url));
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn what_is_packed_already_is_not_packed_again() {
        let is_packed = |kind: &str| {
            let answer = Response::builder().header(header::CONTENT_TYPE, kind).body(Body::from(vec![b'a'; 1_000]));
            worth_packing().should_compress(&answer.unwrap())
        };
        assert!(!is_packed("application/zip"));
        assert!(["text/html; charset=utf-8", "text/javascript", "application/wasm"].into_iter().all(is_packed));
    }

    #[test]
    fn who_does_not_take_gzip_gets_none() {
        for (wanted, is_taken) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip;q=0.000, br", false),
            ("br", false),
            ("", false),
        ] {
            let asked = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(wanted))]);
            assert_eq!(takes_gzip(&asked), is_taken, "{wanted}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn settings_cannot_leave_their_script() {
        // W1
        let value = json!({ "title": "</script><b>\u{2028}" });
        assert_eq!(inside_script(&value), r#"{"title":"\u003c/script>\u003cb>\u2028"}"#);
    }

    #[test]
    fn only_the_channels_origins_may_embed_the_frame() {
        // W2
        let policy = frame_policy("https://chat.example", &["https://shop.example".to_owned()]);
        assert!(policy.ends_with("frame-ancestors https://shop.example"), "{policy}");
        assert!(policy.contains("connect-src 'self' wss://chat.example"), "{policy}");
        assert!(frame_policy("https://chat.example", &[]).ends_with("frame-ancestors 'none'"));
    }
}
