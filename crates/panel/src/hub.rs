//! The port to the hub: opened again whenever it closes, with everything asked for answered in the end.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::frame::RelayFrame;
use protocol::worker::{AccountKey, Answered, HubToPanel, PANEL_PORT, PanelToHub, ToWorker, UploadState};
use serde::de::IgnoredAny;
use ui::clock::machine_ms;
use ui::link::Ask;
use ui::state::drafts::keep_unsent;
use ui::state::panel::{Action, AsideAction};
use webext::{Port, PortEvent};
use yew::Callback;

use crate::page;
use crate::unsent::{Left, Unsent};

/// The first and the longest pause before the port is opened again, in milliseconds.
const PAUSE_MS: std::ops::RangeInclusive<u32> = 100..=3_000;

/// The panel's end of the port.
#[derive(Clone)]
pub(crate) struct Hub {
    inner: Rc<RefCell<Inner>>,
    state: Callback<Action>,
}

struct Inner {
    page_id: String,
    /// Whose the panel is, if it stands in a window of its own.
    own: Option<AccountKey>,
    port: Option<Port<HubToPanel, PanelToHub>>,
    /// Whether the port stands open; a closed one is dropped only when the next is opened.
    open: bool,
    /// Whether the agent sees this panel, if it stands in a window of its own.
    shown: Option<bool>,
    pause_ms: u32,
    n_calls: u32,
    calls: Vec<Asked>,
    unsent: Unsent,
    /// What the hub said and the state has not taken yet.
    heard: Vec<HubToPanel>,
}

/// A question that waits for its answer.
struct Asked {
    call_id: u32,
    account: AccountKey,
    answer: Callback<Answered>,
}

impl Hub {
    /// A hub whose port is not open yet; what it says goes to `state`.
    pub(crate) fn new(page_id: String, own: Option<AccountKey>, state: Callback<Action>) -> Self {
        let inner = Inner {
            page_id,
            own,
            port: None,
            open: false,
            shown: None,
            pause_ms: *PAUSE_MS.start(),
            n_calls: 0,
            calls: Vec::new(),
            unsent: Unsent::default(),
            heard: Vec::new(),
        };
        Self { inner: Rc::new(RefCell::new(inner)), state }
    }

    /// Opens the port.
    pub(crate) fn open(&self) {
        let hub = self.clone();
        // The former port, if there was one, goes before the next comes.
        self.inner.borrow_mut().port = None;
        match Port::connect(PANEL_PORT, move |event| hub.on_event(event)) {
            Ok(port) => {
                let mut inner = self.inner.borrow_mut();
                inner.port = Some(port);
                inner.open = true;
                inner.greet();
            }
            Err(error) => {
                web_sys::console::warn_1(&error.to_string().into());
                self.open_later();
            }
        }
    }

    /// Asks the relay something; if the port is closed the answer is that it could not be reached.
    pub(crate) fn ask(&self, Ask { account, request, answer }: Ask) {
        let sent = {
            let mut inner = self.inner.borrow_mut();
            inner.n_calls = inner.n_calls.wrapping_add(1);
            let call_id = inner.n_calls;
            let sent = inner.send(&PanelToHub::Call { account: account.clone(), call_id, request });
            if sent {
                inner.calls.push(Asked { call_id, account, answer: answer.clone() });
            }
            sent
        };
        if !sent {
            answer.emit(Answered::Unreachable);
        }
    }

    /// Tells the hub something, now or as soon as the port is open again.
    pub(crate) fn tell(&self, message: PanelToHub) {
        let mut inner = self.inner.borrow_mut();
        match &message {
            PanelToHub::Send { account, item } => {
                let left = inner.unsent.send(account.clone(), item.clone());
                if left.answers.is_empty() {
                    // If the port is closed, the answer is sent when it opens, with the other ones.
                    inner.send(&message);
                } else {
                    keep_as_drafts(&left);
                }
                return;
            }
            PanelToHub::Discard { message_id, .. } => inner.unsent.discard(message_id),
            PanelToHub::Typing { .. } | PanelToHub::Viewing { .. } => {
                // Later it would not be true any more.
                inner.send(&message);
                return;
            }
            PanelToHub::CancelUpload { .. } => {
                // With the port, what was on its way is given up.
                inner.send(&message);
                return;
            }
            PanelToHub::Upload { upload, .. } => {
                // Too large to be kept: the agent tries again.
                if !inner.send(&message) {
                    drop(inner);
                    let (attachment_id, state) = (upload.id.clone(), UploadState::Unreachable);
                    self.state.emit(Action::Hub(vec![HubToPanel::UploadState { attachment_id, state }]));
                }
                return;
            }
            PanelToHub::Shown { shown } => {
                // A hub that begins anew is told with the greeting.
                inner.shown = Some(*shown);
                inner.send(&message);
                return;
            }
            PanelToHub::Hello { .. }
            | PanelToHub::Call { .. }
            | PanelToHub::Retry { .. }
            | PanelToHub::Choose { .. } => {}
        }
        if !inner.send(&message) {
            inner.unsent.keep(message);
        }
    }

    fn on_event(&self, event: PortEvent<HubToPanel>) {
        match event {
            PortEvent::Message(HubToPanel::Reply { call_id, answered }) => {
                self.deliver();
                let asked = {
                    let calls = &mut self.inner.borrow_mut().calls;
                    calls.iter().position(|asked| asked.call_id == call_id).map(|at| calls.swap_remove(at))
                };
                if let Some(asked) = asked {
                    asked.answer.emit(answered);
                }
            }
            PortEvent::Message(message) => self.hear(message),
            PortEvent::Unreadable(error) => web_sys::console::warn_1(&error.to_string().into()),
            PortEvent::Closed => self.on_closed(),
        }
    }

    /// Collects what the hub says in one go, such as the snapshots of an opening, and draws it once. A hidden page has no timers to
    /// speak of, so there everything is taken as it comes.
    fn hear(&self, message: HubToPanel) {
        let mut inner = self.inner.borrow_mut();
        inner.pause_ms = *PAUSE_MS.start();
        let (concerns_it, left) = inner.unsent.hear(&message);
        keep_as_drafts(&left);
        if !concerns_it {
            return;
        }
        if let HubToPanel::Account { account, .. } = &message {
            // An answer to another account would be shown where it does not belong.
            inner.calls.retain(|asked| Some(&asked.account) == account.as_ref());
        }
        if let HubToPanel::Frame {
            frame: frame @ (RelayFrame::Typing { .. } | RelayFrame::Viewing { .. } | RelayFrame::VisitChanged { .. }),
        } = message
        {
            drop(inner);
            // After what was said before it.
            self.deliver();
            self.state.emit(Action::Aside(AsideAction::Passed(frame, machine_ms())));
            return;
        }
        inner.heard.push(message);
        let n_heard = inner.heard.len();
        drop(inner);
        if page::is_hidden() {
            self.deliver();
        } else if n_heard == 1 {
            let hub = self.clone();
            Timeout::new(0, move || hub.deliver()).forget();
        }
    }

    fn deliver(&self) {
        let heard = std::mem::take(&mut self.inner.borrow_mut().heard);
        if !heard.is_empty() {
            self.state.emit(Action::Hub(heard));
        }
    }

    fn on_closed(&self) {
        self.deliver();
        let calls = {
            let mut inner = self.inner.borrow_mut();
            inner.open = false;
            std::mem::take(&mut inner.calls)
        };
        for asked in calls {
            asked.answer.emit(Answered::Unreachable);
        }
        self.state.emit(Action::Lost);
        self.open_later();
    }

    /// Has the service worker start the hub, and opens the port after a pause that grows.
    fn open_later(&self) {
        let pause_ms = {
            let mut inner = self.inner.borrow_mut();
            let pause_ms = inner.pause_ms;
            inner.pause_ms = (pause_ms * 2).min(*PAUSE_MS.end());
            pause_ms
        };
        let hub = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = webext::message::send::<_, IgnoredAny>("worker", &ToWorker::EnsureHub).await {
                web_sys::console::warn_1(&error.to_string().into());
            }
            Timeout::new(pause_ms, move || hub.open()).forget();
        });
    }
}

/// Keeps answers of a former account that nobody will send, as drafts of that account.
fn keep_as_drafts(left: &Left) {
    for of_one in left.answers.chunk_by(|(account, _), (next, _)| account == next) {
        let items: Vec<_> = of_one.iter().map(|(_, item)| item.clone()).collect();
        keep_unsent(&of_one[0].0, &items);
    }
}

impl Inner {
    /// The first messages of a port: who, and what the hub may not have.
    fn greet(&mut self) {
        self.send(&PanelToHub::Hello { page_id: self.page_id.clone(), account: self.own.clone() });
        if let Some(shown) = self.shown {
            self.send(&PanelToHub::Shown { shown });
        }
        for message in self.unsent.again() {
            self.send(&message);
        }
    }

    /// Whether the message went out.
    fn send(&mut self, message: &PanelToHub) -> bool {
        let Some(port) = self.port.as_ref().filter(|_| self.open) else { return false };
        match port.send(message) {
            Ok(()) => true,
            Err(error) => {
                web_sys::console::warn_1(&error.to_string().into());
                false
            }
        }
    }
}
