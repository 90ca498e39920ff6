//! Carries out what the core decides: ports, sockets, requests, storage, sound.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::worker::{AccountKey, HubToPage, HubToPanel, PAGE_PORT, PANEL_PORT, PageToHub, PanelToHub, ToWorker};
use wasm_bindgen_futures::spawn_local;
use webext::{Incoming, Port, PortEvent};

use crate::core::{Core, Effect, FetchId, HttpOutcome, PortId, Posting};
use crate::socket::{Socket, SocketEvent};
use crate::sound::Sound;
use crate::transfer::{Transfer, TransferEvent};
use crate::{browser, fetch, keep};

/// The only page whose script may open a page port.
const GMAIL: &str = "https://mail.google.com";
/// Browsers count timers in 32 bits; a longer wait is taken in turns.
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// The hub as it runs in the offscreen document.
pub(crate) struct Driver {
    core: RefCell<Core>,
    pages: RefCell<HashMap<PortId, Port<PageToHub, HubToPage>>>,
    panels: RefCell<HashMap<PortId, Port<PanelToHub, HubToPanel>>>,
    sockets: RefCell<HashMap<AccountKey, Socket>>,
    transfers: RefCell<HashMap<FetchId, Transfer>>,
    timer: RefCell<Option<Timeout>>,
    n_ports: RefCell<PortId>,
    sound: Sound,
}

impl Driver {
    pub(crate) fn new(seed: u64) -> Rc<Self> {
        Rc::new(Self {
            core: RefCell::new(Core::new(seed, browser::now_ms())),
            pages: RefCell::default(),
            panels: RefCell::default(),
            sockets: RefCell::default(),
            transfers: RefCell::default(),
            timer: RefCell::default(),
            n_ports: RefCell::new(0),
            sound: Sound::default(),
        })
    }

    /// Passes something that happened to the core and carries out what it wants.
    pub(crate) fn run(self: &Rc<Self>, happened: impl FnOnce(&mut Core, i64)) {
        let effects = {
            let mut core = self.core.borrow_mut();
            happened(&mut core, browser::now_ms());
            core.take_effects()
        };
        for effect in effects {
            self.carry_out(effect);
        }
        self.arm();
    }

    /// Sets the one timer to the core's next deadline.
    fn arm(self: &Rc<Self>) {
        let timer = self.core.borrow().deadline().map(|at| {
            let wait_ms = at.saturating_sub(browser::now_ms()).clamp(0, LONGEST_WAIT_MS);
            let driver = self.clone();
            Timeout::new(u32::try_from(wait_ms).unwrap_or(0), move || {
                driver.run(Core::tick);
            })
        });
        self.timer.replace(timer);
    }

    /// Takes a port that a page or a panel opened; anybody else's is closed.
    pub(crate) fn connected(self: &Rc<Self>, incoming: Incoming) {
        let origin = incoming.sender.origin.as_deref();
        match incoming.name.as_str() {
            PAGE_PORT if origin == Some(GMAIL) => self.page_connected(incoming),
            PANEL_PORT if incoming.sender.is_own_page() => self.panel_connected(incoming),
            _ => incoming.refuse(),
        }
    }

    fn page_connected(self: &Rc<Self>, incoming: Incoming) {
        let (id, driver, tab_id) = (self.next_port(), self.clone(), incoming.sender.tab_id);
        let port = incoming.accept(move |event| match event {
            PortEvent::Message(message) => {
                driver.run(|core, now_ms| core.page_says(id, message, now_ms));
            }
            PortEvent::Unreadable(error) => browser::report(&format!("a page's message: {error}")),
            PortEvent::Closed => {
                driver.pages.borrow_mut().remove(&id);
                driver.run(|core, now_ms| core.page_closed(id, now_ms));
            }
        });
        self.pages.borrow_mut().insert(id, port);
        self.run(|core, now_ms| core.page_opened(id, tab_id, now_ms));
    }

    fn panel_connected(self: &Rc<Self>, incoming: Incoming) {
        let (id, driver) = (self.next_port(), self.clone());
        let port = incoming.accept(move |event| match event {
            PortEvent::Message(message) => {
                driver.run(|core, now_ms| core.panel_says(id, message, now_ms));
            }
            PortEvent::Unreadable(error) => browser::report(&format!("a panel's message: {error}")),
            PortEvent::Closed => {
                driver.panels.borrow_mut().remove(&id);
                driver.run(|core, now_ms| core.panel_closed(id, now_ms));
            }
        });
        self.panels.borrow_mut().insert(id, port);
        self.run(|core, now_ms| core.panel_opened(id, now_ms));
    }

    fn next_port(&self) -> PortId {
        let mut n_ports = self.n_ports.borrow_mut();
        *n_ports = n_ports.wrapping_add(1);
        *n_ports
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::ToPage { port, message } => {
                if let Some(port) = self.pages.borrow().get(&port) {
                    // A port that just closed says so by its own event.
                    report_failed("a page", port.send(&message));
                }
            }
            Effect::ToPanels { ports, message } => self.tell_panels(&ports, &message),
            Effect::Connect { account, relay } => self.connect(&account, &relay),
            Effect::Transmit { account, frame } => {
                if let Some(socket) = self.sockets.borrow().get(&account) {
                    socket.send(&frame);
                }
            }
            Effect::Disconnect { account } => {
                self.sockets.borrow_mut().remove(&account);
                self.show_counts();
            }
            Effect::Fetch { id, relay, token, call } => {
                let driver = self.clone();
                spawn_local(async move {
                    let outcome = fetch::ask(&relay, &token, &call).await;
                    driver.run(|core, now_ms| core.fetched(id, &outcome, now_ms));
                });
            }
            Effect::Post { id, relay, token, file } => self.post(id, &relay, &token, &file),
            Effect::Abort { id } => {
                self.transfers.borrow_mut().remove(&id);
            }
            Effect::Keep { account, items } => keep::keep(&account, &items),
            Effect::Sound => self.sound.play(),
            Effect::Worker(message) => tell_worker(message),
            Effect::Report { what } => browser::report(&what),
        }
    }

    /// Sends a file.
    fn post(self: &Rc<Self>, id: FetchId, relay: &str, token: &str, file: &Posting) {
        let driver = self.clone();
        let transfer = Transfer::start(relay, token, file, move |event| match event {
            TransferEvent::Progressed(sent, total) => driver.run(|core, _| core.progressed(id, sent, total)),
            TransferEvent::Ended(outcome) => {
                driver.transfers.borrow_mut().remove(&id);
                driver.run(|core, now_ms| core.fetched(id, &outcome, now_ms));
            }
        });
        match transfer {
            Ok(transfer) => {
                self.transfers.borrow_mut().insert(id, transfer);
            }
            Err(reason) => {
                browser::report(&format!("a file cannot be sent: {}", browser::words(&reason)));
                let driver = self.clone();
                // Later, because the core's other effects come first.
                spawn_local(async move {
                    driver.run(|core, now_ms| core.fetched(id, &HttpOutcome::Unreachable, now_ms));
                });
            }
        }
    }

    fn tell_panels(&self, ports: &[PortId], message: &HubToPanel) {
        let text = serde_json::to_string(message).expect("messages are plain enums with text keys");
        let panels = self.panels.borrow();
        for port in ports.iter().filter_map(|port| panels.get(port)) {
            report_failed("a panel", port.send_text(&text));
        }
    }

    fn connect(self: &Rc<Self>, account: &AccountKey, relay: &str) {
        let (key, driver) = (account.clone(), self.clone());
        let socket = Socket::open(&crate::address::stream(relay), move |event| {
            match event {
                SocketEvent::Opened => driver.run(|core, now_ms| core.socket_opened(&key, now_ms)),
                SocketEvent::Text(text) => {
                    driver.run(|core, now_ms| core.frame(&key, &text, now_ms));
                }
                SocketEvent::Closed => {
                    driver.sockets.borrow_mut().remove(&key);
                    driver.run(|core, now_ms| core.socket_closed(&key, now_ms));
                }
            }
            driver.show_counts();
        });
        match socket {
            Ok(socket) => {
                self.sockets.borrow_mut().insert(account.clone(), socket);
            }
            Err(reason) => {
                browser::report(&format!("the relay's address cannot be used: {reason}"));
                let (key, driver) = (account.clone(), self.clone());
                // Later, because the core's other effects come first.
                spawn_local(async move { driver.run(|core, now_ms| core.socket_closed(&key, now_ms)) });
            }
        }
    }

    /// Shows the number of open streams on the document's root.
    fn show_counts(&self) {
        let n_connections = self.sockets.borrow().values().filter(|socket| socket.is_open()).count();
        browser::show_count("data-n-connections", n_connections);
    }
}

fn report_failed(to: &str, sent: Result<(), webext::Error>) {
    if let Err(error) = sent {
        browser::report(&format!("a message to {to}: {error}"));
    }
}

/// Tells the service worker; it may be starting, and a message lost there is sent again with the next change.
fn tell_worker(message: ToWorker) {
    spawn_local(async move {
        let told: Result<serde_json::Value, _> = webext::message::send(crate::WORKER, &message).await;
        if let Err(error) = told {
            browser::report(&format!("a message to the service worker: {error}"));
        }
    });
}
