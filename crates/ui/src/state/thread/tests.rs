use super::*;

fn message(n: u32) -> MessageView {
    MessageView {
        id: format!("msg_{n}"),
        conversation_id: "cnv_1".into(),
        n,
        author: Author::Contact,
        text: "x".into(),
        at: i64::from(n),
        attachments: Vec::new(),
    }
}

fn history(numbers: std::ops::RangeInclusive<u32>, has_more: bool) -> History {
    History { messages: numbers.map(message).collect(), conversations: Vec::new(), has_more }
}

fn numbers(thread: &Thread) -> Vec<u32> {
    thread.messages().iter().map(|message| message.n).collect()
}

#[test]
fn older_pages_and_live_messages_join_without_gap_or_double() {
    let mut thread = Thread::default();
    thread.take_newest(history(5..=8, true));
    thread.append(Rc::new(message(9)));
    thread.append(Rc::new(message(9)));
    thread.take_older(history(2..=5, true));
    assert_eq!(numbers(&thread), [2, 3, 4, 5, 6, 7, 8, 9]);
    assert!(thread.has_more && !thread.stale);
    assert_eq!((thread.first_n(), thread.last_contact_n()), (Some(2), Some(9)));
}

#[test]
fn a_gap_makes_it_stale_and_the_newest_page_heals_it() {
    let mut thread = Thread::default();
    thread.take_newest(history(1..=3, false));
    thread.append(Rc::new(message(6)));
    assert!(thread.stale);
    assert_eq!(numbers(&thread), [1, 2, 3], "nothing is shown after a hole");
    thread.take_newest(history(2..=6, true));
    assert_eq!(numbers(&thread), [1, 2, 3, 4, 5, 6]);
    assert!(!thread.stale && !thread.has_more, "what was known of the beginning stays known");
}

#[test]
fn a_message_that_comes_while_the_newest_are_fetched_is_not_missed() {
    let mut thread = Thread::default();
    thread.ask(Fetch::Newest);
    thread.append(Rc::new(message(4)));
    thread.take_newest(history(1..=3, false));
    assert!(thread.loaded && thread.stale, "the page was read before the message was stored");
    thread.ask(Fetch::Newest);
    thread.take_newest(history(1..=4, false));
    assert_eq!(numbers(&thread), [1, 2, 3, 4]);
    assert!(!thread.stale);
}

#[test]
fn a_message_that_no_page_has_is_not_asked_for_for_ever() {
    let mut thread = Thread::default();
    thread.append(Rc::new(message(9)));
    thread.ask(Fetch::Newest);
    thread.take_newest(history(1..=3, false));
    assert!(!thread.stale);
}

#[test]
fn a_newest_page_far_ahead_replaces_what_was_known() {
    let mut thread = Thread::default();
    thread.take_newest(history(1..=3, false));
    thread.take_newest(history(60..=62, true));
    assert_eq!(numbers(&thread), [60, 61, 62]);
    assert!(thread.has_more);
}

#[test]
fn a_message_before_the_first_fetch_is_fetched_with_the_rest() {
    let mut thread = Thread::default();
    thread.append(Rc::new(message(4)));
    assert!(thread.stale && thread.messages().is_empty());
}

/// A thread whose conversation has 200 messages, around one in the middle.
fn around(n: u32) -> Thread {
    let mut thread = Thread::default();
    thread.ask(Fetch::Around(n));
    assert_eq!(Fetch::Around(n).before(), Some(n + 26));
    thread.take(Fetch::Around(n), history(n - 24..=n + 25, true), 200);
    thread
}

#[test]
fn a_part_in_the_middle_has_a_cut_that_newer_pages_mend() {
    // S2
    let mut thread = around(100);
    assert!(thread.loaded && thread.covers(100) && !thread.covers(126));
    assert_eq!((thread.cut(), thread.first_n()), (Some(125), Some(76)));
    thread.append(Rc::new(message(201)));
    assert_eq!(numbers(&thread).last(), Some(&125), "nothing is shown after a hole");
    assert!(!thread.stale, "and the reader is not torn away");
    for to in [175, 200] {
        let fetch = Fetch::Newer(thread.cut().expect("a cut"));
        assert_eq!(fetch.before(), Some(thread.known_to() + 51));
        thread.ask(fetch);
        thread.take(fetch, history(to - 49..=to, true), 200);
    }
    assert_eq!(numbers(&thread), (76..=200).collect::<Vec<_>>());
    assert!(thread.cut().is_none() && !thread.stale && thread.has_more);
}

#[test]
fn a_message_that_comes_while_the_cut_is_mended_is_fetched() {
    let mut thread = around(160);
    thread.ask(Fetch::Newer(185));
    thread.append(Rc::new(message(201)));
    thread.take(Fetch::Newer(185), history(151..=200, true), 200);
    assert!(thread.cut().is_none() && thread.stale, "the page was read before it was stored");
}

#[test]
fn numbers_that_are_missing_do_not_stop_the_way_down() {
    let mut thread = around(100);
    thread.ask(Fetch::Newer(125));
    // Numbers 126 to 175 are other channels': the page has what was known.
    thread.take(Fetch::Newer(125), history(76..=125, true), 200);
    assert_eq!((numbers(&thread).len(), thread.cut()), (50, Some(175)));
}

#[test]
fn a_part_that_touches_what_is_known_joins_it() {
    let mut thread = Thread::default();
    thread.take_newest(history(151..=200, true));
    thread.ask(Fetch::Around(130));
    thread.take(Fetch::Around(130), history(106..=155, false), 200);
    assert_eq!(numbers(&thread), (106..=200).collect::<Vec<_>>());
    assert!(thread.cut().is_none() && !thread.has_more);
}

#[test]
fn the_newest_take_the_place_of_a_part_far_away() {
    let mut thread = around(60);
    thread.ask(Fetch::Newest);
    thread.take(Fetch::Newest, history(151..=200, true), 200);
    assert_eq!((numbers(&thread).first(), thread.cut()), (Some(&151), None));
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut thread = around(60);
    thread.ask(Fetch::Older(36));
    thread.ask(Fetch::Newest);
    thread.take(Fetch::Newest, history(151..=200, true), 200);
    let before = thread.clone();
    thread.take(Fetch::Older(36), history(1..=35, false), 200);
    thread.take(Fetch::Around(5), history(1..=30, false), 200);
    assert_eq!(thread, before);
}

#[test]
fn an_older_page_that_comes_late_is_not_put_beside_a_hole() {
    // S2
    let mut thread = around(60);
    thread.ask(Fetch::Older(36));
    thread.ask(Fetch::Newest);
    thread.take(Fetch::Newest, history(151..=200, true), 200);
    thread.ask(Fetch::Older(151));
    thread.take(Fetch::Older(36), history(1..=35, false), 200);
    assert_eq!(
        (numbers(&thread).first(), thread.fetch),
        (Some(&151), Fetch::Older(151)),
        "it joins nothing that is held"
    );
    thread.take(Fetch::Older(151), history(101..=150, true), 200);
    assert_eq!(numbers(&thread), (101..=200).collect::<Vec<_>>());
    // Nor is one that was asked for just before the others came; it is asked for anew.
    thread.ask(Fetch::Older(36));
    thread.take(Fetch::Older(36), history(1..=35, false), 200);
    assert_eq!((numbers(&thread).first(), thread.fetch), (Some(&101), Fetch::Idle));
}
