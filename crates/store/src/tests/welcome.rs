//! The first project and its single-use code.

use domain::text::Name;

use super::world::World;
use crate::{ChannelSettings, NewProject, NewWelcome, Store, StoreError};

fn kettle(owner: &str) -> NewProject {
    let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap();
    NewProject { name: Name::new("Kettle").unwrap(), owner_email: owner.to_owned(), channel }
}

async fn replaced(store: &Store) -> String {
    match store.new_welcome_code().await.unwrap() {
        NewWelcome::Code(code) => code,
        exists @ NewWelcome::ProjectExists(_) => panic!("there is no project yet, but {exists:?}"),
    }
}

pub(super) async fn the_welcome_code_is_made_once_and_makes_one_project(world: World) {
    // J3
    let store = &world.store;
    let code = store.welcome_code().await.unwrap().expect("an empty record gives a code");
    assert_eq!(store.welcome_code().await.unwrap(), None, "once in a record's life");
    let make = |code: &str, owner: &str| store.create_first_project(code.to_owned(), kettle(owner));
    let refused = make(&code, "no address").await;
    assert!(matches!(refused, Err(StoreError::Value { field: "email", .. })), "{refused:?}");
    for wrong in ["", "0000-0000-0000-0000"] {
        assert!(matches!(make(wrong, "mira@example.com").await, Err(StoreError::InvitationInvalid)), "{wrong:?}");
    }
    // What a mistyped address undid, it did not use up; people's ways of typing a code do no harm.
    let made = make(&format!(" {} ", code.to_uppercase()), "mira@example.com").await.unwrap();
    let owner = store.redeem(made.invitation_code, None, String::new(), None).await.unwrap();
    assert_eq!((owner.email.as_str(), owner.project_name.as_str()), ("mira@example.com", "Kettle"));
    assert!(store.widget_channel(&made.channel_key).await.is_ok());
    for used in [code.as_str(), ""] {
        assert!(matches!(make(used, "eve@example.com").await, Err(StoreError::InvitationInvalid)), "{used:?}");
    }
    assert_eq!(store.welcome_code().await.unwrap(), None);
    assert_eq!(store.new_welcome_code().await.unwrap(), NewWelcome::ProjectExists(made.project));
}

pub(super) async fn a_lost_welcome_code_is_replaced_and_good_for_nothing(world: World) {
    // J3
    let store = &world.store;
    let lost = store.welcome_code().await.unwrap().unwrap();
    let code = replaced(store).await;
    let by_lost = store.create_first_project(lost, kettle("eve@example.com")).await;
    assert!(matches!(by_lost, Err(StoreError::InvitationInvalid)));
    store.create_first_project(code, kettle("mira@example.com")).await.unwrap();
}

pub(super) async fn where_a_project_exists_no_welcome_code_is_made_or_taken(world: World) {
    // J3
    let store = &world.store;
    let code = store.welcome_code().await.unwrap().unwrap();
    let shop = world.shop("Kettle").await;
    let late = store.create_first_project(code, kettle("eve@example.com")).await;
    assert!(matches!(late, Err(StoreError::InvitationInvalid)), "the operator was quicker");
    assert_eq!(store.new_welcome_code().await.unwrap(), NewWelcome::ProjectExists(shop.id));
    assert_eq!(store.welcome_code().await.unwrap(), None);
}

pub(super) async fn of_relays_that_start_at_once_one_gets_the_welcome_code(world: World) {
    // J3
    let mut relays = vec![world.store.clone()];
    for _ in 0..3 {
        relays.push(world.open(&world.database, &world.key).await.unwrap());
    }
    let asked: Vec<_> =
        relays.iter().cloned().map(|relay| tokio::spawn(async move { relay.welcome_code().await })).collect();
    let mut codes = Vec::new();
    for one in asked {
        codes.extend(one.await.unwrap().unwrap());
    }
    assert_eq!(codes.len(), 1, "{codes:?}");
    // And of many who take it at once, over all relays, one makes the project.
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let (relay, code) = (relays[n % relays.len()].clone(), codes[0].clone());
            tokio::spawn(async move { relay.create_first_project(code, kettle(&format!("a{n}@example.com"))).await })
        })
        .collect();
    let mut n_made = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => n_made += 1,
            Err(error) => assert!(matches!(error, StoreError::InvitationInvalid), "{error}"),
        }
    }
    assert_eq!(n_made, 1);
}
