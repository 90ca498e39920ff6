//! Whole screens, rendered without a browser: what stands on them for each state, and pages to look at under `target/gallery`.

mod aside;
mod composing;
mod files;
mod finding;
mod home;
mod work;

use std::rc::Rc;

use domain::order::Tab;
use protocol::command::History;
use protocol::error::{ErrorCode, ErrorDetails, Holder, WireError};
use protocol::view::{Author, CloseReason, ContactView, ConversationView, Preview, Turn};
use protocol::worker::{ConnectionState, HubToPanel, OutboxItem};
use yew::{Callback, Html, LocalServerRenderer, Properties, Reducible as _, component, html, use_reducer};

use super::App;
use crate::link::Link;
use crate::state::drafts::{DraftAction, Drafts};
use crate::state::notice::Notice;
use crate::state::panel::tests::{conversation, message, opening, told};
use crate::state::panel::{Action, Panel};
use crate::state::thread::Fetch;

/// 2026-11-22 17:13:09 UTC.
const NOW: i64 = 1_795_367_589_000;
const MINUTE: i64 = 60_000;

#[derive(Clone, PartialEq, Properties)]
struct ScreenProps {
    panel: Panel,
    drafts: Drafts,
    popped_out: bool,
}

#[component]
fn Screen(props: &ScreenProps) -> Html {
    let (panel, drafts) = (props.clone(), props.clone());
    let panel = use_reducer(move || panel.panel);
    let drafts = use_reducer(move || drafts.drafts);
    html! { <App {panel} {drafts} link={link()} popped_out={props.popped_out} /> }
}

fn link() -> Link {
    Link {
        ask: Callback::noop(),
        tell: Callback::noop(),
        page: Callback::noop(),
        pop_out: Callback::noop(),
        open_options: Callback::noop(),
    }
}

async fn render(actions: Vec<Action>) -> String {
    render_with(actions, Drafts::default()).await
}

async fn render_with(actions: Vec<Action>, drafts: Drafts) -> String {
    render_at(actions, drafts, false).await
}

async fn render_at(actions: Vec<Action>, drafts: Drafts, popped_out: bool) -> String {
    let panel = actions.into_iter().fold(Rc::new(Panel::default()), Panel::reduce);
    let props = ScreenProps { panel: (*panel).clone(), drafts, popped_out };
    LocalServerRenderer::<Screen>::with_props(props).hydratable(false).render().await
}

fn named(id: &str, name: &str, waited_min: i64, text: &str) -> ConversationView {
    let at = NOW - waited_min * MINUTE;
    ConversationView {
        contact: ContactView { id: format!("con_{id}"), name: name.into(), seen_n: 0, block: None },
        preview: Preview { from_contact: true, text: text.into() },
        opened_at: at,
        unanswered_since: at,
        last_message_at: at,
        ..conversation(id)
    }
}

fn taken(id: &str, name: &str, owner: &str, text: &str) -> ConversationView {
    let preview = Preview { from_contact: false, text: text.into() };
    ConversationView {
        assignee_id: Some(owner.into()),
        fence: 1,
        turn: Turn::Theirs,
        preview,
        ..named(id, name, 3, text)
    }
}

fn list() -> Vec<ConversationView> {
    let long = "Konstantin-Alexander von Hohenzollern-Sigmaringen-Lichtenstein the Younger, of the Eastern Branch";
    vec![
        named("cnv_a", "Aylin Demir", 14, "Hello? My parcel says delivered, but there is nothing at the door."),
        named(
            "cnv_b",
            long,
            7,
            "Is the walnut table also available with rounded corners and a darker finish? I could not find it.",
        ),
        named("cnv_c", "Visitor 4F7K", 2, "hi"),
        named("cnv_d", "נועה לוי", 0, "שלום, האם אתם שולחים לישראל?"),
        taken("cnv_e", "Ann Lee", "agt_me", "You can return it within 30 days, the label is in the box."),
        ConversationView {
            turn: Turn::Ours,
            ..taken("cnv_f", "Tomás Ortega", "agt_noah", "Let me look that up for you.")
        },
    ]
}

fn filled(conversations: Vec<ConversationView>) -> Action {
    let mut messages = opening(conversations);
    messages.push(HubToPanel::Connection { state: ConnectionState::Live, offset_ms: NOW });
    Action::Hub(messages)
}

fn history() -> History {
    let mia = || Author::Agent { agent_id: "agt_me".into(), name: "Mia".into() };
    let says = |n, id: &str, author, ago_min: i64, text: &str| protocol::view::MessageView {
        text: text.into(),
        at: NOW - ago_min * MINUTE,
        ..message(n, id, author)
    };
    let earlier = ConversationView {
        closed_at: Some(NOW - 2_900 * MINUTE),
        close_reason: Some(CloseReason::ContactIdle),
        ..conversation("cnv_0")
    };
    History {
        messages: vec![
            says(1, "cnv_0", Author::Contact, 2_950, "Do you ship to Lisbon?"),
            says(2, "cnv_0", mia(), 2_948, "We do: three to five days, free above 50 €."),
            says(
                3,
                "cnv_e",
                Author::Contact,
                21,
                "Good afternoon! The lamp arrived, thank you. It is beautiful, but a little larger than I had hoped for.",
            ),
            says(4, "cnv_e", Author::Contact, 20, "Can I still send it back?\nIt is order <b>10-4471</b>."),
            says(5, "cnv_e", mia(), 4, "Hello Ann, of course."),
            says(6, "cnv_e", mia(), 3, "You can return it within 30 days, the label is in the box."),
        ],
        conversations: vec![earlier],
        has_more: false,
    }
}

fn reading(id: &str) -> Vec<Action> {
    vec![filled(list()), Action::Select(Some(id.into())), Action::HistoryTaken(id.into(), Fetch::Newest, history())]
}

fn error(code: ErrorCode, holder: Option<&str>) -> WireError {
    let holder = holder.map(|name| Holder { agent_id: "agt_noah".into(), name: name.into() });
    WireError {
        code,
        message: String::new(),
        details: ErrorDetails { holder, ..Default::default() },
        request_id: String::new(),
    }
}

fn answer(id: &str, text: &str) -> OutboxItem {
    OutboxItem {
        id: id.into(),
        conversation_id: "cnv_e".into(),
        text: text.into(),
        attachments: Vec::new(),
        fence: 1,
        at: NOW,
    }
}

fn typed(text: &str) -> Drafts {
    let action = DraftAction::Type { conversation_id: "cnv_e".into(), text: text.to_owned().into() };
    (*Rc::new(Drafts::default()).reduce(action)).clone()
}

/// Every screen by name.
async fn screens() -> Vec<(&'static str, String)> {
    let mut mine = reading("cnv_e");
    mine.push(Action::Sending(answer("msg_s", "Shall I send you the label by e-mail as well?")));
    let mut failed = reading("cnv_e");
    let failure = protocol::worker::OutboxState::Failed { error: error(ErrorCode::RateLimited, None) };
    failed.push(Action::Hub(vec![HubToPanel::Outbox { item: answer("msg_f", "One moment, please."), state: failure }]));
    let mut refused = reading("cnv_f");
    refused.push(Action::Notice(Notice::returned(&error(ErrorCode::StaleFence, Some("Noah")))));
    let mut finished = reading("cnv_e");
    finished.push(Action::Tab(Tab::Finished));
    let offline = HubToPanel::Frame { frame: serde_json::from_str(OFFLINE).expect("a frame") };
    let mut off = reading("cnv_a");
    off.push(Action::Hub(vec![offline]));
    let nobody = |address: Option<&str>, n_accounts| Action::Hub(vec![told(None, address, n_accounts)]);
    let mut signed_out = opening(Vec::new());
    signed_out.push(HubToPanel::Connection { state: ConnectionState::SignedOut, offset_ms: NOW });
    let mut all = vec![
        ("list", render(vec![filled(list())]).await),
        ("new", render(reading("cnv_a")).await),
        ("mine", render_with(mine, typed("And if you like")).await),
        ("failed", render(failed).await),
        ("refused", render_with(refused, Drafts::default()).await),
        ("finished", render(finished).await),
        ("offline", render(off).await),
        ("empty", render(vec![filled(Vec::new())]).await),
        ("connecting", render(Vec::new()).await),
        ("welcome", render(vec![nobody(None, 0)]).await),
        ("other", render(vec![nobody(Some("someone.else@example.com"), 2)]).await),
        ("signed-out", render(vec![Action::Hub(signed_out)]).await),
    ];
    all.extend(work::screens().await);
    all.extend(home::screens().await);
    all.extend(aside::screens().await);
    all.extend(finding::screens().await);
    all.extend(composing::screens().await);
    all.extend(files::screens().await);
    all
}

const OFFLINE: &str = r#"{"t":"event","topic":"agent/agt_me","epoch":"","seq":1,"kind":"availability","v":1,"at":0,
    "actor":{"kind":"clock"},"cause":null,"data":{"availability":"offline","offline":{"cause":"by_hand","at":1795366800000}}}"#;

/// What a test finds on a screen: `testid: text`, in order.
fn outline(html: &str) -> String {
    let mut lines = Vec::new();
    for (at, _) in html.match_indices("data-testid=\"") {
        let rest = &html[at + 13..];
        let Some((testid, rest)) = rest.split_once('"') else { continue };
        let content = rest.split_once('>').map_or("", |(_, content)| content);
        let text = content.split('<').next().unwrap_or_default().trim();
        lines.push(if text.is_empty() { testid.to_owned() } else { format!("{testid}: {text}") });
    }
    lines.join("\n")
}

#[tokio::test]
async fn every_screen_has_its_parts() {
    for (name, html) in screens().await {
        insta::assert_snapshot!(name, outline(&html));
    }
}

#[tokio::test]
async fn text_is_text_and_never_markup() {
    let html = render(reading("cnv_e")).await;
    assert!(html.contains("&lt;b&gt;10-4471&lt;/b&gt;") && !html.contains("<b>"));
}

#[tokio::test]
async fn before_it_is_taken_there_is_no_reply_field() {
    // A1
    let html = render(reading("cnv_a")).await;
    assert!(html.contains("Accept conversation") && html.contains("Assign to an agent") && !html.contains("<textarea"));
}

#[tokio::test]
async fn a_refusal_is_an_alert_that_names_the_holder() {
    // A7
    let mut actions = reading("cnv_f");
    actions.push(Action::Notice(Notice::returned(&error(ErrorCode::StaleFence, Some("Noah")))));
    let html = render(actions).await;
    let alert = html.split("role=\"alert\"").nth(1).expect("an alert");
    assert!(alert.contains("Noah") && alert.contains("kept as a draft"));
}

#[tokio::test]
async fn ten_thousand_rows_and_messages_draw_a_bounded_page() {
    // L4
    let many = (0..10_000).map(|n| named(&format!("cnv_{n:05}"), "Ann", n % 60, "hello")).collect();
    let messages = (1..=10_000).map(|n| message(n, "cnv_00001", Author::Contact)).collect();
    let history = History { messages, conversations: Vec::new(), has_more: false };
    let id = "cnv_00001".to_owned();
    let html =
        render(vec![filled(many), Action::Select(Some(id.clone())), Action::HistoryTaken(id, Fetch::Newest, history)])
            .await;
    assert!(html.matches("data-testid=\"row\"").count() < 60);
    assert!(html.matches("data-testid=\"message\"").count() < 200);
}

#[tokio::test]
async fn the_gallery_can_be_looked_at() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sheets, gallery) = (top.join("css"), top.join("../../target/gallery"));
    let mut files: Vec<_> = std::fs::read_dir(&sheets).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let first = ["tokens.css", "base.css"].map(|name| sheets.join(name));
    let rest = files.into_iter().filter(|file| !first.contains(file));
    let css: String = first.iter().cloned().chain(rest).map(|file| std::fs::read_to_string(file).unwrap()).collect();
    std::fs::create_dir_all(&gallery).unwrap();
    for (name, html) in screens().await {
        for (suffix, root) in [
            ("", "data-theme=\"light\""),
            ("-dark", "data-theme=\"dark\""),
            ("-rtl", "data-theme=\"light\" dir=\"rtl\""),
        ] {
            let density = if name.starts_with("compact") { "data-density=\"compact\"" } else { "" };
            let page = format!(
                "<!doctype html><html lang=\"en\" {root} {density}><meta charset=\"utf-8\"><style>{css}</style><body>{html}</body></html>"
            );
            std::fs::write(gallery.join(format!("{name}{suffix}.html")), page).unwrap();
        }
    }
}
