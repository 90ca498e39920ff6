//! What the page and the visitor do, told apart by place and name, and passed on.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, KeyboardEvent, MessageEvent, StorageEvent, VisibilityState};

use super::app::Shared;
use super::dom::{document, listen, window};
use super::input::Input;
use super::parent::{self, Said};
use super::time;
use crate::texts::Text;

/// Where an event was heard.
#[derive(Clone, Copy)]
enum Place {
    Window,
    Document,
    Close,
    Form,
    Field,
    Newest,
    List,
}

impl Shared {
    /// Listens to the embedding page and to the chat's own parts.
    pub(super) fn listen_to_chat(&self) {
        let app = self.0.borrow();
        let view = &app.view;
        self.listen(&window(), "message", Place::Window);
        self.listen(&document(), "keydown", Place::Document);
        self.listen(&view.close, "click", Place::Close);
        self.listen(view.composer.element(), "submit", Place::Form);
        self.listen(view.composer.input_element(), "keydown", Place::Field);
        self.listen(view.composer.input_element(), "input", Place::Field);
        self.listen(view.list.newest(), "click", Place::Newest);
        self.listen(view.list.scroller(), "scroll", Place::List);
        self.listen(view.list.scroller(), "click", Place::List);
    }

    /// What concerns the conversation is listened to only after the page was found to be on the list.
    fn listen_to_world(&self) {
        for name in ["online", "offline", "pageshow", "resize", "storage"] {
            self.listen(&window(), name, Place::Window);
        }
        self.listen(&document(), "visibilitychange", Place::Document);
    }

    fn listen(&self, target: &EventTarget, name: &str, place: Place) {
        let shared = self.clone();
        listen(target, name, Box::new(move |event| shared.heard(place, &event)));
    }

    fn heard(&self, place: Place, event: &Event) {
        match (place, event.type_().as_str()) {
            (Place::Window, "message") => self.said(event.unchecked_ref()),
            (Place::Window, "online" | "pageshow") => self.turn(Input::Wake),
            (Place::Window, "offline") => self.turn(Input::Timer),
            (Place::Window, "resize") => self.0.borrow().view.list.settle_at_end(),
            (Place::Window, "storage") => {
                let read = self.0.borrow().store.read(event.unchecked_ref::<StorageEvent>());
                if let Some(input) = read {
                    self.turn(input);
                }
            }
            (Place::Document, "visibilitychange") if document().visibility_state() == VisibilityState::Visible => {
                self.turn(Input::Wake);
            }
            (Place::Document, "keydown") if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" => self.close(),
            (Place::Close, _) => self.close(),
            (Place::Form, _) => {
                event.prevent_default();
                self.submit();
            }
            (Place::Field, "keydown") => {
                let key = event.unchecked_ref::<KeyboardEvent>();
                if key.key() == "Enter" && !key.shift_key() && !key.is_composing() {
                    event.prevent_default();
                    self.submit();
                }
            }
            (Place::Field, _) => {
                let app = self.0.borrow();
                app.view.composer.changed();
                app.store.keep_unfinished(&app.view.composer.text());
            }
            (Place::Newest, _) => self.0.borrow_mut().view.list.go_to_end(),
            (Place::List, "scroll") => {
                let near = self.0.borrow_mut().view.list.scrolled();
                if near && self.0.borrow().client.can_load_older() {
                    self.turn(Input::Older);
                }
            }
            (Place::List, _) => self.clicked(event),
            (Place::Window | Place::Document, _) => {}
        }
    }

    fn said(&self, event: &MessageEvent) {
        let Some(said) = parent::read(event) else { return };
        let origin = event.origin();
        let known = self.0.borrow().page.clone();
        match (said, known) {
            (Said::Hello { shown }, None) => self.greeted(origin, shown),
            (Said::Hello { .. }, Some(page)) if page == origin => parent::tell_started(&page),
            (Said::Shown(shown), Some(page)) if page == origin => self.show(shown),
            (Said::Hello { .. } | Said::Shown(_), _) => {}
        }
    }

    /// The embedding page's first message: begins, if the page is on the channel's list (W2).
    fn greeted(&self, origin: String, shown: bool) {
        if !self.0.borrow().settings.admits(&origin) {
            let mut app = self.0.borrow_mut();
            app.view.refuse(Text::OriginNotAllowed);
            app.page = Some(origin.clone());
            app.refused = true;
            // The page shows the frame, so that these words can be read.
            return parent::tell_started(&origin);
        }
        let (token, kept) = {
            let mut app = self.0.borrow_mut();
            app.page = Some(origin.clone());
            if let Some(unfinished) = app.store.unfinished() {
                app.view.composer.set_text(&unfinished);
            }
            (app.store.token(), app.store.kept())
        };
        self.listen_to_world();
        self.turn(Input::Start { token, kept });
        self.show(shown);
        parent::tell_started(&origin);
    }

    fn show(&self, shown: bool) {
        if self.0.borrow().refused {
            return;
        }
        self.turn(Input::Show(shown));
        if shown {
            self.0.borrow().view.focus();
        }
    }

    fn submit(&self) {
        if self.0.borrow().page.is_none() || self.0.borrow().refused {
            return;
        }
        let text = self.0.borrow().view.composer.take();
        if let Some(text) = text {
            {
                let mut app = self.0.borrow_mut();
                app.store.keep_unfinished("");
                app.view.list.go_to_end();
            }
            self.turn(Input::Write { id: time::message_id(), text });
        }
    }

    /// A click into the list: "Retry" or "Delete" of a failed message.
    fn clicked(&self, event: &Event) {
        let Some(target) = event.target() else { return };
        let closest = |selector: &str| target.unchecked_ref::<Element>().closest(selector).ok().flatten();
        let action = closest("[data-action]").and_then(|button| button.get_attribute("data-action"));
        let id = closest("[data-message-id]").and_then(|message| message.get_attribute("data-message-id"));
        let (Some(action), Some(id)) = (action, id) else { return };
        self.turn(if action == "retry" { Input::Retry { id, fresh: time::message_id() } } else { Input::Discard(id) });
        self.0.borrow().view.focus();
    }

    fn close(&self) {
        if let Some(page) = &self.0.borrow().page {
            parent::tell_close(page);
        }
    }
}
