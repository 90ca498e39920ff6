//! The driver: passes what happens to the client, carries out its effects, and draws.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::dom::{document, window};
use super::http::{self, Ask};
use super::input::Input;
use super::socket::Socket;
use super::storage::Store;
use super::view::View;
use super::{json, parent, time};
use crate::client::{Client, Effect};
use crate::settings::Settings;
use crate::texts::Text;

/// The least and the longest wait that a timer is set to.
const TIMER_MS: (i64, i64) = (15, 3_600_000);

/// The chat in its frame.
pub(super) struct App {
    pub(super) client: Client,
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) view: View,
    /// The origin of the embedding page, once it said hello.
    pub(super) page: Option<String>,
    /// Whether that page is not on the channel's list: then nothing begins.
    pub(super) refused: bool,
    socket: Option<Socket>,
    /// Counts the sockets, so that a late report of an earlier one is not taken for one of the present.
    n_sockets: u32,
    n_told: usize,
    timer: Option<i32>,
    tick: Option<Closure<dyn FnMut()>>,
}

/// The app as its listeners hold it.
#[derive(Clone)]
pub(super) struct Shared(pub(super) Rc<RefCell<App>>);

/// Builds the chat and waits for the embedding page's first message.
pub(crate) fn start() {
    if build().is_none()
        && let Some(fault) = document().get_element_by_id("fault")
    {
        // The page is not one that the relay made: it says itself that the chat cannot start. Removing what is not there is no error.
        fault.remove_attribute("hidden").unwrap_or_default();
    }
}

fn build() -> Option<()> {
    let settings = document().get_element_by_id("settings")?.text_content()?;
    let settings = Settings::read(&json::parse(&settings)?)?;
    let view = View::build(&settings)?;
    let seed = time::random().into_iter().fold(0_u64, |seed, byte| seed << 8 | u64::from(byte));
    let app = App {
        client: Client::new(seed),
        store: Store::open(&settings.key),
        settings,
        view,
        page: None,
        refused: false,
        socket: None,
        n_sockets: 0,
        n_told: 0,
        timer: None,
        tick: None,
    };
    let shared = Shared(Rc::new(RefCell::new(app)));
    let ticking = shared.clone();
    shared.0.borrow_mut().tick = Some(Closure::wrap(Box::new(move || ticking.turn(Input::Timer))));
    shared.listen_to_chat();
    let app = shared.0.borrow();
    if parent::is_alone() {
        app.view.refuse(Text::NotEmbedded);
    } else {
        parent::announce(&app.settings);
    }
    Some(())
}

impl Shared {
    /// Passes something to the client, carries out the effects, draws, and sets the timer.
    pub(super) fn turn(&self, input: Input) {
        let now = time::now();
        let mut app = self.0.borrow_mut();
        let app = &mut *app;
        let mut effects = input.pass(&mut app.client, now);
        let mut room = true;
        loop {
            for effect in effects {
                self.carry_out(app, effect);
            }
            // Drawn again only if the list has room for older messages, and these are asked for now.
            if !(room && app.view.draw(&app.client, app.store.is_refused())) {
                break;
            }
            room = false;
            effects = app.client.older(now);
        }
        app.tell_unread();
        app.set_timer(now);
    }

    fn carry_out(&self, app: &mut App, effect: Effect) {
        match effect {
            Effect::Connect => self.connect(app),
            Effect::Disconnect => app.socket = None,
            Effect::Say(frame) => {
                if let Some(socket) = &app.socket {
                    socket.send(&frame);
                }
            }
            Effect::AskVisitor => self.ask(Ask::Visitor { key: app.settings.key.clone() }),
            Effect::Post { token, id, text } => self.ask(Ask::Post { token, id, text }),
            Effect::AskPage { token, before } => self.ask(Ask::Page { token, before }),
            Effect::KeepToken(token) => app.store.keep_token(&token),
            Effect::ForgetToken(token) => app.store.forget_token(&token),
            Effect::Keep(kept) => app.store.keep(&kept),
            Effect::Drop(id) => app.store.drop_kept(&id),
        }
    }

    fn ask(&self, ask: Ask) {
        let shared = self.clone();
        let is_visitor = matches!(ask, Ask::Visitor { .. });
        let done: Box<dyn FnOnce(Input)> = Box::new(move |answer| {
            // Another tab may have been quicker to get an identity; then it is ours, too.
            let kept = if is_visitor { shared.0.borrow().store.token() } else { None };
            shared.turn(kept.map_or(answer, |token| Input::VisitorAnswered(Ok(token))));
        });
        http::ask(ask, done);
    }

    fn connect(&self, app: &mut App) {
        app.n_sockets = app.n_sockets.wrapping_add(1);
        let (shared, number) = (self.clone(), app.n_sockets);
        // Without a socket the session's time limit for connecting passes, and it tries again.
        app.socket = Socket::open(Box::new(move |input| {
            let is_present = shared.0.borrow().n_sockets == number;
            if is_present {
                shared.turn(input);
            }
        }));
    }
}

impl App {
    fn tell_unread(&mut self) {
        let n = self.client.n_unread();
        if let (Some(page), true) = (&self.page, n != self.n_told) {
            parent::tell_unread(page, n);
            self.n_told = n;
        }
    }

    fn set_timer(&mut self, now: i64) {
        if let Some(timer) = self.timer.take() {
            window().clear_timeout_with_handle(timer);
        }
        let (Some(deadline), Some(tick)) = (self.client.deadline(), &self.tick) else { return };
        let wait = deadline.saturating_sub(now).clamp(TIMER_MS.0, TIMER_MS.1);
        let callback = tick.as_ref().unchecked_ref();
        let wait = i32::try_from(wait).unwrap_or(i32::MAX);
        // A browser that sets no timer has no page left to set it for.
        self.timer = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, wait).ok();
    }
}
