//! Screens of search, of jumps into a conversation, and of new messages.

use protocol::file::AttachmentView;
use protocol::search::{FoundConversation, FoundMessage, SearchPage, TextRange};
use protocol::view::MessageView;

use super::*;
use crate::state::finding::Find;

/// Where a word stands in a text, in characters.
fn ranges(text: &str, word: &str) -> Vec<TextRange> {
    let small = |n: usize| u32::try_from(n).expect("short");
    let at = |byte: usize| small(text[..byte].chars().count());
    text.match_indices(word).map(|(byte, _)| TextRange { start: at(byte), end: at(byte + word.len()) }).collect()
}

fn found(conversation: ConversationView, word: &str, texts: &[&str]) -> FoundConversation {
    let messages = texts.iter().zip(1..).map(|(text, n)| FoundMessage {
        ranges: ranges(text, word),
        files: Vec::new(),
        message: MessageView {
            text: (*text).to_owned(),
            at: NOW - 500 * MINUTE * i64::from(n),
            ..message(n, &conversation.id, Author::Contact)
        },
    });
    FoundConversation {
        name: ranges(&conversation.contact.name, word),
        messages: messages.collect(),
        conversation,
        has_more: false,
    }
}

/// What a search for a word finds, with more to come.
fn page() -> SearchPage {
    let ended = ConversationView {
        closed_at: Some(NOW - 9_000 * MINUTE),
        close_reason: Some(CloseReason::ContactIdle),
        ..named("cnv_z", "Konstantin-Alexander посылкин von Hohenzollern-Sigmaringen-Lichtenstein", 9_100, "ok")
    };
    let long =
        format!("{} посылка {}", "Добрый день, я жду уже две недели. ".repeat(8), "Пожалуйста, ответьте. ".repeat(8));
    let texts =
        [long.as_str(), "посылка пришла пустая", "Где посылка? Где моя посылка?!", "Ещё одна посылка", "посылка"];
    let mut first = found(list()[4].clone(), "посылка", &texts);
    first.has_more = true;
    let mut of_file = found(list()[3].clone(), "посылка", &[""]);
    let (name, media_type) = ("Накладная на посылку.pdf".to_owned(), "application/pdf".to_owned());
    let file = AttachmentView { id: "att_1".into(), name, size: 831_488, media_type, width: None, height: None };
    of_file.messages[0].files = vec![ranges(&file.name, "посылк")];
    of_file.messages[0].message.attachments = vec![file];
    of_file.has_more = true;
    let found = vec![first, of_file, found(ended, "посылк", &[])];
    SearchPage { found, next: Some("7".into()) }
}

/// The tab after these words were searched for, and then.
fn searching(words: &str, then: Vec<Find>) -> Vec<Action> {
    let mut actions = vec![filled(list()), Action::Search];
    let asked = [Find::Type(words.to_owned().into()), Find::Search, Find::Asked];
    actions.extend(asked.into_iter().chain(then).map(Action::Find));
    actions
}

fn refused() -> WireError {
    let mut refused = error(ErrorCode::InvalidValue, None);
    refused.details.field = Some("q".into());
    refused
}

/// A part of a long conversation, to which a search led.
fn led() -> Vec<Action> {
    let long = ConversationView { last_n: 200, ..taken("cnv_e", "Ann Lee", "agt_me", "hi") };
    let messages: Vec<_> = (76..=125).map(|n| message(n, "cnv_e", Author::Contact)).collect();
    let target = messages[24].clone();
    let history = History { messages, conversations: vec![long.clone()], has_more: true };
    let mut actions = searching("text", vec![Find::Taken(1, page())]);
    let id = long.id.clone();
    actions.extend([
        Action::Upsert(Box::new(long)),
        Action::Jump(Box::new(target)),
        Action::HistoryAsked(id.clone(), Fetch::Around(100)),
        Action::HistoryTaken(id, Fetch::Around(100), history),
    ]);
    actions
}

/// The connection was lost, and this many messages came since it is back.
fn catching_up(n: u32) -> Vec<Action> {
    let mut actions = reading("cnv_e");
    let connection = HubToPanel::Connection { state: ConnectionState::Connecting, offset_ms: NOW };
    let came = (0..n).map(|n| crate::state::panel::tests::wrote(message(100 + n, "cnv_a", Author::Contact)));
    actions.push(Action::Hub(std::iter::once(connection).chain(came).collect()));
    actions
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    vec![
        ("search-begin", render(vec![filled(list()), Action::Search]).await),
        ("search-loading", render(searching("посылка", Vec::new())).await),
        ("search-found", render(searching("посылка", vec![Find::Taken(1, page())])).await),
        (
            "search-nothing",
            render(searching("teapot", vec![Find::Taken(1, SearchPage { found: Vec::new(), next: None })])).await,
        ),
        ("search-refused", render(searching("ab", vec![Find::Refused(1, refused())])).await),
        ("search-away", render(searching("посылка", vec![Find::Failed(1)])).await),
        ("search-led", render(led()).await),
        ("catching-up", render(catching_up(3)).await),
    ]
}

#[tokio::test]
async fn what_was_found_is_marked_as_text() {
    // S2
    let html = render(searching("посылка", vec![Find::Taken(1, page())])).await;
    assert!(html.contains("Где <mark>посылка</mark>? Где моя <mark>посылка</mark>?!"));
    assert!(html.contains("Konstantin-Alexander <mark>посылк</mark>ин"));
    assert_eq!(html.matches("data-testid=\"found-message\"").count(), 4, "the others are offered");
    assert!(html.contains("2+ more in this conversation") && html.contains("More than 3 conversations found"));
    assert!(
        html.contains("Накладная на <mark>посылк</mark>у.pdf") && html.contains("The newest 1 of this conversation.")
    );
    let markup = SearchPage { found: vec![found(list()[0].clone(), "img", &["<img src=x>"])], next: None };
    let html = render(searching("img", vec![Find::Taken(1, markup)])).await;
    assert!(html.contains("&lt;<mark>img</mark> src=x&gt;") && html.contains("1 conversation found"));
}

#[tokio::test]
async fn each_way_to_find_nothing_has_its_own_words() {
    // S4
    let says = async |find: Vec<Find>, words: &str| {
        let html = render(searching("ab <b>", find)).await;
        assert!(html.contains(words), "{words}");
    };
    says(Vec::new(), "Searching…").await;
    says(vec![Find::Taken(1, SearchPage { found: Vec::new(), next: None })], "Nothing found for “ab &lt;b&gt;”").await;
    says(vec![Find::Refused(1, refused())], "at least 3 characters").await;
    says(vec![Find::Failed(1)], "did not reach the relay").await;
}

#[tokio::test]
async fn a_part_that_lacks_the_newest_has_no_answer_after_its_hole() {
    let mut actions = led();
    actions.push(Action::Sending(answer("msg_s", "One moment")));
    let html = render(actions).await;
    assert!(html.contains("text 125") && !html.contains(">One moment<"));
}

#[tokio::test]
async fn what_was_missed_is_counted_while_it_comes() {
    let says = async |n| render(catching_up(n)).await;
    assert!(says(3).await.contains("Catching up: 3 messages") && says(1).await.contains("Catching up: 1 message<"));
    assert!(says(0).await.contains("Reconnecting…"));
}
