//! "Emoji" in the bottom panel.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::{
    Callback, Html, KeyboardEvent, NodeRef, Properties, component, html, use_effect_with, use_node_ref, use_state_eq,
};

use super::icon::{Icon, Symbol};
use crate::focus;
use crate::hooks::use_disclosure;
use crate::insertion::insert;
use crate::text::composing;

/// What people use most, by kind. Screen readers have a name for each.
const EMOJI: &str = "🙂 😀 😄 😁 😅 😂 🤣 😊 😉 😍 😘 😎 🤩 🥳 😇 🤗 🤔 🤨 😐 🙄 😏 😴 😌 😔 😕 🙁 😢 😭 😩 😤 😡 😱 😳 🤯 🤷 🤦 👋 👍 👎 👌 👏 🙏 💪 🤝 ✌️ 🤞 👀 ❤️ 💙 💚 💛 💔 💯 ⭐ ✨ 🔥 🎉 🎁 🎂 🌹 ☀️ ☕ 🍕 ✅ ❌ ⚠️ ❓ ❗ ⏰ 📦 🚚 📎";
/// How many stand beside each other; the style sheet has the same number.
const COLUMNS: usize = 9;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct EmojiMenuProps {
    /// The input.
    pub field: NodeRef,
    /// Whether nothing can be put in now.
    pub disabled: bool,
}

/// The button, and above it a grid; the chosen one goes to the input's cursor.
#[component]
pub fn EmojiMenu(props: &EmojiMenuProps) -> Html {
    let (menu, grid, at) = (use_disclosure(), use_node_ref(), use_state_eq(|| 0_usize));
    {
        let grid = grid.clone();
        use_effect_with((menu.is_open, *at), move |(is_open, at)| {
            if *is_open {
                focus::give(grid.cast::<Element>().and_then(|grid| grid.children().item(u32::try_from(*at).ok()?)));
            }
        });
    }
    let onkeydown = {
        let (at, keys) = (at.clone(), menu.onkeydown.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = EMOJI.split(' ').count() - 1;
            let in_grid = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let next = match event.key().as_str() {
                _ if in_grid.is_none_or(|target| target.class_name() != "ds-emoji-menu__one") => None,
                "ArrowRight" => Some(*at + 1),
                "ArrowLeft" => at.checked_sub(1),
                "ArrowDown" => Some(*at + COLUMNS),
                "ArrowUp" => at.checked_sub(COLUMNS),
                "Home" => Some(0),
                "End" => Some(last),
                _ => None,
            };
            match next.filter(|next| *next <= last) {
                Some(next) => {
                    event.prevent_default();
                    at.set(next);
                }
                None => keys.emit(event),
            }
        })
    };
    let one = |(n, emoji): (usize, &'static str)| {
        let (field, set) = (props.field.clone(), at.setter());
        let onclick = move |_| {
            set.set(n);
            // The focus goes with it, and so the grid closes.
            insert(&field, emoji);
        };
        html! {
            <button type="button" key={n} class="ds-emoji-menu__one" tabindex={if n == *at { "0" } else { "-1" }} {onclick}>{ emoji }</button>
        }
    };
    html! {
        <div class="ds-emoji-menu" ref={menu.root.clone()} onfocusout={menu.onfocusout.clone()} {onkeydown}>
            <button type="button" class="ds-button ds-button--round" data-testid="emoji" aria-label={composing().emoji} title={composing().emoji}
                disabled={props.disabled} aria-haspopup="dialog" aria-expanded={menu.is_open.to_string()} onclick={menu.toggle.reform(|_| ())}>
                <Icon symbol={Symbol::Smile} />
            </button>
            if menu.is_open {
                <div class="ds-emoji-menu__grid ds-popover" ref={grid} role="dialog" aria-label={composing().emoji} data-testid="emoji-grid">
                    { for EMOJI.split(' ').enumerate().map(one) }
                </div>
            }
        </div>
    }
}
