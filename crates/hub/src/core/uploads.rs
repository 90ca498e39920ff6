//! Files on their way to a relay (F1): each goes once, and the panel that brings it hears how far it came.

use protocol::error::ErrorCode;
use protocol::file::AttachmentView;
use protocol::worker::{AccountKey, HubToPanel, Upload, UploadState};

use crate::core::calls::{self, HttpOutcome, Reading};
use crate::core::panels::signed_out;
use crate::core::{Core, Effect, FetchId, PortId, Purpose};

/// A file as a request to a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    /// Path and query.
    pub(crate) path: String,
    /// What it is called, as the header has it ([`protocol::file::NAME_HEADER`]).
    pub(crate) name: String,
    /// What it is; empty if nobody knows.
    pub(crate) media_type: String,
    /// Its bytes, in Base64.
    pub(crate) base64: String,
}

/// So many percent are worth telling.
const STEP: u32 = 4;

impl Core {
    /// A panel brings a file.
    pub(super) fn upload(&mut self, panel: PortId, key: &AccountKey, upload: Upload) {
        if self.desktop(key).is_none_or(|desktop| desktop.is_signed_out) {
            return self.refuse_upload(panel, upload.id);
        }
        // The earlier attempt, if it is not over: each has a number of its own, and what still comes of that one is nobody's.
        self.abort_uploads(panel, Some(&upload.id));
        let Upload { id: attachment_id, conversation_id, fence, name, media_type, base64, template_file_id } = upload;
        if let Some(file) = template_file_id {
            let call = calls::take_template_file(&conversation_id, attachment_id.clone(), file, fence);
            return self.fetch(key, call, Purpose::Upload { panel, attachment_id, percent: 0 });
        }
        let fence = fence.to_string();
        let values = [("id", Some(&attachment_id)), ("fence", Some(&fence))];
        let path = calls::paged(&calls::of(&conversation_id, "uploads"), &values);
        let file = Posting { path, name: calls::encoded(&name), media_type, base64 };
        if let Some((id, relay, token)) = self.pend(key, Purpose::Upload { panel, attachment_id, percent: 0 }) {
            self.effects.push(Effect::Post { id, relay, token, file });
        }
    }

    /// A file for an account that is not signed in, or is not the panel's.
    pub(super) fn refuse_upload(&mut self, panel: PortId, attachment_id: String) {
        let state = UploadState::Refused { error: signed_out() };
        self.tell_panel(panel, HubToPanel::UploadState { attachment_id, state });
    }

    /// So much of a file is there.
    pub(crate) fn progressed(&mut self, id: FetchId, sent: f64, total: f64) {
        let Some(Purpose::Upload { panel, attachment_id, percent }) =
            self.pending.get_mut(&id).map(|pending| &mut pending.purpose)
        else {
            return;
        };
        let next = percent_of(sent, total);
        if next < percent.saturating_add(STEP) {
            return;
        }
        *percent = next;
        let (panel, attachment_id) = (*panel, attachment_id.clone());
        self.tell_panel(panel, HubToPanel::UploadState { attachment_id, state: UploadState::Going { percent: next } });
    }

    /// Gives up a panel's files that are on their way: the one of this id, or all.
    pub(super) fn abort_uploads(&mut self, of: PortId, which: Option<&str>) {
        let is_it = |purpose: &Purpose| match purpose {
            Purpose::Upload { panel, attachment_id, .. } => *panel == of && which.is_none_or(|id| id == attachment_id),
            _ => false,
        };
        let ids: Vec<_> = self.pending.iter().filter(|(_, it)| is_it(&it.purpose)).map(|(id, _)| *id).collect();
        for id in ids {
            self.pending.remove(&id);
            self.effects.push(Effect::Abort { id });
        }
    }

    /// Bringing a file ended.
    pub(super) fn upload_ended(
        &mut self,
        key: &AccountKey,
        panel: PortId,
        attachment_id: String,
        outcome: &HttpOutcome,
        now_ms: i64,
    ) {
        let state = match outcome.read(|body| serde_json::from_str::<AttachmentView>(body)) {
            Reading::Good(attachment) => UploadState::Done { attachment },
            Reading::Refused(error) => UploadState::Refused { error },
            Reading::Unreadable => UploadState::Unreachable,
        };
        if matches!(&state, UploadState::Refused { error } if error.code == ErrorCode::Unauthorized) {
            self.sign_out(key, now_ms);
        }
        self.tell_panel(panel, HubToPanel::UploadState { attachment_id, state });
    }
}

/// A part as whole percent; the last one is said by the relay's answer alone.
fn percent_of(sent: f64, total: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped first")]
    let percent = (sent / total.max(1.0) * 100.0).clamp(0.0, 99.0) as u32;
    percent
}
