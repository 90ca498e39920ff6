//! Searching: the same answers from both databases.

use std::collections::BTreeSet;

use domain::id::{AgentId, ConversationId};
use domain::search::Words;
use domain::time::Timestamp;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, TestRng, TestRunner};
use protocol::contact::SetContact;
use protocol::search::{FoundConversation, SearchPage};

use super::world::{Shop, World, message_id, words};
use crate::db::query;
use crate::writer::Lane;
use crate::{StoreError, secret};

async fn search(world: &World, by: &AgentId, q: &str) -> Vec<FoundConversation> {
    world.store.search(by, q, None).await.unwrap().found
}

/// The texts of the messages that are found, newest first.
async fn texts(world: &World, by: &AgentId, q: &str) -> Vec<String> {
    let found = search(world, by, q).await;
    found.into_iter().flat_map(|one| one.messages).map(|found| found.message.text).collect()
}

/// Texts of the shop's one client, each a second after the one before.
async fn says(world: &World, shop: &Shop, texts: &[&str]) -> ConversationId {
    for text in texts {
        world.clock.advance_ms(1_000);
        world.writes(&shop.visitor, text).await.unwrap();
    }
    world.asks(&shop.visitor, "~").await
}

pub(super) async fn every_script_is_found_alike(world: World) {
    // S3
    let shop = world.shop("Kettle").await;
    let said = [
        "Привет из Москвы",
        "η οδός μου",
        "老师你好吗",
        "die Hauptstraße 7",
        "Un café, 100% Arabica_x",
        "ＡＢＣ１２３",
        "안녕하세요",
        "C:\\kettle",
    ];
    says(&world, &shop, &said).await;
    for (q, wanted) in [
        ("ПРИВЕТ", said[0]),
        ("ривет моск", said[0]),
        ("ΟΔΟΣ", said[1]),
        ("你好", said[2]),
        ("你好吗", said[2]),
        ("straße", said[3]),
        ("STRASSE", said[3]),
        ("CAFE", said[4]),
        ("100%", said[4]),
        ("a_X", said[4]),
        ("abc123", said[5]),
        ("안녕", said[6]),
        ("C:\\KET", said[7]),
    ] {
        assert_eq!(texts(&world, &shop.mira, q).await, [wanted], "{q}");
    }
    for none in ["привета", "好你", "10%0", "arabica%", "cafe привет", "c_kettle", "';--", "\"kettle", "ket*", "xyz"]
    {
        assert_eq!(texts(&world, &shop.mira, none).await, [""; 0], "{none}");
    }
    for short in ["", "ab", "a b", "你"] {
        let refused = world.store.search(&shop.mira, short, None).await;
        assert!(matches!(refused, Err(StoreError::Value { field: "q", .. })), "{short}: {refused:?}");
    }
    assert!(matches!(world.store.search(&shop.mira, "abc", Some("x")).await, Err(StoreError::Value { .. })));
}

pub(super) async fn open_and_finished_names_too_only_with_access_and_never_notes(world: World) {
    // S2 S3 X4 O2
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let first = says(&world, &shop, &["my blue kettle", "a second BLUE one", "red"]).await;
    world.store.accept(shop.mira.clone(), first.clone()).await.unwrap();
    world.answers(&shop.mira, &first, 1).await.unwrap();
    world.store.close_conversation(shop.mira.clone(), first.clone(), Some(1)).await.unwrap();
    let second = says(&world, &shop, &["blue again"]).await;
    says(&world, &bank, &["blue bank"]).await;
    let note = domain::id::NoteId::new(Timestamp::from_ms(1), secret::random_id_bytes());
    world.store.leave_note(shop.mira.clone(), second.clone(), note, words("blue secret")).await.unwrap();

    let found = search(&world, &shop.tom, "blue").await;
    let ids: Vec<_> = found.iter().map(|one| one.conversation.id.as_str()).collect();
    assert_eq!(ids, [second.as_str(), first.as_str()]);
    let shown: Vec<Vec<&str>> =
        found.iter().map(|one| one.messages.iter().map(|it| it.message.text.as_str()).collect()).collect();
    assert_eq!(shown, [vec!["blue again"], vec!["a second BLUE one", "my blue kettle"]]);
    let range = found[1].messages[0].ranges[0];
    assert_eq!((range.start, range.end, found[1].messages[0].ranges.len()), (9, 13, 1));
    assert_eq!(texts(&world, &shop.tom, "three are left").await, ["Yes, three are left."], "answers too");
    assert_eq!(texts(&world, &bank.mira, "blue").await, ["blue bank"]);
    assert_eq!(texts(&world, &shop.tom, "kettle blue").await, ["my blue kettle"], "all words in one message");

    let name = world.view(&second).await.contact.name;
    assert_eq!(search(&world, &shop.tom, &name).await.len(), 2);
    let called = SetContact {
        rev: 0,
        name: "Jürgen Groß".to_owned(),
        email: String::new(),
        phone: String::new(),
        about: "blue note".to_owned(),
    };
    world.store.set_contact(shop.mira.clone(), shop.visitor.contact.clone(), called).await.unwrap();
    assert_eq!(search(&world, &shop.tom, &name).await, []);
    let found = search(&world, &shop.tom, "JURGEN gross").await;
    assert_eq!(found.len(), 2);
    let range = |one: &FoundConversation| one.name.iter().map(|range| (range.start, range.end)).collect::<Vec<_>>();
    assert_eq!((range(&found[0]), found[0].messages.len()), (vec![(0, 6), (7, 11)], 0));

    world.store.set_assigned(shop.owner.clone(), shop.channel.clone(), shop.tom.clone(), false).await.unwrap();
    assert_eq!(search(&world, &shop.tom, "blue").await, []);
    assert_eq!(search(&world, &shop.owner, "blue").await.len(), 2);
}

pub(super) async fn more_than_a_page_comes_in_pages_each_conversation_once(world: World) {
    // S4
    let shop = world.shop("Kettle").await;
    let mut asked: Vec<ConversationId> = Vec::new();
    for n in 0..110 {
        world.clock.advance_ms(1_000);
        let visitor = world.visitor(&shop.channel_key, None).await.unwrap();
        asked.push(world.asks(&visitor, &format!("kettle {n}")).await);
        // Many matches in one conversation push the others back, and it is shown once.
        for _ in 0..30 {
            if n == 60 {
                world.writes(&visitor, "kettle kettle").await.unwrap();
            }
        }
        if n % 10 == 0 {
            world.clock.advance_ms(1_000);
            world.writes(&visitor, "and another KETTLE").await.unwrap();
        }
    }
    let (mut found, mut after, mut sizes) = (Vec::new(), None, Vec::new());
    loop {
        let SearchPage { found: some, next } =
            world.store.search(&shop.mira, "kettle", after.as_deref()).await.unwrap();
        sizes.push(some.len());
        assert!(some.iter().all(|one| (1..=20).contains(&one.messages.len())));
        found.extend(some.into_iter().map(|one| one.conversation.id));
        let Some(next) = next else { break };
        after = Some(next);
    }
    asked.reverse();
    assert_eq!(sizes, [50, 50, 10]);
    assert_eq!(found, asked.into_iter().map(String::from).collect::<Vec<_>>());
}

/// What stands for an older release: it writes a message and knows nothing of searching.
const OLDER: &str = "
INSERT INTO messages (id, project_id, conversation_id, contact_id, n, text, at)
SELECT $1, project_id, id, contact_id, last_n + 1, $2, $3 FROM conversations WHERE id = $4";
const FORGET: &str = "UPDATE messages SET search_n = NULL";

pub(super) async fn what_an_older_release_wrote_is_made_up_for(world: World) {
    // S3
    let shop = world.shop("Kettle").await;
    let conversation = says(&world, &shop, &["my kettle"]).await;
    let id = conversation.clone();
    let older = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query(OLDER)
                .bind(message_id().as_str())
                .bind("an old teapot")
                .bind(tx.now.as_ms())
                .bind(id.as_str())
                .execute(tx.conn)
                .await?;
            query("DELETE FROM search_texts").execute(tx.conn).await?;
            query(FORGET).execute(tx.conn).await?;
            Ok::<_, StoreError>(())
        })
    });
    older.await.unwrap();
    assert_eq!(search(&world, &shop.mira, "kettle").await, [], "what is taken out is out of the index too");
    while world.store.make_up_for_search().await.unwrap() {}
    assert_eq!(texts(&world, &shop.mira, "teapot").await, ["an old teapot"]);
    assert_eq!(texts(&world, &shop.mira, "kettle").await, ["my kettle"]);
    let name = world.view(&conversation).await.contact.name;
    assert_eq!(search(&world, &shop.mira, &name).await.len(), 1);
    assert!(!world.store.make_up_for_search().await.unwrap(), "nothing is left");
}

pub(super) async fn a_record_finds_what_the_rules_find_in_any_texts(world: World) {
    // S3: a model of what is said, asked by domain, against the database.
    let shop = world.shop("Kettle").await;
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(Default::default()));
    let mut any =
        |pattern: &str| proptest::string::string_regex(pattern).unwrap().new_tree(&mut runner).unwrap().current();
    let mut said = Vec::new();
    for _ in 0..60 {
        let text = any("[aAbBäßςΣЖжé你好吗가나%_ \\\\'\"*.-]{3,12}");
        if world.writes(&shop.visitor, &format!("x{text}")).await.is_ok() {
            said.push(words(&format!("x{text}")).as_str().to_owned());
        }
    }
    let mut n_found = 0;
    for n in 0..150 {
        let from = any("[0-9]{1,2}").parse::<usize>().unwrap();
        let chars: Vec<char> = said[n % said.len()].chars().collect();
        let q: String = chars.iter().skip(from % chars.len()).take(4).collect();
        let Ok(asked) = Words::new(&q) else { continue };
        let wanted: BTreeSet<&String> = said.iter().filter(|text| !asked.matches(text).is_empty()).collect();
        let found = search(&world, &shop.mira, &q).await;
        let found: BTreeSet<String> =
            found.into_iter().flat_map(|one| one.messages).map(|found| found.message.text).collect();
        n_found += found.len();
        // At most 20 of a conversation are shown.
        if wanted.len() < 20 {
            assert_eq!(found.iter().collect::<BTreeSet<_>>(), wanted, "{q:?}");
        }
    }
    assert!(n_found > 50, "{n_found}");
}
