//! The hub: an offscreen document, one per browser profile, that holds one relay connection per signed-in account.
//!
//! Gmail pages and panels talk to it over ports, and it decides who is alerted and how. What it decides is in the module `core`, pure;
//! everything else carries that out in the browser.

mod address;
mod browser;
mod core;
mod driver;
mod fetch;
mod keep;
mod panic;
mod socket;
mod sound;
mod transfer;

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use protocol::worker::{Accounts, ToHub, ToWorker};
use session::Backoff;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use crate::core::Core;
use crate::driver::Driver;

/// How messages name the hub.
const NAME: &str = "hub";
/// How messages name the service worker.
const WORKER: &str = "worker";

/// Runs the hub for as long as its document lives.
#[wasm_bindgen(start)]
pub fn start() {
    panic::begin_anew_after_one();
    browser::show_count("data-n-sounds", 0);
    browser::show_count("data-n-connections", 0);
    let seed = browser::seed();
    let driver = Driver::new(seed);
    let is_told = Rc::new(Cell::new(false));

    let on_connect = {
        let driver = driver.clone();
        webext::on_connect(move |incoming| driver.connected(incoming))
    };
    let on_accounts = {
        let (driver, is_told) = (driver.clone(), is_told.clone());
        webext::message::on_message(NAME, move |message| match message {
            Ok(ToHub::AccountsChanged { accounts }) => {
                is_told.set(true);
                take_accounts(&driver, accounts);
            }
            Ok(ToHub::NotificationClicked { id }) => driver.run(|core, now_ms| core.notification_clicked(&id, now_ms)),
            Ok(ToHub::NotificationClosed { id }) => driver.run(|core, _| core.notification_closed(&id)),
            Err(error) => browser::report(&format!("a message to the hub: {error}")),
        })
    };
    // The document's end is theirs.
    std::mem::forget((on_connect, on_accounts));
    wake_with_the_network(&driver);
    driver.run(Core::tick);
    spawn_local(ask_for_accounts(driver, is_told, seed));
}

fn take_accounts(driver: &Rc<Driver>, accounts: Accounts) {
    keep::forget_others(&accounts);
    driver.run(|core, now_ms| core.set_accounts(accounts, keep::kept, now_ms));
}

/// Asks the service worker for the accounts until it answers, or told them by itself: this document may not read them.
async fn ask_for_accounts(driver: Rc<Driver>, is_told: Rc<Cell<bool>>, seed: u64) {
    let mut backoff = Backoff::new(100, 5_000, seed);
    while !is_told.get() {
        match webext::message::send::<_, Accounts>(WORKER, &ToWorker::Accounts).await {
            // What it told by itself in the meantime is newer.
            Ok(_) if is_told.get() => return,
            Ok(accounts) => return take_accounts(&driver, accounts),
            Err(error) => browser::report(&format!("asking for the accounts: {error}")),
        }
        TimeoutFuture::new(u32::try_from(backoff.next_ms()).unwrap_or(5_000)).await;
    }
}

fn wake_with_the_network(driver: &Rc<Driver>) {
    let driver = driver.clone();
    let on_online = Closure::<dyn FnMut()>::new(move || driver.run(Core::wake));
    if let Some(window) = web_sys::window() {
        window.set_ononline(Some(on_online.as_ref().unchecked_ref()));
    }
    // It lives as long as the document.
    on_online.forget();
}
