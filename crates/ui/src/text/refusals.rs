//! Words for typed reasons.

use protocol::error::{ErrorCode, WireError};
use protocol::view::{CloseReason, OfflineCause, OfflineView};

use super::{fill, finding, limit, texts};
use crate::clock::moment;

/// What an agent reads when the relay refused something, with the holder's name where there is one.
#[must_use]
pub fn refusal(error: &WireError) -> String {
    let holder = error.details.holder.as_ref().map(|holder| holder.name.as_str());
    let with = |named: &str| holder.map_or_else(|| plain(error.code).to_owned(), |name| fill(named, &[("name", name)]));
    match error.code {
        ErrorCode::ConversationTaken => with("{name} has already taken this conversation."),
        ErrorCode::NotHolder => with("Only {name} can do this: the conversation is theirs."),
        ErrorCode::StaleFence => with("The conversation has moved on: {name} has it now."),
        ErrorCode::InvalidValue => match error.details.field.as_deref() {
            Some("text") => "The text is empty or longer than 4,000 characters.".to_owned(),
            Some("q") => finding().search_refused.to_owned(),
            Some("attachments") => "A file is not at the relay any more. Choose the files again.".to_owned(),
            Some("template_file_id") => "It is not in its template any more. Take it away to send the rest.".to_owned(),
            Some("name") => "The name is longer than 100 characters.".to_owned(),
            Some(field) => fill("The relay did not take the field “{field}”.", &[("field", field)]),
            None => plain(error.code).to_owned(),
        },
        ErrorCode::TooLarge => match error.details.limit_bytes {
            Some(limit) => fill("This is too large; at most {n} bytes are taken.", &[("n", &limit.to_string())]),
            None => plain(error.code).to_owned(),
        },
        ErrorCode::FileTooLarge => match (error.details.file.as_deref(), error.details.limit_bytes) {
            (Some(file), Some(limit)) => too_large(file, limit),
            _ => plain(error.code).to_owned(),
        },
        code => plain(code).to_owned(),
    }
}

/// That a file is larger than the relay takes (F2).
#[must_use]
pub fn too_large(file: &str, limit_bytes: u64) -> String {
    fill("“{file}” is larger than {limit}.", &[("file", file), ("limit", &limit(limit_bytes))])
}

/// The text of a code alone.
const fn plain(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidBody => "The relay did not understand the request. Reload Gmail to update Deskside.",
        ErrorCode::InvalidValue => "The relay did not take a value.",
        ErrorCode::TooLarge => "This is too large.",
        ErrorCode::Unauthorized => "You are not signed in any more. Connect again on the Control Panel.",
        ErrorCode::OriginNotAllowed => "The relay does not accept this extension. Ask its operator to allow it.",
        ErrorCode::Forbidden => "You do not have the right to do this.",
        ErrorCode::NotFound => "This is not there any more, or you have no access to it.",
        ErrorCode::InvitationInvalid => "This invitation is unknown, used, or older than 24 hours. Ask for a new one.",
        ErrorCode::IdConflict => "Another message was sent under the same number. Edit yours and send it again.",
        ErrorCode::ConversationTaken => "Somebody has already taken this conversation.",
        ErrorCode::NotHolder => "Nobody has this conversation. Accept it first.",
        ErrorCode::StaleFence => "The conversation has moved on: nobody has it now.",
        ErrorCode::ConversationFinished => "This conversation is finished.",
        ErrorCode::ConversationNotTaken => "Nobody has this conversation.",
        ErrorCode::AgentOffline => "You are Offline. Go Online to do this.",
        ErrorCode::CandidateOffline => "This agent has gone Offline. Choose another one.",
        ErrorCode::CandidateWithoutAccess => "This agent has no access to the channel. Choose another one.",
        ErrorCode::CandidateHolds => "This agent has the conversation already.",
        ErrorCode::RateLimited => "Too many requests. Wait a moment and try again.",
        ErrorCode::MethodNotAllowed => "The relay does not know this request. Reload Gmail to update Deskside.",
        ErrorCode::Unavailable => "The relay cannot store anything at the moment. Try again shortly.",
        ErrorCode::Internal => "Something went wrong on the relay. Try again; if it stays, tell its operator.",
        ErrorCode::InvalidFrame => {
            "The connection spoke a language that the relay does not know. Reload Gmail to update Deskside."
        }
        ErrorCode::HelloTimeout => "The connection was too slow to begin. It is tried again.",
        ErrorCode::TooSlow => "The connection could not keep up. It is tried again.",
        ErrorCode::SignInFirst => {
            "This address is an agent’s of this relay already. Take the invitation on a browser where that agent is signed in."
        }
        ErrorCode::ContactBlocked => "The client is blocked. Unblock the client to answer.",
        ErrorCode::AlreadyBlocked => "The client is blocked already.",
        ErrorCode::NotBlocked => "The client is not blocked any more.",
        ErrorCode::NothingToPostpone => "This conversation is not about to finish.",
        ErrorCode::LastOwner => "A project keeps at least one owner. Make somebody else an owner first.",
        ErrorCode::StaleRevision => "Somebody changed this meanwhile. Look at it again before you change it.",
        ErrorCode::FileTooLarge => "The file is too large.",
        ErrorCode::FilesNotAllowed => "This channel takes no files from clients.",
        ErrorCode::UploadStalled => "The file came too slowly. Try again.",
        ErrorCode::Unknown => {
            "The relay refused this for a reason that this Deskside does not know. Reload Gmail to update it."
        }
    }
}

/// How a conversation ended (X3).
#[must_use]
pub fn outcome(reason: Option<CloseReason>) -> &'static str {
    match reason {
        Some(CloseReason::ContactIdle) => texts().ended_by_silence,
        Some(CloseReason::ContactBlocked) => texts().ended_by_block,
        Some(CloseReason::Agent) | None => texts().ended_by_agent,
        Some(CloseReason::Other) => texts().ended_otherwise,
    }
}

/// Why the agent is Offline (P10).
#[must_use]
pub fn why_offline(offline: &OfflineView, now: i64) -> String {
    let time = moment(offline.at, now);
    let at = |text: &str| fill(text, &[("time", &time)]);
    match (offline.cause, &offline.by_name) {
        (OfflineCause::NeverOnline, _) => texts().offline_never.to_owned(),
        (OfflineCause::ByHand, _) => at(texts().offline_by_hand),
        (OfflineCause::LastPageClosed, _) => at(texts().offline_last_page),
        (OfflineCause::Administrator, Some(name)) => {
            fill(texts().offline_administrator, &[("name", name), ("time", &time)])
        }
        (OfflineCause::Administrator, None) => at(texts().offline_an_administrator),
        (OfflineCause::Other, _) => at(texts().offline_since),
    }
}

#[cfg(test)]
mod tests {
    use protocol::error::{ErrorDetails, Holder};

    use super::*;

    fn error(code: ErrorCode, holder: Option<&str>) -> WireError {
        let holder = holder.map(|name| Holder { agent_id: "agt_x".into(), name: name.into() });
        WireError {
            code,
            message: String::new(),
            details: ErrorDetails { holder, ..Default::default() },
            request_id: String::new(),
        }
    }

    #[test]
    fn every_code_has_a_text() {
        let list: Vec<String> =
            ErrorCode::ALL.iter().map(|code| format!("{code:?}: {}", refusal(&error(*code, None)))).collect();
        insta::assert_snapshot!(list.join("\n"));
    }

    #[test]
    fn why_one_is_offline_is_said_in_words() {
        // P10
        const NOW: i64 = 1_795_367_589_000;
        let say = |cause, name: Option<&str>| {
            let offline = OfflineView { cause, at: NOW - 3_600_000, by_name: name.map(Into::into) };
            why_offline(&offline, NOW)
        };
        assert_eq!(say(OfflineCause::NeverOnline, None), "You have not been Online yet.");
        assert_eq!(say(OfflineCause::ByHand, None), "Switched off by you at 16:13.");
        assert_eq!(say(OfflineCause::LastPageClosed, None), "Your last Gmail page was closed at 16:13.");
        assert_eq!(say(OfflineCause::Administrator, Some("Olga")), "Set offline by administrator Olga at 16:13.");
        assert_eq!(say(OfflineCause::Administrator, None), "Set offline by an administrator at 16:13.");
        assert_eq!(say(OfflineCause::Other, None), "Offline since 16:13.");
        let long_ago = OfflineView { cause: OfflineCause::ByHand, at: NOW - 86_400_000, by_name: None };
        assert_eq!(why_offline(&long_ago, NOW), "Switched off by you at 17:13 on Nov 21.");
    }

    #[test]
    fn a_file_that_is_too_large_is_named_with_the_limit() {
        // F2
        let say = |limit| {
            let details =
                ErrorDetails { file: Some("kettle.pdf".into()), limit_bytes: Some(limit), ..Default::default() };
            refusal(&WireError { details, ..error(ErrorCode::FileTooLarge, None) })
        };
        assert_eq!(say(4_194_304), "“kettle.pdf” is larger than 4 MB.");
        assert_eq!(say(1_000), "“kettle.pdf” is larger than 1000 bytes.");
    }

    #[test]
    fn the_holder_is_named() {
        // A3, A7
        for code in [ErrorCode::ConversationTaken, ErrorCode::NotHolder, ErrorCode::StaleFence] {
            assert!(refusal(&error(code, Some("Mia Wong"))).contains("Mia Wong"), "{code:?}");
        }
    }
}
