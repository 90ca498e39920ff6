//! Screens of clocks, blocks, and of going Offline.

use protocol::view::{BlockTerm, BlockView, Due};

use super::*;
use crate::components::block_form::{BlockForm, Entered};
use crate::components::offline_dialog::OfflineDialog;
use crate::components::online_button::OnlineButton;

/// Mine, about to go back to "New".
fn detaching(left_ms: i64) -> ConversationView {
    let (turn, due, deadline_at) = (Turn::Ours, Some(Due::Detach), Some(NOW + left_ms));
    ConversationView { turn, due, deadline_at, ..taken("cnv_e", "Ann Lee", "agt_me", "Let me look that up.") }
}

fn finishing(owner: &str) -> ConversationView {
    let (due, deadline_at) = (Some(Due::Finish), Some(NOW + 59_500));
    ConversationView { due, deadline_at, ..taken("cnv_e", "Ann Lee", owner, "You are welcome.") }
}

fn blocked(mut conversation: ConversationView, until: Option<i64>) -> ConversationView {
    let (id, by_name, reason) = ("blk_1".into(), "Noah".into(), Some("Insults, after two warnings".into()));
    conversation.contact.block =
        Some(BlockView { id, since: NOW - 60 * MINUTE, until, by_name, reason, also_ip: true });
    conversation
}

/// The screen of a conversation, read in the middle.
async fn of(conversation: ConversationView) -> String {
    render(middle(conversation)).await
}

fn middle(conversation: ConversationView) -> Vec<Action> {
    let id = conversation.id.clone();
    let mut list = list();
    list.retain(|known| known.id != id);
    list.push(conversation);
    vec![filled(list), Action::Select(Some(id.clone())), Action::HistoryTaken(id, Fetch::Newest, history())]
}

fn gone_offline(of: &str) -> Action {
    let frame = OFFLINE.replace(r#"{"cause":"by_hand","at":1795366800000}"#, of);
    Action::Hub(vec![HubToPanel::Frame { frame: serde_json::from_str(&frame).expect("a frame") }])
}

#[component]
fn Dialog() -> Html {
    html! {
        <div class="ds-app">
            <div class="ds-top-menu">
                <div class="ds-presence">
                    <OnlineButton availability={protocol::view::Availability::Online} disabled=false onchoose={Callback::noop()} />
                    <OfflineDialog n_in_work=3 onanswer={Callback::noop()} />
                </div>
            </div>
        </div>
    }
}

#[component]
fn Form() -> Html {
    let entered = Entered { reason: "Insults".into(), also_ip: true };
    html! {
        <div class="ds-app">
            <div class="ds-top-menu"><div class="ds-top-menu__actions"><div class="ds-block-menu">
                <button type="button" class="ds-button ds-button--secondary" aria-expanded="true">{ "Block" }</button>
                <BlockForm name="Konstantin-Alexander von Hohenzollern-Sigmaringen" has_ip=true {entered} onenter={Callback::noop()}
                    onchoose={Callback::<BlockTerm>::noop()} />
            </div></div></div>
        </div>
    }
}

async fn dialog() -> String {
    LocalServerRenderer::<Dialog>::new().hydratable(false).render().await
}

async fn form() -> String {
    LocalServerRenderer::<Form>::new().hydratable(false).render().await
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    let blocked_mine =
        blocked(taken("cnv_e", "Ann Lee", "agt_me", "Please stay polite."), Some(NOW + 23 * 60 * MINUTE));
    let mut with_draft = middle(blocked_mine.clone());
    with_draft.push(gone_offline("null"));
    let named = |id, name| named(id, name, 2, "hi");
    let ended = ConversationView {
        closed_at: Some(NOW - 5 * MINUTE),
        close_reason: Some(CloseReason::ContactBlocked),
        ..blocked(taken("cnv_e", "Ann Lee", "agt_me", "Please stay polite."), None)
    };
    vec![
        ("detaching", of(detaching(102_100)).await),
        ("finishing", of(finishing("agt_me")).await),
        ("blocked-mine", render_with(middle(blocked_mine), typed("What I was writing")).await),
        ("blocked-offline", render(with_draft).await),
        ("blocked-new", of(blocked(named("cnv_c", "Visitor 4F7K"), None)).await),
        ("ended-by-block", of(ended).await),
        ("offline-dialog", dialog().await),
        ("block-form", form().await),
    ]
}

/// The count-down's tag, and its words.
fn count_down(html: &str) -> Option<(&str, &str)> {
    let at = html.find("data-testid=\"count-down-words\"")?;
    let (tag, shown) = html[html[..at].rfind('<')?..].split_once('>')?;
    Some((tag, shown.split('<').next()?))
}

fn words(html: &str) -> Option<&str> {
    count_down(html).map(|(_, words)| words)
}

#[tokio::test]
async fn the_count_down_shows_in_the_last_two_minutes_to_whom_it_concerns() {
    // A10, X3, L6: by the relay's clock.
    assert_eq!(words(&of(detaching(102_100)).await), Some("Goes back to New in 1:43 unless you answer"));
    assert_eq!(words(&of(detaching(120_001)).await), None);
    let colleagues = ConversationView { assignee_id: Some("agt_noah".into()), ..detaching(50_000) };
    assert_eq!(words(&of(colleagues).await), None);
    let html = of(finishing("agt_me")).await;
    assert_eq!(words(&html), Some("Finishes in 1:00"));
    assert!(html.contains(">Postpone<"));
    let html = of(finishing("agt_noah")).await;
    assert_eq!(words(&html), Some("Finishes in 1:00"));
    assert!(!html.contains(">Postpone<"), "its owner alone is offered it");
}

#[tokio::test]
async fn the_count_down_is_read_aloud_once_and_not_each_second() {
    // A10
    let html = of(detaching(102_100)).await;
    assert!(count_down(&html).is_some_and(|(tag, _)| tag.contains("aria-live=\"off\"")));
    let aloud = |html: &str| html.matches("This conversation goes back to New in less than two minutes").count();
    assert_eq!((aloud(&html), aloud(&of(detaching(140_000)).await)), (1, 0));
}

#[tokio::test]
async fn a_blocked_client_is_not_answered_and_what_was_typed_is_kept() {
    // B1, B6
    let mine = blocked(taken("cnv_e", "Ann Lee", "agt_me", "Please."), Some(NOW + 23 * 60 * MINUTE));
    let html = render_with(middle(mine.clone()), typed("What I was writing")).await;
    assert!(!html.contains("<textarea") && html.contains("What I was writing"));
    assert!(html.contains("The client is blocked") && html.contains("Blocked · 23 h left"));
    assert_eq!((html.matches(">Unblock<").count(), html.matches(">Block<").count()), (2, 0));
    assert!(html.contains("By Noah, Today, 16:13 · until Nov 23, 16:13 · also this IP · Insults"));
    let html = of(taken("cnv_e", "Ann Lee", "agt_me", "Please.")).await;
    assert!(html.contains("<textarea") && html.contains(">Block<") && !html.contains(">Unblock<"));
    let over = blocked(mine, Some(NOW));
    assert!(of(over).await.contains("<textarea"), "it ends by itself");
}

#[tokio::test]
async fn a_blocked_clients_new_conversation_can_still_be_taken() {
    // B6
    let html = of(blocked(named("cnv_c", "Visitor 4F7K", 2, "hi"), None)).await;
    assert!(html.contains("Blocked forever") && html.contains("Accept conversation") && html.contains(">Unblock<"));
}

#[tokio::test]
async fn why_one_is_offline_can_be_asked_only_when_there_is_a_reason() {
    // P10
    let asks = |html: &str| html.contains("aria-label=\"Why am I offline?\"");
    let mut actions = middle(taken("cnv_e", "Ann Lee", "agt_me", "hi"));
    assert!(!asks(&render(actions.clone()).await), "Online");
    actions.push(gone_offline(r#"{"cause":"last_page_closed","at":5}"#));
    assert!(asks(&render(actions.clone()).await));
    actions.push(gone_offline("null"));
    assert!(!asks(&render(actions).await), "a relay that does not say");
}

#[tokio::test]
async fn who_goes_offline_with_work_is_asked_in_a_dialog() {
    // P11
    let html = dialog().await;
    assert!(html.contains("role=\"alertdialog\"") && html.contains("aria-modal=\"true\""));
    assert!(html.contains("You have 3 conversations in work."));
    for answer in ["Return to New", "Keep them", "Cancel"] {
        assert!(html.contains(&format!(">{answer}<")), "{answer}");
    }
}

#[tokio::test]
async fn the_terms_of_a_block_are_offered_with_reason_and_address() {
    // B1, B6
    let html = form().await;
    for words in ["15 minutes", "1 hour", "1 day", "1 week", "1 month", "Forever", "also this IP", "Reason"] {
        assert!(html.contains(&format!(">{words}<")), "{words}");
    }
    assert!(html.contains("maxlength=\"500\"") && html.contains("value=\"Insults\"") && html.contains("checked"));
}
