//! Templates: whose they are, who changes them, and that every machine follows.

use domain::agent::Right;
use domain::id::{AgentId, TemplateId};
use domain::template::Owner;
use domain::text::Name;
use domain::time::Timestamp;
use protocol::template::TemplateView;

use super::world::{Shop, World, words};
use crate::catch_up::CatchUp;
use crate::commands::templates::TEMPLATES_MAX;
use crate::db::{query, query_scalar};
use crate::writer::Lane;
use crate::{StoreError, TemplateContent, Topic, secret};

fn template_id() -> TemplateId {
    TemplateId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

fn texts(title: &str, text: &str) -> TemplateContent {
    TemplateContent { title: Name::new(title).unwrap(), text: words(text), files: None }
}

async fn makes(world: &World, by: &AgentId, owner: Owner, title: &str) -> Result<TemplateView, StoreError> {
    world.store.make_template(by.clone(), template_id(), owner, texts(title, "Hello {client_name}")).await
}

fn of_project(shop: &Shop) -> Owner {
    Owner::Project(shop.id.clone())
}

async fn titles(world: &World, agent: &AgentId) -> Vec<String> {
    let list = world.store.templates(agent).await.unwrap();
    let mut titles: Vec<String> = list.templates.into_iter().map(|template| template.title).collect();
    titles.sort();
    titles
}

pub(super) async fn everybody_has_his_own_and_his_projects_which_administrators_manage(world: World) {
    // T2
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let boss = world.joins(&shop.id, "boss@kettle.example", Right::Administrator, None).await;
    makes(&world, &shop.mira, Owner::Agent(shop.mira.clone()), "mine").await.unwrap();
    let ours = makes(&world, &boss, of_project(&shop), "ours").await.unwrap();
    makes(&world, &bank.owner, of_project(&bank), "the bank's").await.unwrap();
    assert_eq!(titles(&world, &shop.mira).await, ["mine", "ours"]);
    assert_eq!(titles(&world, &shop.tom).await, ["ours"]);
    // Her own follow her into every project.
    world.joins(&bank.id, "mira@Kettle.example", Right::Agent, Some(shop.mira.clone())).await;
    assert_eq!(titles(&world, &shop.mira).await, ["mine", "ours", "the bank's"]);

    let refused = makes(&world, &shop.mira, of_project(&shop), "x").await;
    assert!(matches!(refused, Err(StoreError::Forbidden)), "{refused:?}");
    let refused = makes(&world, &bank.owner, of_project(&shop), "x").await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    let id = TemplateId::parse(&ours.id).unwrap();
    let change = |by: &AgentId| world.store.change_template(by.clone(), id.clone(), 1, texts("ours", "Good day"));
    assert!(matches!(change(&shop.tom).await, Err(StoreError::Forbidden)));
    assert!(matches!(change(&bank.owner).await, Err(StoreError::NotFound)));
    assert!(matches!(world.store.delete_template(shop.tom.clone(), id.clone()).await, Err(StoreError::Forbidden)));
    change(&shop.owner).await.unwrap();
    let mine = world.store.templates(&shop.mira).await.unwrap().templates;
    let mine = mine.iter().find(|template| template.project_id.is_none()).unwrap();
    let mine = TemplateId::parse(&mine.id).unwrap();
    assert!(matches!(world.store.delete_template(shop.owner.clone(), mine).await, Err(StoreError::NotFound)));

    world.store.remove_agent(shop.owner.clone(), shop.id.clone(), shop.mira.clone()).await.unwrap();
    assert_eq!(titles(&world, &shop.mira).await, ["mine", "the bank's"]);
}

pub(super) async fn a_change_on_an_old_state_is_refused_and_one_sent_twice_is_not(world: World) {
    // T2, design rule 6
    let shop = world.shop("Kettle").await;
    let (id, owner) = (template_id(), Owner::Agent(shop.mira.clone()));
    let make = |by: &AgentId, owner: &Owner, text: &str| {
        world.store.make_template(by.clone(), id.clone(), owner.clone(), texts("Greeting", text))
    };
    let first = make(&shop.mira, &owner, "Hello").await.unwrap();
    assert_eq!(make(&shop.mira, &owner, "Hello").await.unwrap(), first);
    assert!(matches!(make(&shop.mira, &owner, "Hi").await, Err(StoreError::IdConflict)));
    assert!(matches!(make(&shop.owner, &of_project(&shop), "Hello").await, Err(StoreError::IdConflict)));

    let change =
        |rev, text: &str| world.store.change_template(shop.mira.clone(), id.clone(), rev, texts("Greeting", text));
    let second = change(1, "Good day").await.unwrap();
    assert_eq!((second.rev, second.text.as_str()), (2, "Good day"));
    assert_eq!(change(1, "Good day").await.unwrap(), second, "its answer was lost");
    assert!(matches!(change(1, "Good evening").await, Err(StoreError::StaleRevision)));
    assert_eq!(make(&shop.mira, &owner, "Hello").await.unwrap(), second, "made long ago, and changed since");
    assert_eq!(change(2, "Good evening").await.unwrap().rev, 3);
    world.store.delete_template(shop.mira.clone(), id.clone()).await.unwrap();
    assert!(matches!(change(3, "x").await, Err(StoreError::NotFound)));
    assert!(matches!(world.store.delete_template(shop.mira.clone(), id.clone()).await, Err(StoreError::NotFound)));
    assert!(matches!(make(&shop.mira, &owner, "Hello").await, Err(StoreError::NotFound)));
    assert_eq!(titles(&world, &shop.mira).await, [""; 0]);
}

pub(super) async fn every_machine_follows_and_the_log_holds_no_text(world: World) {
    // T2, design rule 1
    let shop = world.shop("Kettle").await;
    world.heard.forget();
    let mine = makes(&world, &shop.mira, Owner::Agent(shop.mira.clone()), "Elm").await.unwrap();
    let ours = makes(&world, &shop.owner, of_project(&shop), "Elm").await.unwrap();
    let gone = makes(&world, &shop.owner, of_project(&shop), "Elm too").await.unwrap();
    world.store.delete_template(shop.owner.clone(), TemplateId::parse(&gone.id).unwrap()).await.unwrap();
    let heard = world.heard.events();
    let told: Vec<_> = heard.iter().map(|event| (event.topic.as_str(), event.kind.as_str())).collect();
    let (own, project) = (Topic::Agent(shop.mira.clone()), Topic::Project(shop.id.clone()));
    let (own_name, project_name) = (own.to_string(), project.to_string());
    assert_eq!(
        told,
        [
            (own_name.as_str(), "template_changed"),
            (project_name.as_str(), "template_changed"),
            (project_name.as_str(), "template_changed"),
            (project_name.as_str(), "template_deleted"),
        ]
    );
    assert_eq!((&heard[0].data.template, &heard[1].data.template), (&Some(mine), &Some(ours)));
    assert_eq!(heard[3].data.removed_template_id.as_ref(), Some(&gone.id));

    // Who was away is told how it is now.
    let mut later = Vec::new();
    for topic in [own, project] {
        let cursor = protocol::frame::Cursor { epoch: world.store.epoch().to_owned(), seq: 0 };
        let CatchUp::Events { frames, .. } = world.store.catch_up(&topic, Some(&cursor)).await.unwrap() else {
            panic!("the log is there");
        };
        for frame in frames {
            match serde_json::from_slice(&frame.frame).unwrap() {
                protocol::frame::RelayFrame::Event(event) if event.kind.starts_with("template_") => {
                    later.push(event.data);
                }
                _ => {}
            }
        }
    }
    assert_eq!((&later[0], &later[1]), (&heard[0].data, &heard[1].data));
    assert_eq!((&later[2], &later[3]), (&heard[3].data, &heard[3].data), "it is gone");
    let mut conn = world.store.readers.acquire().await.unwrap();
    let stored: Vec<String> = query_scalar("SELECT data FROM events").fetch_all(&mut conn).await.unwrap();
    assert!(stored.iter().all(|event| !event.contains("Elm") && !event.contains("Hello")));
}

pub(super) async fn there_are_not_more_of_them_than_are_sent_at_once(world: World) {
    // T2
    let shop = world.shop("Kettle").await;
    let (mira, made) = (shop.mira.clone(), i64::from(TEMPLATES_MAX) - 1);
    let planted = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            for n in 0..made {
                query(
                    "INSERT INTO templates (id, agent_id, title, text, rev, created_by, created_at)
                     VALUES ($1, $2, 'a', 'b', 1, $2, $3)",
                )
                .bind(template_id().as_str())
                .bind(mira.as_str())
                .bind(n)
                .execute(tx.conn)
                .await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    planted.await.unwrap();
    let own = || Owner::Agent(shop.mira.clone());
    let last = makes(&world, &shop.mira, own(), "the last").await.unwrap();
    let refused = makes(&world, &shop.mira, own(), "one too many").await;
    assert!(matches!(refused, Err(StoreError::Value { .. })), "{refused:?}");
    makes(&world, &shop.owner, of_project(&shop), "others have room").await.unwrap();
    world.store.delete_template(shop.mira.clone(), TemplateId::parse(&last.id).unwrap()).await.unwrap();
    makes(&world, &shop.mira, own(), "instead").await.unwrap();
}
