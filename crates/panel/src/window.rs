//! The panel in a window of its own (G1): whose it is, what it shows, how it looks, and when it is seen.

use std::rc::Rc;

use protocol::worker::{AccountKey, PanelToHub, ToWorker};
use serde::Deserialize;
use serde::de::IgnoredAny;
use ui::hooks::use_window_event;
use ui::link::PopOut;
use ui::state::panel::{Action, Panel};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};
use webext::storage::Area;
use yew::{Callback, UseReducerDispatcher, hook, use_callback, use_effect_with};

use crate::hub::Hub;
use crate::page;

/// On which a window that stands already is told what to show: an account, a line break, a conversation.
const CHANNEL: &str = "deskside-window";
/// Where the agent's choice of colours is kept; the Control Panel writes it.
const LOOK: &str = "look";

/// How the panel looks, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
struct Look {
    #[serde(default)]
    theme: String,
}

/// Whose panel it is, if it stands in a window of its own. In a frame the page around it says so, whatever stands in the address.
pub(crate) fn account() -> Option<AccountKey> {
    if page::parent().is_some() { None } else { page::field("account").map(AccountKey) }
}

/// Lives as a window of its own, if it is one.
#[hook]
pub(crate) fn use_window(own: Option<AccountKey>, hub: &Rc<Hub>, state: &UseReducerDispatcher<Panel>) {
    let seen = {
        let (hub, state) = (hub.clone(), state.clone());
        use_callback(own.clone(), move |(), own| {
            if own.is_some() {
                let shown = !page::is_hidden();
                state.dispatch(Action::Shown(shown));
                hub.tell(PanelToHub::Shown { shown });
            }
        })
    };
    use_window_event("visibilitychange", seen.clone());
    let state = state.clone();
    use_effect_with(own, move |own| {
        let listening = own.clone().map(|account| {
            seen.emit(());
            if let Some(id) = take_conversation(&account) {
                state.dispatch(Action::Open(account.clone(), id));
            }
            (wear_look(), hear(account, move |account, id| state.dispatch(Action::Open(account, id))))
        });
        move || drop(listening)
    });
}

/// The conversation that the window was opened for. It is said once: loaded again, the window stands where it stood.
fn take_conversation(account: &AccountKey) -> Option<String> {
    let conversation_id = page::field("conversation")?;
    let address = format!("#account={}", js_sys::encode_uri_component(&account.0));
    let history = web_sys::window().map(|window| window.history());
    let replaced = history.map(|history| history?.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    if let Some(Err(error)) = replaced {
        web_sys::console::warn_1(&error);
    }
    Some(conversation_id)
}

/// Wears the colours that the agent chose, and follows his choice; without one, the browser's.
fn wear_look() -> webext::Listener {
    let wear = |read: Result<Option<Look>, webext::Error>| match read.map(Option::unwrap_or_default) {
        Ok(Look { theme }) if theme == "light" || theme == "dark" => page::set("data-theme", Some(&theme)),
        Ok(_) => page::set("data-theme", None),
        Err(error) => web_sys::console::warn_1(&format!("the theme cannot be read: {error}").into()),
    };
    wasm_bindgen_futures::spawn_local(async move { wear(Area::Sync.get(LOOK).await) });
    Area::Sync.on_changed(LOOK, wear)
}

/// What other panels say to this one; dropping it ends the listening.
struct Hearing {
    channel: BroadcastChannel,
    _handler: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Calls back with what a panel of this account pops out while this window stands.
fn hear(own: AccountKey, show: impl Fn(AccountKey, String) + 'static) -> Option<Hearing> {
    let channel = channel()?;
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if let Some((account, id)) = text.split_once('\n')
            && account == own.0
        {
            show(own.clone(), id.to_owned());
        }
    });
    channel.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    Some(Hearing { channel, _handler: handler })
}

/// Opens a window, or tells the one that stands what to show; `done` is called when it is there.
pub(crate) fn pop_out(PopOut { account, conversation_id }: PopOut, done: Callback<()>) {
    if let (Some(channel), Some(id)) = (channel(), &conversation_id) {
        if let Err(error) = channel.post_message(&format!("{}\n{id}", account.0).into()) {
            web_sys::console::warn_1(&error);
        }
        channel.close();
    }
    let message = ToWorker::PopOut { account, conversation_id };
    wasm_bindgen_futures::spawn_local(async move {
        match webext::message::send::<_, IgnoredAny>("worker", &message).await {
            Ok(_) => done.emit(()),
            Err(error) => web_sys::console::warn_1(&error.to_string().into()),
        }
    });
}

fn channel() -> Option<BroadcastChannel> {
    match BroadcastChannel::new(CHANNEL) {
        Ok(channel) => Some(channel),
        Err(error) => {
            web_sys::console::warn_1(&error);
            None
        }
    }
}

/// Closes the window.
pub(crate) fn close() {
    if let Some(Err(error)) = web_sys::window().map(|window| window.close()) {
        web_sys::console::warn_1(&error);
    }
}
