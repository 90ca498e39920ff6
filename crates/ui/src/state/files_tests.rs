use protocol::error::{ErrorCode, ErrorDetails, WireError};

use super::*;

pub(crate) fn chosen(id: &str, size: u64) -> Chosen {
    let (name, media_type) = (format!("{id}.png").into(), String::from("image/png"));
    Chosen {
        id: id.into(),
        name,
        size,
        media_type,
        file: None,
        template_file: None,
        picture: None,
        stands: Stands::Waiting,
    }
}

/// A template's file, as it is chosen.
pub(crate) fn of_template(id: &str, template_file: &str) -> Chosen {
    Chosen { template_file: Some(template_file.into()), ..chosen(id, 1) }
}

fn view(id: &str) -> AttachmentView {
    let (name, media_type) = (format!("{id}.png"), String::from("image/png"));
    AttachmentView { id: id.into(), name, size: 1, media_type, width: None, height: None }
}

/// These are chosen for the conversation `cnv_1`, and "Send" is pressed; the first one is on its way.
pub(crate) fn sending(ids: &[&str]) -> Vec<FilesAction> {
    let files = ids.iter().map(|id| chosen(id, 1)).collect();
    let mut actions = vec![choose(files), FilesAction::Send("cnv_1".into(), 1)];
    actions.extend(brought(ids[0]));
    actions
}

/// It is read and handed to the hub.
pub(crate) fn brought(id: &str) -> [FilesAction; 3] {
    [FilesAction::Read(id.into()), came(id), FilesAction::Brought(id.into())]
}

fn came(id: &str) -> FilesAction {
    FilesAction::Came(id.into(), Some("AA==".into()))
}

fn send() -> FilesAction {
    FilesAction::Send("cnv_1".into(), 1)
}

fn stands(files: &Files, at: usize) -> Option<Stands> {
    files.of("cnv_1").map(|basket| basket.files[at].stands.clone())
}

fn choose(files: Vec<Chosen>) -> FilesAction {
    FilesAction::Choose("cnv_1".into(), files)
}

fn going(id: &str, percent: u32) -> FilesAction {
    FilesAction::Told(id.into(), UploadState::Going { percent })
}

fn done(id: &str) -> FilesAction {
    FilesAction::Told(id.into(), UploadState::Done { attachment: view(id) })
}

fn taking(files: &mut Files, actions: Vec<FilesAction>) -> Vec<Said> {
    actions.into_iter().filter_map(|action| files.take(action)).collect()
}

fn after(actions: Vec<FilesAction>) -> Files {
    let mut files = Files::default();
    assert_eq!(taking(&mut files, actions), []);
    files
}

fn ids(files: &Files) -> Vec<&str> {
    files.of("cnv_1").into_iter().flat_map(|basket| &basket.files).map(|chosen| chosen.id.as_str()).collect()
}

fn next(files: &Files) -> Option<&str> {
    files.next().map(|(_, chosen)| chosen.id.as_str())
}

#[test]
fn what_is_too_large_is_named_with_the_limit_and_the_others_stay() {
    // F2
    let mut files = Files::default();
    let five = ["a", "b", "c", "d", "e"].map(|id| chosen(id, 4_194_304));
    let mut all = vec![chosen("over", 4_194_305)];
    all.extend(five);
    let said = taking(&mut files, vec![choose(all)]);
    assert_eq!(said, [Said::Left("“over.png” is larger than 4 MB.".into())]);
    assert_eq!(ids(&files), ["a", "b", "c", "d", "e"]);
    let said =
        taking(&mut files, vec![FilesAction::Limit(1_000), choose(vec![chosen("f", 1_001), chosen("g", 1_000)])]);
    assert_eq!(said, [Said::Left("“f.png” is larger than 1000 bytes.".into())], "the operator's own limit");
    assert_eq!(ids(&files).len(), 6);
}

#[test]
fn at_most_ten_go_and_the_rest_is_named() {
    // F1
    let mut files = Files::default();
    let ten = (0..10).map(|n| chosen(&format!("f{n}"), 1)).collect();
    let said = taking(&mut files, vec![choose(ten), choose(vec![chosen("x", 1), chosen("y", 1)])]);
    let text = "At most 10 files go with one message. Left out: “x.png”, “y.png”.";
    assert_eq!((said, ids(&files).len()), (vec![Said::Left(text.into())], 10));
}

#[test]
fn files_of_several_templates_go_with_one_message_each_once() {
    // T1, T2
    let mut files = after(vec![choose(vec![of_template("a", "t1"), of_template("b", "t2")])]);
    // The same template again, and another one that has one more.
    let again = vec![of_template("c", "t1"), of_template("d", "t3"), chosen("e", 1)];
    assert_eq!(taking(&mut files, vec![choose(again)]), []);
    assert_eq!((ids(&files), next(&files)), (vec!["a", "b", "d", "e"], None), "nothing goes before it is sent");
    let seven = (0..7).map(|n| of_template(&format!("f{n}"), &format!("u{n}"))).collect();
    let text = "At most 10 files go with one message. Left out: “f6.png”.";
    assert_eq!(taking(&mut files, vec![choose(seven)]), [Said::Left(text.into())]);
}

#[test]
fn a_file_that_left_its_template_is_named_and_the_rest_stays() {
    // T2
    let mut files = after(vec![choose(vec![of_template("a", "t1"), chosen("b", 1)])]);
    taking(&mut files, vec![FilesAction::Send("cnv_1".into(), 1), FilesAction::Brought("a".into())]);
    let error = WireError {
        code: ErrorCode::InvalidValue,
        message: String::new(),
        details: ErrorDetails { field: Some("template_file_id".into()), ..Default::default() },
        request_id: String::new(),
    };
    let said = taking(&mut files, vec![FilesAction::Told("a".into(), UploadState::Refused { error })]);
    let text = "“a.png” was not sent. It is not in its template any more. Take it away to send the rest. Your text and the files are kept.";
    assert!(matches!(&said[..], [Said::Failed(words, Some(_))] if words == text), "{said:?}");
    taking(&mut files, vec![FilesAction::Remove("a".into()), FilesAction::Send("cnv_1".into(), 1)]);
    assert_eq!((ids(&files), next(&files)), (vec!["b"], Some("b")));
}

#[test]
fn nothing_goes_before_send_and_then_one_after_the_other() {
    // F1
    let mut files = after(vec![choose(vec![chosen("a", 1), chosen("b", 1), chosen("c", 1)])]);
    assert_eq!((next(&files), files.ready()), (None, None));
    taking(&mut files, vec![FilesAction::Remove("c".into()), FilesAction::Send("cnv_1".into(), 3)]);
    assert_eq!(next(&files), Some("a"));
    taking(&mut files, vec![FilesAction::Read("a".into())]);
    assert_eq!(next(&files), None, "it is being read");
    taking(&mut files, vec![came("a")]);
    assert_eq!(next(&files), Some("a"), "it is to be handed to the hub");
    taking(&mut files, vec![FilesAction::Brought("a".into())]);
    assert_eq!(next(&files), None);
    taking(&mut files, vec![going("a", 40), FilesAction::Remove("b".into())]);
    assert_eq!(stands(&files, 0), Some(Stands::Going(40)));
    taking(&mut files, vec![done("a")]);
    assert_eq!((next(&files), files.ready()), (Some("b"), None), "what is on its way is not taken away");
    taking(&mut files, brought("b").into());
    taking(&mut files, vec![done("b")]);
    let (basket, views) = files.ready().expect("all are there");
    assert_eq!((basket.sending, views), (Some(3), vec![view("a"), view("b")]));
    taking(&mut files, vec![FilesAction::Gone("cnv_1".into())]);
    assert!(files.is_empty());
}

#[test]
fn stop_keeps_the_files_and_what_arrived_need_not_go_again() {
    // F3
    let mut files = after(sending(&["a", "b"]));
    taking(&mut files, vec![done("a")]);
    taking(&mut files, brought("b").into());
    taking(&mut files, vec![going("b", 50), FilesAction::Stop("cnv_1".into())]);
    assert_eq!((next(&files), files.ready(), ids(&files)), (None, None, vec!["a", "b"]));
    taking(&mut files, vec![going("b", 60)]);
    assert_eq!(stands(&files, 1), Some(Stands::Waiting));
    taking(&mut files, vec![send()]);
    assert_eq!(next(&files), Some("b"));
}

#[test]
fn what_is_stopped_while_it_is_read_does_not_go_and_what_a_former_try_says_is_passed_over() {
    // F3
    let mut files = after(vec![choose(vec![chosen("a", 1)]), send(), FilesAction::Read("a".into())]);
    taking(&mut files, vec![FilesAction::Stop("cnv_1".into()), came("a"), FilesAction::Brought("a".into())]);
    assert_eq!((next(&files), stands(&files, 0)), (None, Some(Stands::Waiting)), "it was read too late");
    taking(&mut files, vec![FilesAction::Read("a".into())]);
    assert_eq!(stands(&files, 0), Some(Stands::Waiting), "it was stopped before it was to be read");
    // Sent again, it hears nothing of the first try.
    taking(&mut files, vec![send(), FilesAction::Read("a".into())]);
    let said = taking(&mut files, vec![going("a", 60), FilesAction::Told("a".into(), UploadState::Unreachable)]);
    assert_eq!((said, stands(&files, 0)), (Vec::new(), Some(Stands::Reading)));
    // Taken away after "Stop", it is gone whatever is said of it.
    let late = vec![FilesAction::Stop("cnv_1".into()), FilesAction::Remove("a".into()), came("a"), done("a")];
    taking(&mut files, late);
    assert!(files.is_empty());
}

#[test]
fn one_that_fails_is_named_and_all_wait_for_another_try() {
    // F1
    let mut files = after(sending(&["a", "b"]));
    let said = taking(&mut files, vec![FilesAction::Told("a".into(), UploadState::Unreachable)]);
    assert!(matches!(&said[..], [Said::Failed(text, None)] if text.contains("“a.png”")), "{said:?}");
    assert_eq!((next(&files), ids(&files)), (None, vec!["a", "b"]));
    taking(&mut files, vec![send()]);
    assert_eq!(next(&files), Some("a"));
    taking(&mut files, brought("a").into());
    let error = refused(ErrorCode::Forbidden);
    let told = FilesAction::Told("a".into(), UploadState::Refused { error: error.clone() });
    let said = taking(&mut files, vec![told]);
    assert!(matches!(&said[..], [Said::Failed(_, Some(why))] if *why == error), "{said:?}");
    taking(&mut files, vec![send()]);
    taking(&mut files, brought("a").into());
    let said = taking(&mut files, vec![FilesAction::Lost]);
    assert_eq!(said.len(), 1, "the hub went away");
    let unreadable = FilesAction::Came("a".into(), None);
    let said = taking(&mut files, vec![send(), FilesAction::Read("a".into()), unreadable]);
    assert_eq!(said.len(), 1, "it was moved");
}

fn refused(code: ErrorCode) -> WireError {
    let details = ErrorDetails { file: Some("a.png".into()), limit_bytes: Some(1_024), ..Default::default() };
    WireError { code, message: String::new(), details, request_id: String::new() }
}

#[test]
fn one_that_is_too_large_for_the_relay_is_named_and_the_others_still_go() {
    // F2: the operator has lowered the limit meanwhile.
    let mut files = after(sending(&["a", "b"]));
    let told = FilesAction::Told("a".into(), UploadState::Refused { error: refused(ErrorCode::FileTooLarge) });
    let said = taking(&mut files, vec![told]);
    assert!(matches!(&said[..], [Said::Left(text)] if text.contains("“a.png”") && text.contains("1 KB")), "{said:?}");
    assert_eq!((next(&files), ids(&files), files.limit), (Some("b"), vec!["b"], Some(1_024)));
}

#[test]
fn the_files_of_an_answer_that_was_taken_back_are_at_the_relay_still() {
    // A7
    let mut files = after(vec![FilesAction::Back("cnv_1".into(), vec![view("a"), view("b")])]);
    assert_eq!(ids(&files), ["a", "b"]);
    taking(&mut files, vec![FilesAction::Send("cnv_1".into(), 5)]);
    assert_eq!(next(&files), None);
    assert_eq!(files.ready().map(|(basket, views)| (basket.sending, views.len())), Some((Some(5), 2)));
}

#[test]
fn what_comes_back_is_never_lost_and_more_than_go_together_are_not_sent() {
    // A7, F1
    let nine = (0..9).map(|n| chosen(&format!("f{n}"), 1)).collect();
    let mut files = after(vec![choose(nine), FilesAction::Back("cnv_1".into(), vec![view("a"), view("b")])]);
    assert_eq!(ids(&files).len(), 11);
    let said = taking(&mut files, vec![send()]);
    assert!(matches!(&said[..], [Said::Left(text)] if text.starts_with("At most 10 files")), "{said:?}");
    assert_eq!(next(&files), None);
    assert_eq!(taking(&mut files, vec![FilesAction::Remove("b".into()), send()]), []);
    assert_eq!(next(&files), Some("f0"));
}

#[test]
fn the_words_of_a_message_end_with_the_names_of_its_files() {
    // K5
    assert_eq!(spoken("Look:", &[view("a"), view("b")]), "Look:\na.png\nb.png");
    assert_eq!(spoken("", &[view("a")]), "a.png");
}
