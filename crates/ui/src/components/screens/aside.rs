//! Screens of the right chat panel, and of who else is in a conversation (A8, I1, I3, I4, O1–O3).

use protocol::command::ConversationPage;
use protocol::contact::ContactDetails;
use protocol::frame::RelayFrame;
use protocol::note::{NotePage, NoteView};
use protocol::visit::{PageSeen, ScreenSize, VisitView};
use protocol::worker::HubToPanel;

use super::*;
use crate::state::aside::AsideTab;
use crate::state::dossier::{DossierAction, Part};
use crate::state::note_drafts::NoteAction;
use crate::state::panel::AsideAction;

const CLIENT: &str = "con_cnv_e";

fn of_client(happened: DossierAction) -> Action {
    Action::Aside(AsideAction::Dossier(CLIENT.into(), happened))
}

fn of_note(happened: NoteAction) -> Action {
    Action::Aside(AsideAction::Note("cnv_e".into(), happened))
}

/// The panel in the place of a conversation.
fn shown() -> Vec<Action> {
    let mut actions = reading("cnv_e");
    actions.push(Action::Aside(AsideAction::Show { has_room: false, shown: true }));
    actions.extend(Part::ALL.map(|part| of_client(DossierAction::Asked(part))));
    actions
}

fn details() -> ContactDetails {
    ContactDetails {
        id: CLIENT.into(),
        rev: 3,
        name: "Ann Lee".into(),
        email: "ann.lee@a-rather-long-name-of-a-company.example".into(),
        phone: String::new(),
        about: "Prefers mornings.\nOrders for <b>two</b> shops.".into(),
    }
}

fn earlier(n: i64) -> ConversationView {
    ConversationView {
        id: format!("cnv_{n}"),
        closed_at: Some(NOW - n * 1_440 * MINUTE),
        close_reason: Some(CloseReason::ContactIdle),
        last_message_at: NOW - n * 1_440 * MINUTE,
        ..named("cnv_0", "Ann Lee", 0, "Do you ship to Lisbon, and if so how long does it take?")
    }
}

fn note(n: i64, conversation_id: &str, text: &str) -> NoteView {
    NoteView {
        id: format!("not_{n}"),
        contact_id: CLIENT.into(),
        conversation_id: conversation_id.into(),
        agent_id: "agt_noah".into(),
        agent_name: "Noah".into(),
        text: text.into(),
        at: NOW - n * 200 * MINUTE,
    }
}

fn page(path: &str, title: &str, ago_min: i64, seconds: u32) -> PageSeen {
    PageSeen { url: format!("https://shop.example/{path}"), title: title.into(), at: NOW - ago_min * MINUTE, seconds }
}

/// The client is on the website: the relay heard of him 7 s ago.
fn visit() -> VisitView {
    let long = "Walnut table with rounded corners, oiled by hand, made to measure — Fennimore & Daughters of Lisbon";
    let pages = vec![
        page("", "Fennimore & Daughters", 12, 95),
        page("tables/walnut-table-with-rounded-corners?finish=darker&size=180x90&from=newsletter", long, 9, 421),
        page("basket", "", 2, 101),
    ];
    VisitView {
        ip: Some("2001:db8:85a3:8d3:1319:8a2e:370:7348".into()),
        browser: "Firefox 140 on Windows".into(),
        screen: Some(ScreenSize { width: 1920, height: 1080 }),
        language: Some("de-AT".into()),
        start_page: pages.first().cloned(),
        current_page: pages.last().cloned(),
        n_pages: 3,
        pages,
        on_site_seconds: 617,
        here: true,
        at: NOW - 7_000,
    }
}

/// Everything came.
fn full() -> Vec<Action> {
    full_with(visit())
}

fn full_with(visit: VisitView) -> Vec<Action> {
    let conversations = (1..=7).map(earlier).collect();
    let notes = vec![
        note(0, "cnv_e", "Wants the lamp in the smaller size; <b>call</b> when it is back.\nNot before ten."),
        note(9, "cnv_0", "Paid twice by mistake, refunded."),
    ];
    let mut actions = shown();
    actions.push(of_client(DossierAction::Details(details())));
    actions.push(of_client(DossierAction::Conversations(ConversationPage { conversations, next: None }, true)));
    actions.push(of_client(DossierAction::Notes(NotePage { notes, next: Some("2".into()) }, true)));
    actions.push(of_client(DossierAction::Visit(Some(visit))));
    actions
}

/// He left ten minutes ago, and his browser says little.
fn gone() -> VisitView {
    let (ip, screen, language, browser) = (None, None, None, String::new());
    VisitView { ip, browser, screen, language, here: false, on_site_seconds: 4_000, at: NOW - 10 * MINUTE, ..visit() }
}

/// Everything came, and there is nothing.
fn nothing() -> Vec<Action> {
    let bare = ContactDetails { email: String::new(), about: String::new(), ..details() };
    let mut actions = shown();
    actions.push(of_client(DossierAction::Details(bare)));
    let conversations = ConversationPage { conversations: Vec::new(), next: None };
    actions.push(of_client(DossierAction::Conversations(conversations, true)));
    actions.push(of_client(DossierAction::Notes(NotePage { notes: Vec::new(), next: None }, true)));
    actions.push(of_client(DossierAction::Visit(None)));
    actions
}

fn passed(frame: RelayFrame) -> Action {
    Action::Aside(AsideAction::Passed(frame, 0))
}

fn typing(agent_id: Option<&str>) -> Action {
    let agent_id = agent_id.map(Into::into);
    passed(RelayFrame::Typing { topic: String::new(), conversation_id: Some("cnv_e".into()), agent_id })
}

fn looking(agent_id: &str) -> Action {
    let (topic, conversation_id) = (String::new(), "cnv_e".into());
    passed(RelayFrame::Viewing { topic, conversation_id, agent_id: agent_id.into(), viewing: true })
}

fn notes_tab() -> Action {
    Action::Aside(AsideAction::Tab(AsideTab::Notes))
}

async fn and(mut actions: Vec<Action>, then: Vec<Action>) -> String {
    actions.extend(then);
    render(actions).await
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    let failed = Part::ALL.map(|part| of_client(DossierAction::Failed(part))).to_vec();
    let begun = || vec![of_note(NoteAction::Open), of_note(NoteAction::Type("Calls at night".into()))];
    let mut refused = begun();
    refused.push(of_note(NoteAction::Saving("not_1".into())));
    refused.push(of_note(NoteAction::Failed("Not saved, and your text is kept.".into())));
    vec![
        ("information", and(full(), Vec::new()).await),
        ("information-empty", and(nothing(), Vec::new()).await),
        ("information-loading", and(shown(), Vec::new()).await),
        ("information-failed", and(shown(), failed).await),
        ("information-left", and(full_with(gone()), Vec::new()).await),
        ("notes", and(full(), vec![notes_tab()]).await),
        ("notes-empty", and(nothing(), vec![notes_tab()]).await),
        ("note-open", and(full(), vec![of_note(NoteAction::Open)]).await),
        ("note-refused", and(full(), refused).await),
        ("company", and(reading("cnv_e"), vec![looking("agt_noah"), looking("agt_me"), typing(None)]).await),
    ]
}

#[tokio::test]
async fn what_nobody_knows_is_not_drawn_and_text_is_text() {
    // I4
    let html = and(full(), Vec::new()).await;
    assert!(html.contains("E-mail") && html.contains("About") && !html.contains("Phone"));
    assert!(html.contains("&lt;b&gt;two&lt;/b&gt;") && !html.contains("<b>"));
}

#[tokio::test]
async fn a_visit_is_told_in_full_and_counts_on_while_the_client_is_there() {
    // I1
    let html = and(full(), Vec::new()).await;
    for words in [
        "On the website now",
        "IP address",
        "2001:db8:85a3:8d3:1319:8a2e:370:7348",
        "Firefox 140 on Windows",
        "Screen resolution",
        "1920 × 1080",
        "Browser language",
        "de-AT",
        "Start page",
        "Current page",
        "Pages opened",
        "10 min 24 s",
    ] {
        assert!(html.contains(words), "{words} is missing");
    }
    assert!(
        html.contains("href=\"https://shop.example/basket\" target=\"_blank\" rel=\"noopener noreferrer nofollow\"")
    );
    let html = and(full_with(gone()), Vec::new()).await;
    assert!(html.contains("Last on the website: Today, 17:03") && html.contains("1 h 6 min"));
    assert!(!html.contains("IP address") && !html.contains("Screen resolution"));
}

#[tokio::test]
async fn an_address_that_is_none_of_the_web_is_no_link_and_text_is_text() {
    // I1
    let evil = PageSeen { url: "javascript:alert(1)".into(), title: "<b>Click</b>".into(), at: NOW, seconds: 1 };
    let visit = VisitView { start_page: Some(evil), ..visit() };
    let html = and(full_with(visit), Vec::new()).await;
    assert!(html.contains("javascript:alert(1)") && !html.contains("href=\"javascript") && !html.contains("<b>"));
}

#[tokio::test]
async fn nothing_of_the_former_client_stands_beside_another_one() {
    // I4
    let mut actions = full();
    actions.push(Action::Select(Some("cnv_a".into())));
    actions.push(Action::Aside(AsideAction::Show { has_room: false, shown: true }));
    let html = render(actions).await;
    let aside = html.split("data-testid=\"aside\"").nth(1).expect("the panel");
    assert!(aside.contains("Aylin Demir") && !aside.contains("Ann Lee") && !aside.contains("company.example"));
}

#[tokio::test]
async fn an_empty_note_cannot_be_saved_and_the_button_says_why() {
    // O1
    let button = |html: &str| {
        let button = html.split("data-testid=\"save-note\"").nth(1).expect("the button");
        button.split_once('>').map(|(attributes, _)| attributes.to_owned()).expect("its end")
    };
    let empty = button(&and(full(), vec![of_note(NoteAction::Open)]).await);
    assert!(empty.contains("disabled") && empty.contains("An empty note cannot be saved."), "{empty}");
    let typed = vec![of_note(NoteAction::Open), of_note(NoteAction::Type("Calls".into()))];
    assert!(!button(&and(full(), typed).await).contains("disabled"));
}

#[tokio::test]
async fn offline_and_for_others_conversations_notes_are_there_as_well() {
    // P7 O3
    let offline = HubToPanel::Frame { frame: serde_json::from_str(OFFLINE).expect("a frame") };
    let mut actions = reading("cnv_f");
    actions.push(Action::Hub(vec![offline]));
    actions.push(Action::Aside(AsideAction::Show { has_room: false, shown: true }));
    assert!(render(actions).await.contains("Leave a note"));
}

#[tokio::test]
async fn others_are_named_and_oneself_is_not() {
    // A8
    let html = and(reading("cnv_e"), vec![looking("agt_noah"), looking("agt_me"), typing(None)]).await;
    assert!(html.contains(">Ann Lee is typing…<") && html.contains(">Noah is looking<"));
    let elsewhere = and(reading("cnv_a"), vec![looking("agt_noah")]).await;
    assert!(!elsewhere.contains("is looking"));
}
