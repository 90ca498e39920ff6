//! What a file is said to be, and what it may be served as.

use super::image::{Seen, look};

/// Bytes of no known kind: nothing shows or runs them.
pub const OCTETS: &str = "application/octet-stream";
/// Longest type that is kept, in bytes.
const TYPE_MAX_BYTES: usize = 100;
/// Pictures that browsers show and that cannot hold a script.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];
/// Sound and films that browsers play.
const PLAYED: [&str; 9] = [
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "video/mp4",
    "video/ogg",
    "video/quicktime",
    "video/webm",
];

/// The type that a file is kept with: what its first bytes show, else what its sender said.
///
/// Of a picture nobody is believed but the bytes, so that what is shown as one is one.
#[must_use]
pub fn stored_type(said: &str, head: &[u8]) -> String {
    if let Some(Seen { media_type, .. }) = look(head) {
        return media_type.to_owned();
    }
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_'))
    };
    let is_type = essence.split_once('/').is_some_and(|(kind, of)| is_token(kind) && is_token(of));
    let is_known = is_type && essence.len() <= TYPE_MAX_BYTES && !PICTURES.contains(&essence.as_str());
    if is_known { essence } else { OCTETS.to_owned() }
}

/// The type that a file is served with: one that nothing runs in, whatever it is (F5).
#[must_use]
pub fn served_type(media_type: &str) -> &'static str {
    PICTURES.into_iter().chain(PLAYED).find(|safe| *safe == media_type).unwrap_or(OCTETS)
}

/// Whether it is a picture that can be shown (F3).
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    PICTURES.contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_served_as_what_could_run() {
        // F5
        for bad in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "", "image/x"]
        {
            assert_eq!(served_type(bad), OCTETS, "{bad}");
        }
        for good in PICTURES.into_iter().chain(PLAYED) {
            assert_eq!(served_type(good), good);
        }
    }

    #[test]
    fn what_is_said_is_believed_only_where_it_does_no_harm() {
        let gif = b"GIF89a\x02\x00\x01\x00";
        assert_eq!(stored_type("text/html", gif), "image/gif");
        for (said, wanted) in [
            ("Text/HTML; charset=utf-8", "text/html"),
            ("image/svg+xml", "image/svg+xml"),
            ("image/png", OCTETS),
            ("video/mp4", "video/mp4"),
            ("", OCTETS),
            ("nonsense", OCTETS),
            ("a/b/c", OCTETS),
            ("a/b\r\nset-cookie: c", OCTETS),
        ] {
            assert_eq!(stored_type(said, b"<html>"), wanted, "{said:?}");
        }
        assert_eq!(stored_type(&format!("a/{}", "b".repeat(99)), b""), OCTETS);
    }
}
