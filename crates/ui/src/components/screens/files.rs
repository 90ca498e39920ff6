//! Screens of files, those to be sent and those in messages.

use protocol::file::AttachmentView;
use protocol::worker::{OutboxState, UploadState};

use super::*;
use crate::state::files::FilesAction;
use crate::state::files::tests::{chosen, of_template, sending};

fn file(id: &str, name: &str, media_type: &str, size: u64) -> AttachmentView {
    let (width, height) = if media_type == "image/png" { (Some(640), Some(400)) } else { (None, None) };
    AttachmentView { id: id.into(), name: name.into(), size, media_type: media_type.into(), width, height }
}

fn some() -> Vec<AttachmentView> {
    vec![
        file("att_a", "The lamp on the table.png", "image/png", 831_488),
        file("att_b", "<b>page</b>.html", "text/html", 1_572_864),
        file("att_c", "drawing.svg", "image/svg+xml", 1_023),
    ]
}

fn with_files() -> Vec<Action> {
    let mut history = history();
    let last = history.messages.last().cloned().expect("it has messages");
    let (n, id) = (last.n + 1, String::from("msg_files"));
    history.messages.push(protocol::view::MessageView { id, n, text: String::new(), attachments: some(), ..last });
    vec![
        filled(list()),
        Action::Select(Some("cnv_e".into())),
        Action::HistoryTaken("cnv_e".into(), Fetch::Newest, history),
    ]
}

/// The files that the tests choose, for the conversation that is shown.
fn of_shown(action: FilesAction) -> Action {
    Action::Files(match action {
        FilesAction::Choose(_, files) => FilesAction::Choose("cnv_e".into(), files),
        FilesAction::Send(_, fence) => FilesAction::Send("cnv_e".into(), fence),
        other => other,
    })
}

fn going(percent: u32) -> Vec<Action> {
    let mut actions = reading("cnv_e");
    actions.extend(sending(&["plan", "a photo with quite a long name", "c"]).into_iter().map(of_shown));
    let state = UploadState::Going { percent };
    actions.push(Action::Hub(vec![HubToPanel::UploadState { attachment_id: "plan".into(), state }]));
    actions
}

fn waiting() -> Vec<Action> {
    let mut files = vec![chosen("plan", 831_488), chosen("photo", 4_194_304), chosen("over", 4_194_305)];
    files.push(of_template("prices", "att_prices"));
    let mut actions = reading("cnv_e");
    actions.push(of_shown(FilesAction::Choose(String::new(), files)));
    actions
}

fn failed() -> Vec<Action> {
    let mut actions = going(40);
    let state = UploadState::Unreachable;
    actions.push(Action::Hub(vec![HubToPanel::UploadState { attachment_id: "plan".into(), state }]));
    actions
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    let mut viewed = with_files();
    viewed.push(Action::View(some().into_iter().next()));
    vec![
        ("files", render(with_files()).await),
        ("files-waiting", render_with(waiting(), typed("Here it is.")).await),
        ("files-going", render_with(going(40), typed("Here it is.")).await),
        ("files-failed", render_with(failed(), typed("Here it is.")).await),
        ("files-viewed", render(viewed).await),
    ]
}

#[tokio::test]
async fn each_file_of_a_message_can_be_saved_and_pictures_alone_are_shown() {
    // F3, F5
    let html = render(with_files()).await;
    assert!(html.contains("aria-label=\"Download The lamp on the table.png\"") && html.contains("812 KB"));
    assert!(html.contains("&lt;b&gt;page&lt;/b&gt;.html") && html.contains("1.5 MB") && html.contains("1023 bytes"));
    assert_eq!(html.matches("data-testid=\"thumbnail\"").count(), 1);
    assert_eq!(html.matches("ds-message__bubble\"").count(), 6, "a message of files alone draws no empty bubble");
    assert!(html.contains("aria-describedby=\"files-msg_files\""));
}

#[tokio::test]
async fn a_large_picture_is_shown_when_it_is_asked_for() {
    // F3
    let of = |size| {
        let mut history = history();
        let last = history.messages.last_mut().expect("it has messages");
        last.attachments = vec![file("att_l", "large.png", "image/png", size)];
        let taken = Action::HistoryTaken("cnv_e".into(), Fetch::Newest, history);
        vec![filled(list()), Action::Select(Some("cnv_e".into())), taken]
    };
    assert!(render(of(4_194_305)).await.contains("data-state=\"large\""));
    assert!(render(of(4_194_304)).await.contains("data-state=\"coming\""));
}

#[tokio::test]
async fn chosen_files_can_be_taken_away_until_they_go_and_then_stopped() {
    // F1, F2, F3
    let html = render_with(waiting(), Drafts::default()).await;
    assert!(html.contains("1 byte, from a template"));
    assert!(html.contains("Remove plan.png") && html.contains("“over.png” is larger than 4 MB."));
    assert!(!html.contains("data-testid=\"send\" disabled"), "files need no text beside them");
    let html = render_with(going(40), typed("Here it is.")).await;
    assert!(html.contains("value=\"40\"") && html.contains("aria-label=\"Uploading plan.png\""));
    assert!(html.contains(">Stop<") && !html.contains("data-testid=\"send\"") && html.contains("readonly"));
    // T1: nothing is put into what is on its way, where it would be lost.
    for testid in ["templates", "emoji", "attach"] {
        let button = html.split("<button").find(|button| button.contains(&format!("data-testid=\"{testid}\"")));
        let is_disabled = |button: &str| button.split('>').next().is_some_and(|tag| tag.contains(" disabled"));
        assert!(button.is_some_and(is_disabled), "{testid}");
    }
    let html = render_with(failed(), typed("Here it is.")).await;
    assert!(html.contains("“plan.png” was not sent.") && html.contains("Not uploaded") && html.contains("Here it is."));
}

#[tokio::test]
async fn what_was_not_sent_is_named_where_it_cannot_be_answered() {
    // A7
    let mut actions = reading("cnv_f");
    actions.push(Action::Files(FilesAction::Back("cnv_f".into(), some())));
    let html = render(actions).await;
    assert!(html.contains("data-testid=\"draft-files\"") && html.contains("drawing.svg"));
    let mut actions = reading("cnv_e");
    let item = OutboxItem { attachments: some(), ..answer("msg_f", "") };
    let state = OutboxState::Failed { error: error(ErrorCode::RateLimited, None) };
    actions.push(Action::Hub(vec![HubToPanel::Outbox { item, state }]));
    let html = render(actions).await;
    assert!(html.contains("Download drawing.svg") && html.contains("data-testid=\"retry\""));
}
