//! N1, N2, N3, N8: what waits for the agent.

use super::*;

#[test]
fn unread_is_counted_per_conversation_and_channel_for_who_is_concerned() {
    // N1: nobody but the subscribed agents. N2: counters at the conversation and at the channel, cleared by reading.
    let mut desk = desk(vec![conversation(1, 1), conversation(2, 1), conversation(3, 3)]);
    assert_eq!((desk.channel_unread(&id("chn", 1)), desk.channel_unread(&id("chn", 3))), (2, 0));
    update(&mut desk, changed(&conversation(1, 1), |it| it.n_alerts = 4));
    assert_eq!(desk.channel_unread(&id("chn", 1)), 5);
    assert_eq!(desk.unread(desk.conversation(&id("cnv", 1)).unwrap()), 4);
    let read = ReadMark { conversation_id: id("cnv", 1), n_alerts: 4 };
    assert!(apply(&mut desk, format!("agent/{}", me()), EventData { read: Some(read), ..EventData::default() }));
    assert_eq!(desk.unread(desk.conversation(&id("cnv", 1)).unwrap()), 0);
    assert_eq!((desk.channel_unread(&id("chn", 1)), desk.n_waiting()), (1, 1));
    let mine = changed(&conversation(3, 3), |it| it.assignee_id = Some(me()));
    update(&mut desk, mine);
    assert_eq!((desk.channel_unread(&id("chn", 3)), desk.n_waiting()), (1, 2), "his own counts in every channel");
}

#[test]
fn a_conversation_that_i_am_given_is_unread_whatever_i_saw_of_it() {
    // N3: "Assign" raises no counter; the relay lowers the mark of who is given it, and says so after the event.
    let mut desk = desk(vec![changed(&conversation(1, 1), |it| it.n_alerts = 2)]);
    let own = format!("agent/{}", me());
    let mark = |n_alerts| EventData {
        read: Some(ReadMark { conversation_id: id("cnv", 1), n_alerts }),
        ..EventData::default()
    };
    let unread = |desk: &Desk| desk.unread(desk.conversation(&id("cnv", 1)).unwrap());
    apply(&mut desk, own.clone(), mark(2));
    assert_eq!((unread(&desk), desk.n_waiting()), (0, 0));
    let mut mine = desk.conversation(&id("cnv", 1)).unwrap().as_ref().clone();
    (mine.rev, mine.assignee_id) = (mine.rev + 1, Some(me()));
    let data = EventData { conversation: Some(mine), ..EventData::default() };
    let given = |to: u32| {
        let alert = Audience::Only { agent_id: id("agt", to) };
        event(format!("channel/{}", id("chn", 1)), alert, data.clone())
    };
    desk.apply(&RelayFrame::Event(Box::new(given(1))));
    assert!(!desk.note_given(&given(2)), "given to somebody else");
    assert_eq!(unread(&desk), 0, "while catching up only the record counts: it may have been read since");
    assert!(desk.note_given(&given(1)));
    assert_eq!((unread(&desk), desk.n_waiting()), (1, 1));
    assert!(!apply(&mut desk, own.clone(), mark(1)), "the relay's word changes nothing any more");
    apply(&mut desk, own.clone(), mark(2));
    assert_eq!(unread(&desk), 0, "read again");
    assert!(apply(&mut desk, own, mark(1)), "a lower mark counts too");
    assert_eq!((unread(&desk), desk.n_waiting()), (1, 1));
}

#[test]
fn waiting_are_mine_and_the_new_ones_of_subscribed_channels() {
    // N8
    let mut desk = desk((1..=3).map(|n| conversation(n, n)).collect());
    assert_eq!(desk.n_waiting(), 2);
    let taken = changed(&conversation(1, 1), |it| {
        it.assignee_id = Some(id("agt", 2));
    });
    update(&mut desk, taken.clone());
    assert_eq!(desk.n_waiting(), 1, "Bob's waits for Bob");
    assert_eq!(desk.channel_unread(&id("chn", 1)), 1, "but its counter stays (N3)");
    update(&mut desk, changed(&taken, |it| it.closed_at = Some(9)));
    assert_eq!(desk.channel_unread(&id("chn", 1)), 0);
}

#[test]
fn subscriptions_change_live() {
    // N1: each chooses among the channels that he has access to.
    let mut desk = desk(vec![conversation(3, 3)]);
    let subscription = Subscription { channel_id: id("chn", 3), subscribed: true };
    let data = EventData { subscription: Some(subscription), ..EventData::default() };
    assert!(apply(&mut desk, format!("agent/{}", me()), data.clone()));
    assert!(!apply(&mut desk, format!("agent/{}", me()), data));
    assert_eq!((desk.channel_unread(&id("chn", 3)), desk.n_waiting()), (1, 1));
}

#[test]
fn alerts_follow_the_table_of_n3() {
    // N3
    let in_channel = |channel, alert| event(format!("channel/{}", id("chn", channel)), alert, EventData::default());
    let mut desk = desk(Vec::new());
    assert!(desk.alerts(&in_channel(1, Audience::Subscribed)));
    assert!(!desk.alerts(&in_channel(3, Audience::Subscribed)), "N1: access is not subscription");
    assert!(desk.alerts(&in_channel(3, Audience::Assignee { agent_id: me() })));
    assert!(!desk.alerts(&in_channel(1, Audience::Assignee { agent_id: id("agt", 2) })));
    assert!(desk.alerts(&in_channel(1, Audience::Only { agent_id: me() })));
    assert!(!desk.alerts(&in_channel(1, Audience::Nobody)));
    assert!(!desk.alerts(&in_channel(1, Audience::Only { agent_id: String::from("nobody") })));
    let offline = EventData { availability: Some(Availability::Offline), ..EventData::default() };
    assert!(apply(&mut desk, format!("agent/{}", me()), offline));
    assert!(!desk.alerts(&in_channel(1, Audience::Subscribed)), "Offline: counters only");
    assert!(!Desk::default().alerts(&in_channel(1, Audience::Subscribed)));
}
