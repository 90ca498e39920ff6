//! What events, snapshots and lost access do.

use super::*;

#[test]
fn an_older_state_is_passed_over_wherever_it_comes_from() {
    let mut desk = desk(vec![conversation(1, 1)]);
    let taken = changed(&conversation(1, 1), |it| it.assignee_id = Some(me()));
    assert!(desk.merge_page(vec![taken.clone()]), "the answer to a command overtook the event");
    assert!(!update(&mut desk, taken));
    assert!(!update(&mut desk, conversation(1, 1)));
    assert_eq!(ids(&desk, Tab::My), [id("cnv", 1)]);
}

#[test]
fn colleagues_and_projects_are_known_by_name() {
    let mut desk = desk(Vec::new());
    let topic = || format!("project/{}", id("prj", 1));
    assert_eq!(desk.agent_name(&id("agt", 2)), Some("Bob"));
    assert_eq!(desk.channels(&id("prj", 1)).len(), 3);
    apply(&mut desk, topic(), EventData { agent: Some(agent(3, "Aaron")), ..EventData::default() });
    let names: Vec<_> = desk.agents(&id("prj", 1)).iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["Aaron", "Ann", "Bob"]);
    apply(&mut desk, topic(), EventData { removed_agent_id: Some(id("agt", 2)), ..EventData::default() });
    assert_eq!(desk.agent_name(&id("agt", 2)), None);
    let renamed = ProjectView { id: id("prj", 1), name: String::from("Store") };
    apply(&mut desk, topic(), EventData { project: Some(renamed), ..EventData::default() });
    assert_eq!(desk.projects()[0].name, "Store");
    assert_eq!(desk.agents(&id("prj", 1)).len(), 2, "renaming keeps the agents");
    assert!(!desk.administers(&id("prj", 1)));
}

#[test]
fn left_forgets_everything_of_the_topic_and_a_snapshot_starts_over() {
    let mut desk = desk((1..=4).map(|n| conversation(n, 1)).collect());
    update(&mut desk, changed(&conversation(4, 1), |it| it.closed_at = Some(9)));
    desk.apply(&channel_snapshot(1, StartOver::CursorTooOld, vec![conversation(2, 1)]));
    assert_eq!(ids(&desk, Tab::Open), [id("cnv", 2)]);
    assert_eq!(ids(&desk, Tab::Finished), [id("cnv", 4)], "finished stays finished");
    desk.apply(&channel_snapshot(1, StartOver::OtherEpoch, vec![conversation(4, 1)]));
    assert_eq!(ids(&desk, Tab::Open), [id("cnv", 4)], "in a restored record it is open again, with an older rev");
    assert!(ids(&desk, Tab::Finished).is_empty());
    desk.apply(&RelayFrame::Left { topic: format!("channel/{}", id("chn", 1)) });
    assert!(ids(&desk, Tab::Open).is_empty());
    assert!(desk.channel(&id("chn", 1)).is_none());
    assert!(desk.channel(&id("chn", 2)).is_some());
}

#[test]
fn snapshots_come_in_parts_and_fill_an_empty_desk() {
    let desk = desk((0..1_201).map(|n| conversation(n, 1)).collect());
    let frames = desk.snapshots();
    let parts = frames
        .iter()
        .filter(|frame| matches!(frame, RelayFrame::Snapshot(it) if it.topic.ends_with(&id("chn", 1))))
        .count();
    assert_eq!(parts, 3);
    let mut copy = Desk::default();
    for frame in &frames {
        assert!(copy.apply(frame));
    }
    assert_eq!(copy.snapshots(), frames);
    assert_eq!((copy.n_waiting(), ids(&copy, Tab::Open)), (desk.n_waiting(), ids(&desk, Tab::Open)));
}

#[test]
fn a_client_who_is_called_otherwise_is_so_in_all_his_conversations() {
    // I4
    let his = |n, channel| {
        let mut view = conversation(n, channel);
        view.contact.id = id("con", 7);
        view
    };
    let mut desk = desk(vec![his(1, 1), his(2, 2), conversation(3, 1)]);
    let details = protocol::contact::ContactDetails {
        id: id("con", 7),
        rev: 1,
        name: String::from("Ann Lee"),
        email: String::new(),
        phone: String::new(),
        about: String::new(),
    };
    let told = |name: &str| {
        let contact = protocol::contact::ContactDetails { name: name.to_owned(), ..details.clone() };
        EventData { contact: Some(contact), ..EventData::default() }
    };
    let topic = || format!("channel/{}", id("chn", 1));
    assert!(apply(&mut desk, topic(), told("Ann Lee")));
    let names: Vec<_> = desk.list(Tab::Open, &Filter::default()).iter().map(|it| it.contact.name.clone()).collect();
    assert_eq!(names.iter().filter(|name| *name == "Ann Lee").count(), 2, "{names:?}");
    assert!(names.contains(&String::from("Visitor 3")));
    assert!(!apply(&mut desk, topic(), told("Ann Lee")), "nothing changed");
}
