//! The driver: passes what happens to the client, carries out its effects, and draws.

use alloc::string::String;
use alloc::vec::Vec;

use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

use super::asks::{Ask, Asks, read};
use super::json::Value;
use super::list::List;
use super::storage::{Elsewhere, Store};
use super::{asks, composer, page, time, view};
use crate::client::{Client, Effect};
use crate::settings::Settings;
use crate::texts::Text;
use crate::wire::{self, Json as _};

/// What can happen, in the order of the list `HAPPENINGS` of `boot.js`.
const TIMER: usize = 0;
const WAKE: usize = 1;
const OPENED: usize = 2;
const FRAME: usize = 3;
const CLOSED: usize = 4;
const ANSWERED: usize = 5;
const STORED: usize = 6;
const SUBMIT: usize = 7;
const SCROLLED: usize = 8;
const CHOSEN: usize = 9;
const MESSAGE: usize = 10;
const CLOSE: usize = 11;
const NEWEST: usize = 12;
const RESIZE: usize = 13;
const TYPED: usize = 14;

/// The least and the longest wait that a timer is set to.
const TIMER_MS: (i64, i64) = (15, 3_600_000);

/// The chat in its frame.
struct Chat {
    client: Client,
    settings: Settings,
    store: Store,
    list: List,
    asks: Asks,
    /// The origin of the embedding page, once it said hello.
    page: Option<String>,
    /// Whether that page is not on the channel's list: then nothing begins.
    refused: bool,
    n_told: usize,
    /// Whether that page was told that the visitor has an identity, by which it may tell of his visit (I1).
    follows: bool,
}

/// The one chat of the frame. Nothing waits for it: the page never calls while it is called.
static CHAT: Mutex<Option<Chat>> = Mutex::new(None);

/// Builds the chat and tells the embedding page that it listens. Returns whether the page is one that the relay made.
#[wasm_bindgen]
pub fn start() -> bool {
    let chat = build();
    let is_built = chat.is_some();
    if let Some(mut place) = CHAT.try_lock() {
        *place = chat;
    }
    is_built
}

/// Something happened in the page: the place of its name in the list that `boot.js` has, too.
#[wasm_bindgen]
pub fn heard(what: usize) {
    if let Some(mut place) = CHAT.try_lock()
        && let Some(chat) = &mut *place
    {
        chat.heard(what, Value::HEARD);
    }
}

fn build() -> Option<Chat> {
    let settings = Settings::read(&page::settings())?;
    let list = view::build(&settings);
    let seed = u64::from(page::random()) << 32 | u64::from(page::random());
    if page::is_alone() {
        view::refuse(Text::NotEmbedded);
    } else {
        // To the page that embeds the chat, if it is on the channel's list. Without a referrer it is one of the list.
        let referrer = page::referrer();
        for origin in &settings.origins {
            if referrer.as_ref().is_none_or(|referrer| origin.eq_ignore_ascii_case(referrer)) {
                page::tell(origin, "ready", 0);
            }
        }
    }
    Some(Chat {
        client: Client::new(seed),
        store: Store::open(&settings.key),
        settings,
        list,
        asks: Asks::default(),
        page: None,
        refused: false,
        n_told: 0,
        follows: false,
    })
}

impl Chat {
    fn heard(&mut self, what: usize, value: Value) {
        let now = time::now();
        if let Some(effects) = self.effects_of(what, value, now) {
            self.turn(effects, now);
        }
        if what == CHOSEN {
            self.focus();
        }
    }

    /// What follows for the client; nothing if it does not concern it.
    fn effects_of(&mut self, what: usize, value: Value, now: i64) -> Option<Vec<Effect>> {
        Some(match what {
            TIMER => self.client.timer(now),
            WAKE => self.client.wake(now),
            OPENED => self.client.opened(now),
            FRAME => self.client.frame(wire::frame(&value), now),
            CLOSED => self.client.closed(now),
            ANSWERED => self.answered(value, now)?,
            STORED => {
                let key = value.text("key")?;
                match self.store.read(&key, value.text("value"))? {
                    Elsewhere::Token(token) => self.client.token_kept_elsewhere(token, now),
                    Elsewhere::Kept(kept) => self.client.kept_elsewhere(kept, now),
                    Elsewhere::Dropped(id) => self.client.dropped_elsewhere(&id, now),
                }
            }
            SUBMIT => self.submit(now)?,
            SCROLLED if self.list.scrolled() && self.client.can_load_older() => self.client.older(now),
            CHOSEN => {
                let (action, id) = (value.text("action")?, value.text("id")?);
                match action.as_str() {
                    "retry" => self.client.retry(&id, &time::message_id(now), now),
                    _ => self.client.discard(&id, now),
                }
            }
            _ => {
                self.heard_aside(what, value, now);
                return None;
            }
        })
    }

    /// What does not concern the client, or not only.
    fn heard_aside(&mut self, what: usize, value: Value, now: i64) {
        match what {
            MESSAGE => self.said(value, now).unwrap_or_default(),
            CLOSE => self.tell("close", 0),
            NEWEST => self.list.go_to_end(),
            RESIZE => self.list.settle_at_end(),
            TYPED => {
                let text = page::input_text();
                composer::changed(&text);
                self.store.keep_unfinished(&text);
                let effects = self.client.typed(now);
                self.carry_out(effects);
            }
            _ => {}
        }
    }

    /// Carries out the effects, draws, and sets the timer.
    fn turn(&mut self, effects: Vec<Effect>, now: i64) {
        self.carry_out(effects);
        // Drawn again only if the list has room for older messages, and these are asked for now.
        if view::draw(&mut self.list, &self.client, self.store.is_refused()) {
            let effects = self.client.older(now);
            self.carry_out(effects);
            view::draw(&mut self.list, &self.client, self.store.is_refused());
        }
        page::fetch_as(self.client.token().unwrap_or_default());
        let n = self.client.n_unread();
        if self.page.is_some() && n != self.n_told {
            self.n_told = n;
            self.tell("unread", u32::try_from(n).unwrap_or(u32::MAX));
        }
        let follows = self.client.token().is_some();
        if self.follows != follows {
            self.follows = follows;
            if follows {
                self.tell("visit", 0);
            }
        }
        let wait = |at: i64| at.saturating_sub(now).clamp(TIMER_MS.0, TIMER_MS.1);
        page::wait(self.client.deadline().and_then(|at| i32::try_from(wait(at)).ok()).unwrap_or(-1));
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Connect => page::connect(),
                Effect::Disconnect => page::disconnect(),
                Effect::Say(frame) => page::say(&frame),
                Effect::AskVisitor => self.asks.ask(Ask::Visitor { key: self.settings.key.clone() }),
                Effect::Post { token, id, draft } => self.asks.ask(Ask::Post { token, id, draft }),
                Effect::AskPage { token, before } => self.asks.ask(Ask::Page { token, before }),
                Effect::KeepToken(token) => self.store.keep_token(&token),
                Effect::ForgetToken(token) => self.store.forget_token(&token),
                Effect::Keep(kept) => self.store.keep(&kept),
                Effect::Drop(id) => self.store.drop_kept(&id),
            }
        }
    }

    fn answered(&mut self, value: Value, now: i64) -> Option<Vec<Effect>> {
        Some(match self.asks.answered(value)? {
            Ask::Visitor { .. } => {
                // Another tab may have been quicker to get an identity; then it is ours, too.
                let answer = self.store.token().map_or_else(|| read(value, wire::visitor_token), Ok);
                self.client.visitor_answered(answer, now)
            }
            Ask::Post { token, id, .. } => self.client.posted(&token, &id, read(value, wire::message_body), now),
            Ask::Page { token, before } => self.client.paged(&token, before, read(value, wire::history), now),
        })
    }

    /// The embedding page's message.
    fn said(&mut self, value: Value, now: i64) -> Option<()> {
        let origin = value.text("origin")?;
        let data = value.field("data")?;
        let shown = data.flag("shown")?;
        let is_hello = match data.text("ds")?.as_str() {
            "hello" => true,
            "shown" => false,
            "visit" => return self.tell_visit(&origin, &data.text("visit")?),
            _ => return None,
        };
        match &self.page {
            None if is_hello => self.greeted(origin, shown, now),
            Some(page) if *page == origin && is_hello => self.tell("started", 0),
            Some(page) if *page == origin => self.show(shown, now),
            _ => {}
        }
        Some(())
    }

    /// The page says where its visitor was: the relay takes it as it is, or not. Nobody waits for the answer, as the next report says it again.
    fn tell_visit(&self, origin: &str, visit: &str) -> Option<()> {
        let token = self.client.token().filter(|_| self.page.as_deref() == Some(origin))?;
        asks::tell_visit(token, visit);
        Some(())
    }

    /// The embedding page's first message: begins, if the page is on the channel's list (W2).
    fn greeted(&mut self, origin: String, shown: bool, now: i64) {
        self.refused = !self.settings.admits(&origin);
        self.page = Some(origin);
        if self.refused {
            view::refuse(Text::OriginNotAllowed);
        } else {
            if let Some(unfinished) = self.store.unfinished() {
                composer::set_text(&unfinished);
            }
            page::listen_to_world();
            let effects = self.client.start(self.store.token(), self.store.kept(), now);
            self.turn(effects, now);
            self.show(shown, now);
        }
        // A page that is refused shows the frame, too, so that these words can be read.
        self.tell("started", 0);
    }

    fn show(&mut self, shown: bool, now: i64) {
        if self.refused {
            return;
        }
        let effects = self.client.show(shown, now);
        self.turn(effects, now);
        if shown {
            self.focus();
        }
    }

    fn submit(&mut self, now: i64) -> Option<Vec<Effect>> {
        if self.page.is_none() || self.refused || self.client.log().block().blocked {
            return None;
        }
        let (text, files) = composer::take()?;
        self.store.keep_unfinished("");
        self.list.go_to_end();
        Some(self.client.write(&time::message_id(now), &text, files, now))
    }

    fn focus(&self) {
        page::focus();
        self.list.settle_at_end();
    }

    fn tell(&self, what: &str, n: u32) {
        if let Some(page) = &self.page {
            page::tell(page, what, n);
        }
    }
}

#[cfg(test)]
mod tests {
    /// The names of the constants above, in their order.
    const NAMES: [&str; 15] = [
        "timer", "wake", "opened", "frame", "closed", "answered", "stored", "submit", "scrolled", "chosen", "message",
        "close", "newest", "resize", "typed",
    ];

    #[test]
    fn the_script_has_the_same_list() {
        let script = include_str!("../../boot.js");
        let list = script.split("const HAPPENINGS = \"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(list.split(' ').collect::<Vec<_>>(), NAMES);
        let source = include_str!("chat.rs");
        for (at, name) in NAMES.iter().enumerate() {
            assert!(source.contains(&format!("const {}: usize = {at};", name.to_uppercase())), "{name}");
        }
    }
}
