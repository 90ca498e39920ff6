//! L1, L2, L4, L5: the tabs.

use std::time::Instant;

use proptest::prelude::*;

use super::*;

#[test]
fn open_has_new_above_worked_on_and_my_has_mine() {
    // L1: "Open" has all active conversations, also other agents'. L2: oldest on top inside each group.
    let mut desk = desk((1..=4).map(|n| conversation(n, 1)).collect());
    update(
        &mut desk,
        changed(&conversation(1, 1), |it| {
            it.assignee_id = Some(id("agt", 2));
        }),
    );
    update(&mut desk, changed(&conversation(3, 1), |it| it.assignee_id = Some(me())));
    assert_eq!(ids(&desk, Tab::Open), [2, 4, 1, 3].map(|n| id("cnv", n)));
    assert_eq!(ids(&desk, Tab::My), [id("cnv", 3)]);
    assert_eq!(desk.counts(&Filter::default()), Counts { n_new: 2, n_worked_on: 2, n_my: 1 });
    update(&mut desk, changed(&conversation(2, 1), |it| it.last_message_at = 99));
    assert_eq!(ids(&desk, Tab::Open)[..2], [4, 2].map(|n| id("cnv", n)), "a new message sends it down");
}

#[test]
fn finished_has_the_newest_finish_on_top_and_pages_join_the_live_ones() {
    // L2
    let mut desk = desk(vec![conversation(1, 1), conversation(2, 1)]);
    let close = |at| {
        move |it: &mut ConversationView| {
            it.closed_at = Some(at);
            it.close_reason = Some(CloseReason::Agent);
        }
    };
    update(&mut desk, changed(&conversation(1, 1), close(50)));
    desk.merge_page(vec![changed(&conversation(7, 2), close(40)), changed(&conversation(8, 2), close(60))]);
    assert_eq!(ids(&desk, Tab::Finished), [8, 1, 7].map(|n| id("cnv", n)));
    assert_eq!(ids(&desk, Tab::Open), [id("cnv", 2)]);
    desk.forget_finished();
    assert!(ids(&desk, Tab::Finished).is_empty());
    assert!(desk.conversation(&id("cnv", 1)).is_none());
}

#[test]
fn a_filter_takes_a_project_or_a_channel() {
    // L5
    let desk = desk((1..=3).map(|n| conversation(n, n)).collect());
    let of_channel = Filter { project_id: None, channel_id: Some(id("chn", 2)) };
    let of_project = Filter { project_id: Some(id("prj", 2)), channel_id: None };
    assert_eq!(desk.list(Tab::Open, &of_channel).len(), 1);
    assert_eq!(desk.list(Tab::Open, &of_project).len(), 0);
    assert_eq!(desk.counts(&of_channel).n_new, 1);
}

#[test]
fn ten_thousand_conversations_stay_fast() {
    // L4
    let many = (0..10_000_u32).map(|n| {
        let mut one = conversation(n, 1 + n % 3);
        one.last_message_at = i64::from(n.wrapping_mul(2_654_435_761) % 1_000_000);
        one.assignee_id = (n % 4 == 0).then(|| if n % 8 == 0 { me() } else { id("agt", 2) });
        one
    });
    let mut desk = desk(many.collect());
    let mut fastest = [u128::MAX; 2];
    for n in 0..20 {
        let started_at = Instant::now();
        let list = desk.list(Tab::Open, &Filter::default());
        fastest[0] = fastest[0].min(started_at.elapsed().as_micros());
        assert_eq!(list.len(), 10_000);
        let key = |it: &ConversationView| (it.assignee_id.is_some(), it.last_message_at);
        assert!(list.windows(2).all(|two| key(&two[0]) <= key(&two[1])));
        let next = changed(&list[5_000], |it| it.last_message_at = 2_000_000 + n);
        let started_at = Instant::now();
        update(&mut desk, next);
        assert!(desk.n_waiting() > 0);
        fastest[1] = fastest[1].min(started_at.elapsed().as_micros());
    }
    // Without optimisation too: 3 ms for the list, 16 ms for an update with all counters.
    assert!(fastest[0] <= 3_000, "list: {} µs", fastest[0]);
    assert!(fastest[1] <= 16_000, "update: {} µs", fastest[1]);
}

proptest! {
    /// L2: however the states come, the lists are what sorting everything by `domain`'s order gives.
    #[test]
    fn lists_equal_a_full_sort(changes in prop::collection::vec((0_u32..12, 0_u32..3, 0_i64..20, 0_u8..4), 1..80)) {
        let mut desk = desk(Vec::new());
        let mut all: BTreeMap<u32, ConversationView> = BTreeMap::new();
        for (rev, (n, assignee, at, kind)) in (2_u32..).zip(changes) {
            let mut next = all.get(&n).cloned().unwrap_or_else(|| conversation(n, 1));
            next.rev = rev;
            next.last_message_at = at;
            next.assignee_id = (assignee > 0).then(|| id("agt", assignee));
            next.closed_at = (kind == 0).then_some(at);
            all.insert(n, next.clone());
            update(&mut desk, next);
        }
        let at = |it: &ConversationView| Timestamp::from_ms(it.last_message_at);
        let mut open: Vec<_> = all.values().filter(|it| it.closed_at.is_none()).collect();
        open.sort_by(|a, b| {
            order::open(a.assignee_id.is_some(), at(a), &a.id).cmp(&order::open(b.assignee_id.is_some(), at(b), &b.id))
        });
        prop_assert_eq!(ids(&desk, Tab::Open), open.iter().map(|it| it.id.clone()).collect::<Vec<_>>());
        let mut my: Vec<_> = open.into_iter().filter(|it| it.assignee_id == Some(me())).collect();
        my.sort_by(|a, b| order::my(at(a), &a.id).cmp(&order::my(at(b), &b.id)));
        prop_assert_eq!(ids(&desk, Tab::My), my.iter().map(|it| it.id.clone()).collect::<Vec<_>>());
        let mut finished: Vec<_> = all.values().filter(|it| it.closed_at.is_some()).collect();
        let finish = |it: &ConversationView| Timestamp::from_ms(it.closed_at.unwrap_or_default());
        finished.sort_by(|a, b| order::finished(finish(a), &a.id).cmp(&order::finished(finish(b), &b.id)));
        prop_assert_eq!(ids(&desk, Tab::Finished), finished.iter().map(|it| it.id.clone()).collect::<Vec<_>>());
    }
}
