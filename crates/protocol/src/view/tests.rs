use super::*;

#[test]
fn what_only_a_newer_relay_knows_is_read_as_something() {
    let read = |json: &str| -> (Right, CloseReason, ChannelKind, Author) {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let of = |name: &str| value[name].clone();
        (
            serde_json::from_value(of("right")).unwrap(),
            serde_json::from_value(of("reason")).unwrap(),
            serde_json::from_value(of("kind")).unwrap(),
            serde_json::from_value(of("author")).unwrap(),
        )
    };
    let newer = r#"{"right":"auditor","reason":"merged","kind":"fax","author":{"kind":"robot","model":7}}"#;
    assert_eq!(read(newer), (Right::Agent, CloseReason::Other, ChannelKind::Other, Author::Other));
    let known = r#"{"right":"owner","reason":"contact_idle","kind":"online_chat","author":{"kind":"contact"}}"#;
    assert_eq!(read(known), (Right::Owner, CloseReason::ContactIdle, ChannelKind::OnlineChat, Author::Contact));
    assert_eq!(
        serde_json::from_str::<crate::error::ErrorCode>("\"teapot\"").unwrap(),
        crate::error::ErrorCode::Unknown
    );
}

#[test]
fn switches_of_which_an_older_relay_says_nothing_are_as_at_first() {
    // N6
    let older = r#"{"offline_after_minutes":15,"detach_after_minutes":30}"#;
    let read: AgentSettings = serde_json::from_str(older).unwrap();
    assert_eq!((read.offline_after_minutes, read.detach_after_minutes), (15, 30));
    assert_eq!((read.sound_notifications, read.popup_notifications, read.repeat_until_seen), (true, true, false));
}
