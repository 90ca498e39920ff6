//! Files in messages (F1–F5).

use serde::{Deserialize, Serialize};

/// A file of a message, or one that was uploaded to be sent. Its bytes are at `/v1/attachments/{id}`, a client's at
/// `/v1/widget/attachments/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// `att_…`, made by the sender.
    pub id: String,
    /// Its name without folders, at most 255 bytes.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// What it is: by its bytes if it is a picture, else as its sender said. Nothing to show it by: [`domain::file::served_type`] is.
    pub media_type: String,
    /// How wide it is shown, in pixels, if it is a picture whose first bytes tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// How high it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// The request header with a file's name on its way in: UTF-8, percent-encoded. Addresses stand in the logs of proxies; names must not.
pub const NAME_HEADER: &str = "deskside-file-name";

/// The largest file in bytes, where an older relay says nothing of it.
#[must_use]
pub const fn usual_limit() -> u64 {
    domain::file::FILE_LIMIT
}

/// What a channel's administrators switch on and off. Where an older relay says nothing of a switch, it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSwitches {
    /// "Clients may send files" (F4); on at first.
    #[serde(default = "on")]
    pub files_allowed: bool,
    /// Whether the pages of a visit are noted (W3); on at first.
    #[serde(default = "on")]
    pub visits_allowed: bool,
}

const fn on() -> bool {
    true
}

impl Default for ChannelSwitches {
    fn default() -> Self {
        Self { files_allowed: true, visits_allowed: true }
    }
}

/// `PUT /v1/channels/{channel_id}/settings`. A switch that is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "files_allowed": false })))]
pub struct SetChannelSwitches {
    /// "Clients may send files".
    #[serde(default)]
    pub files_allowed: Option<bool>,
    /// Whether the pages of a visit are noted.
    #[serde(default)]
    pub visits_allowed: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_of_which_an_older_relay_says_nothing_are_on() {
        // F4, W3
        assert_eq!(serde_json::from_str::<ChannelSwitches>("{}").unwrap(), ChannelSwitches::default());
        let off = serde_json::from_str::<ChannelSwitches>(r#"{"files_allowed":false,"newer":1}"#).unwrap();
        assert_eq!(off, ChannelSwitches { files_allowed: false, visits_allowed: true });
    }
}
