//! What a reader sends: the first frame, and the frames after it.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use protocol::error::ErrorCode;
use protocol::frame::{ClientFrame, Cursor};
use store::Principal;

use crate::error::ApiError;
use crate::extract::authenticate;
use crate::state::{AppState, STREAMS};
use crate::stream::End;

/// How long the first frame may take.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// A reader who has proved who it is.
pub(crate) struct Hello {
    pub(crate) principal: Principal,
    pub(crate) token: String,
    pub(crate) cursors: BTreeMap<String, Cursor>,
    pub(crate) here: bool,
}

/// Waits for `hello` and proves its token.
pub(crate) async fn receive(frames: &mut SplitStream<WebSocket>, state: &AppState) -> Result<Hello, End> {
    let late = || ApiError::new(ErrorCode::HelloTimeout, "the first frame is `hello`, within 10 seconds");
    let frame = tokio::time::timeout(HELLO_WITHIN, first(frames)).await.map_err(|_| late())??;
    let ClientFrame::Hello { token, cursors, here, .. } = frame else {
        return Err(ApiError::new(ErrorCode::InvalidFrame, "the first frame is `hello`").into());
    };
    let principal = authenticate(state, &token).await?;
    state.limits.take("stream", &token, STREAMS).await?;
    Ok(Hello { principal, token, cursors, here })
}

async fn first(frames: &mut SplitStream<WebSocket>) -> Result<ClientFrame, End> {
    loop {
        if let Some(frame) = parse(frames.next().await)? {
            return Ok(frame);
        }
    }
}

/// The frame in a message; nothing for the protocol's own pings, and for frames of a newer reader.
pub(crate) fn parse(message: Option<Result<Message, axum::Error>>) -> Result<Option<ClientFrame>, End> {
    match message {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| ApiError::new(ErrorCode::InvalidFrame, error.to_string()).into()),
        Some(Ok(Message::Binary(_))) => Err(ApiError::new(ErrorCode::InvalidFrame, "frames are text").into()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a message is refused with; nothing if it is a frame, or passed over.
    fn refused(message: Message) -> Option<ErrorCode> {
        match parse(Some(Ok(message))) {
            Ok(_) => None,
            Err(End::Error(error)) => Some(error.wire().code),
            Err(End::Gone | End::Silent | End::Unread | End::Stopping) => panic!("the stream ends without a word"),
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_frame_or_refused_with_a_word(text in "\\PC{0,80}|\\{\"t\":\"(hello|resume|typing|here)\"[\\PC]{0,60}\\}") {
            let is_frame = serde_json::from_str::<ClientFrame>(&text).is_ok();
            prop_assert_eq!(refused(Message::text(text)), (!is_frame).then_some(ErrorCode::InvalidFrame));
        }

        #[test]
        fn any_other_bytes_are_refused_and_pings_passed_over(bytes in prop::collection::vec(any::<u8>(), 0..125)) {
            prop_assert_eq!(refused(Message::binary(bytes.clone())), Some(ErrorCode::InvalidFrame));
            prop_assert_eq!(refused(Message::Ping(bytes.clone().into())), None);
            prop_assert_eq!(refused(Message::Pong(bytes.into())), None);
        }
    }
}
