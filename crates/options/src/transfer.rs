//! A template's file on its way to its relay. `fetch` does not say how much of a body is gone; the older way does.

use js_sys::Promise;
use protocol::error::ErrorBody;
use protocol::file::AttachmentView;
use protocol::worker::{Account, UploadState};
use ui::state::files::Chosen;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::relay::encoded;

/// A file may be large and the network slow.
const TIMEOUT_MS: u32 = 300_000;

/// Brings a file for a template of this project, or one's own; calls back with how much of it is there.
pub(crate) async fn bring(
    account: &Account,
    project_id: Option<&str>,
    chosen: &Chosen,
    on_percent: impl Fn(u32) + 'static,
) -> UploadState {
    let of_project = project_id.map_or_else(String::new, |id| format!("&project_id={}", encoded(id)));
    let url = format!("{}/v1/templates/uploads?id={}{of_project}", account.relay, encoded(&chosen.id));
    let Some(file) = &chosen.file else { return UploadState::Unreachable };
    match post(&url, &account.token, file, &chosen.name, on_percent).await {
        Ok((status, body)) => read(status, &body),
        Err(error) => {
            web_sys::console::warn_1(&error);
            UploadState::Unreachable
        }
    }
}

/// What the relay made of it; what is no word of a relay counts as none.
fn read(status: u16, body: &str) -> UploadState {
    if (200..300).contains(&status) {
        let view = serde_json::from_str::<AttachmentView>(body);
        return view.map_or(UploadState::Unreachable, |attachment| UploadState::Done { attachment });
    }
    let refused = serde_json::from_str::<ErrorBody>(body);
    refused.map_or(UploadState::Unreachable, |body| UploadState::Refused { error: body.error })
}

async fn post(
    url: &str,
    token: &str,
    file: &File,
    name: &str,
    on_percent: impl Fn(u32) + 'static,
) -> Result<(u16, String), JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open_with_async("POST", url, true)?;
    request.set_timeout(TIMEOUT_MS);
    request.set_request_header("authorization", &format!("Bearer {token}"))?;
    request.set_request_header(protocol::file::NAME_HEADER, &encoded(name))?;
    let media_type = file.type_();
    let media_type = if media_type.is_empty() { "application/octet-stream" } else { &media_type };
    request.set_request_header("content-type", media_type)?;
    let on_progress = Closure::<dyn FnMut(_)>::new(move |event: ProgressEvent| {
        on_percent(percent_of(event.loaded(), event.total()));
    });
    request.upload()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(file))?;
    JsFuture::from(ended).await?;
    // Without an answer the status is 0.
    Ok((request.status()?, request.response_text()?.unwrap_or_default()))
}

/// A part as whole percent; the last one is said by the relay's answer alone.
fn percent_of(sent: f64, total: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped first")]
    let percent = (sent / total.max(1.0) * 100.0).clamp(0.0, 99.0) as u32;
    percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_of_a_relay_counts_as_none() {
        // T2
        let view = r#"{"id":"att_1","name":"a.png","size":3,"media_type":"image/png"}"#;
        assert!(matches!(read(200, view), UploadState::Done { attachment } if attachment.size == 3));
        let refused = r#"{"error":{"code":"file_too_large","message":"","details":{},"request_id":""}}"#;
        assert!(matches!(read(413, refused), UploadState::Refused { .. }));
        for (status, body) in [(200, "<html>"), (502, "<html>"), (0, "")] {
            assert_eq!(read(status, body), UploadState::Unreachable);
        }
        assert_eq!([percent_of(1.0, 0.0), percent_of(5.0, 10.0), percent_of(10.0, 10.0)], [99, 50, 99]);
    }
}
