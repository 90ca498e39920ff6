use protocol::error::ErrorDetails;

use super::*;
use crate::state::panel::tests::conversation;

pub(crate) fn details(rev: u32, name: &str) -> ContactDetails {
    let (email, phone, about) = (String::new(), String::new(), String::new());
    ContactDetails { id: "con_1".into(), rev, name: name.into(), email, phone, about }
}

pub(crate) fn note(id: &str, at: i64) -> NoteView {
    NoteView {
        id: id.into(),
        contact_id: "con_1".into(),
        conversation_id: "cnv_1".into(),
        agent_id: "agt_noah".into(),
        agent_name: "Noah".into(),
        text: format!("text of {id}"),
        at,
    }
}

fn notes(notes: Vec<NoteView>, next: Option<&str>, is_first: bool) -> DossierAction {
    DossierAction::Notes(NotePage { notes, next: next.map(Into::into) }, is_first)
}

pub(crate) fn visit(at: i64) -> VisitView {
    let (ip, screen, language) = (None, None, None);
    let (start_page, current_page, n_pages, pages) = (None, None, 1, Vec::new());
    let (browser, on_site_seconds, here) = ("Firefox 140 on Linux".into(), 5, true);
    VisitView { ip, browser, screen, language, start_page, current_page, n_pages, pages, on_site_seconds, here, at }
}

fn begun() -> Dossier {
    let mut dossier = Dossier::default();
    for part in Part::ALL {
        assert!(dossier.wants("con_1", part));
        dossier.take("con_1", DossierAction::Asked(part));
    }
    dossier
}

fn ids(dossier: &Dossier) -> Vec<&str> {
    dossier.notes.iter().map(|note| note.id.as_str()).collect()
}

#[test]
fn what_comes_for_another_client_is_passed_over() {
    // I4
    let mut dossier = begun();
    dossier.take("con_2", DossierAction::Details(ContactDetails { id: "con_2".into(), ..details(3, "Ben") }));
    assert_eq!(dossier.details, None);
    dossier.take("con_1", DossierAction::Details(details(0, "Ann")));
    dossier.take("con_2", DossierAction::Asked(Part::Notes));
    assert_eq!((dossier.details.as_ref(), dossier.is_of("con_2")), (None, true), "and the former one's is forgotten");
}

#[test]
fn a_later_state_of_the_details_counts_however_it_came() {
    // I4
    let mut dossier = begun();
    dossier.hear_details(&details(2, "Ann Lee"));
    dossier.take("con_1", DossierAction::Details(details(1, "Ann")));
    assert_eq!(dossier.details.as_ref().map(|details| details.name.as_str()), Some("Ann Lee"));
    dossier.hear_details(&ContactDetails { id: "con_2".into(), ..details(9, "Ben") });
    dossier.hear_details(&details(3, "Ann Lee-Ray"));
    assert_eq!(dossier.details.as_ref().map(|details| details.rev), Some(3));
}

#[test]
fn live_notes_and_pages_join_without_double_or_loss() {
    // O1 O3
    let mut dossier = begun();
    // It was stored after the page was read.
    dossier.hear_note(&note("not_4", 4_000));
    dossier.take("con_1", notes(vec![note("not_3", 3_000), note("not_2", 2_000)], Some("2"), true));
    assert_eq!(ids(&dossier), ["not_4", "not_3", "not_2"]);
    dossier.hear_note(&note("not_4", 4_000));
    dossier.hear_note(&NoteView { contact_id: "con_2".into(), ..note("not_9", 9_000) });
    dossier.take("con_1", notes(vec![note("not_1", 1_000)], None, false));
    assert_eq!(ids(&dossier), ["not_4", "not_3", "not_2", "not_1"]);
    assert_eq!(dossier.paging(Part::Notes).next, None);
}

#[test]
fn after_a_gap_everything_is_fetched_again_and_stays_on_the_screen_until_then() {
    // O3
    let mut dossier = begun();
    dossier.take("con_1", notes(vec![note("not_1", 1_000)], None, true));
    dossier.outdate();
    assert!(dossier.wants("con_1", Part::Notes));
    assert_eq!(ids(&dossier), ["not_1"]);
    dossier.take("con_1", notes(vec![note("not_60", 60_000), note("not_59", 59_000)], Some("59"), true));
    assert_eq!(ids(&dossier), ["not_60", "not_59"], "nothing is shown after a hole");
}

#[test]
fn more_of_a_visit_is_asked_for_once_and_the_later_state_counts() {
    // I1
    let known = |dossier: &Dossier| dossier.visit.as_ref().map(|visit| visit.at);
    let mut dossier = begun();
    dossier.take("con_1", DossierAction::Visit(Some(visit(2_000))));
    dossier.hear_visit();
    dossier.hear_visit();
    assert!(dossier.visit_is_old && known(&dossier) == Some(2_000), "it stays on the screen until then");
    dossier.take("con_1", DossierAction::Asked(Part::Notes));
    assert!(dossier.visit_is_old);
    dossier.take("con_1", DossierAction::Asked(Part::Visit));
    assert!(!dossier.visit_is_old);
    dossier.hear_visit();
    assert!(dossier.visit_is_old, "what is told while it is on its way is asked for as well");
    dossier.take("con_1", DossierAction::Visit(Some(visit(3_000))));
    dossier.take("con_1", DossierAction::Visit(Some(visit(2_500))));
    assert_eq!(known(&dossier), Some(3_000));
    dossier.take("con_1", DossierAction::Visit(None));
    assert_eq!(known(&dossier), None);
    dossier.take("con_2", DossierAction::Asked(Part::Visit));
    assert!(!dossier.visit_is_old && dossier.visit.is_none());
}

#[test]
fn pages_of_conversations_follow_one_another() {
    // I3
    let page = |id: &str, next: Option<&str>| ConversationPage {
        conversations: vec![conversation(id)],
        next: next.map(Into::into),
    };
    let mut dossier = begun();
    dossier.take("con_1", DossierAction::Conversations(page("cnv_2", Some("2")), true));
    dossier.take("con_1", DossierAction::Conversations(page("cnv_1", None), false));
    let ids: Vec<_> = dossier.conversations.iter().map(|conversation| conversation.id.as_str()).collect();
    assert_eq!(ids, ["cnv_2", "cnv_1"]);
}

#[test]
fn a_conversation_that_begins_or_ends_meanwhile_is_followed() {
    // I3 X5
    let mut dossier = begun();
    let page = ConversationPage { conversations: vec![conversation("cnv_1")], next: None };
    dossier.take("con_1", DossierAction::Conversations(page, true));
    dossier.hear_conversation(&ConversationView { rev: 2, closed_at: Some(9), ..conversation("cnv_1") });
    dossier.hear_conversation(&conversation("cnv_1"));
    dossier.hear_conversation(&conversation("cnv_2"));
    let known: Vec<_> = dossier.conversations.iter().map(|it| (it.id.as_str(), it.closed_at)).collect();
    assert_eq!(known, [("cnv_2", None), ("cnv_1", Some(9))]);
}

#[test]
fn a_failed_part_is_tried_again_when_the_relay_is_back() {
    let mut dossier = begun();
    dossier.take("con_1", DossierAction::Failed(Part::Notes));
    assert!(!dossier.wants("con_1", Part::Notes), "not again and again");
    dossier.try_again();
    assert!(dossier.wants("con_1", Part::Notes) && !dossier.wants("con_1", Part::Details));
}

#[test]
fn a_refusal_is_said_in_words_beside_its_field() {
    // I4
    let error = |code, field: Option<&str>| WireError {
        code,
        message: String::new(),
        details: ErrorDetails { field: field.map(Into::into), ..Default::default() },
        request_id: String::new(),
    };
    let refusal = Refusal::of(Some(&error(ErrorCode::InvalidValue, Some("email"))));
    assert_eq!((refusal.field.as_deref(), refusal.is_stale), (Some("email"), false));
    assert!(refusal.words.contains("ann@example.com"));
    let refusal = Refusal::of(Some(&error(ErrorCode::StaleRevision, None)));
    assert!(refusal.field.is_none() && refusal.is_stale && refusal.words.contains("meanwhile"));
    assert!(Refusal::of(None).words.contains("could not be reached"));
}
