//! The list of templates, which filters as one types (T1, T3).

use std::rc::Rc;

use domain::template::{Values, fill as fill_variables};
use domain::text::preview;
use protocol::template::TemplateView;
use protocol::view::ConversationView;
use web_sys::HtmlInputElement;
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast as _, classes, component,
    html, use_effect_with, use_node_ref, use_state_eq,
};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::focus;
use crate::hooks::{Commands, PanelContext, use_commands, use_panel};
use crate::state::panel::Panel;
use crate::state::thread::Fetch;
use crate::text::{composing, fill, texts};

/// The options, for the field that leads them.
const LIST_ID: &str = "ds-templates";

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct TemplateListProps {
    /// The conversation that is answered.
    pub conversation: Rc<ConversationView>,
    /// Whether `/` opened it, so that erasing that closes it.
    pub by_slash: bool,
    /// Called with what is typed.
    pub ontype: Callback<String>,
    /// Called with the text of the chosen one, its variables filled; with an empty one if the `/` is erased.
    pub onchoose: Callback<String>,
    /// Closes it.
    pub onclose: Callback<()>,
}

/// A field that leads the list under it: arrow keys move, Enter chooses, Esc closes.
#[component]
pub fn TemplateList(props: &TemplateListProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let (typed, active) = (use_state_eq(AttrValue::default), use_state_eq(|| 0_usize));
    let (field, list) = (use_node_ref(), use_node_ref());
    {
        let (field, commands, loaded) = (field.clone(), commands.clone(), panel.templates.loaded);
        use_effect_with((), move |()| {
            focus::give(field.cast());
            if !loaded {
                commands.fetch_templates();
            }
        });
    }
    let offered = panel.templates.offered(&props.conversation.project_id, &typed);
    let at = (*active).min(offered.len().saturating_sub(1));
    {
        let list = list.clone();
        use_effect_with((at, typed.clone()), move |(at, _)| focus::bring_into_sight(&list, *at));
    }
    let choose = |template: &Rc<TemplateView>| {
        let text = filled(&panel, &props.conversation, &template.text);
        let (commands, conversation, template) = (commands.clone(), props.conversation.clone(), template.clone());
        props.onchoose.reform(move |()| {
            commands.attach_template(&conversation, &template);
            text.clone()
        })
    };
    let oninput = {
        let (ontype, typed, active) = (props.ontype.clone(), typed.setter(), active.setter());
        move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            ontype.emit(text.clone());
            typed.set(text.into());
            active.set(0);
        }
    };
    let onkeydown = {
        let (chosen, close, active) = (offered.get(at).map(&choose), props.onclose.clone(), active.setter());
        let erase = props.onchoose.reform(|()| String::new());
        let (n, erases) = (offered.len(), props.by_slash && typed.is_empty());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                _ if event.is_composing() => return,
                "ArrowDown" if n > 0 => active.set((at + 1) % n),
                "ArrowUp" if n > 0 => active.set((at + n - 1) % n),
                "Enter" => chosen.iter().for_each(|chosen| chosen.emit(())),
                "Escape" => close.emit(()),
                "Backspace" if erases => erase.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let descendant = offered.get(at).map(|template| template.id.clone());
    let option = |(n, template): (usize, &Rc<TemplateView>)| view(template, n == at, choose(template));
    html! {
        <div class="ds-template-list ds-popover" role="dialog" aria-label={composing().templates} data-testid="template-list">
            if offered.is_empty() {
                { nothing(&panel, &commands, &typed) }
            } else {
                <div id={LIST_ID} class="ds-template-list__options" ref={list} role="listbox" aria-label={composing().templates}>
                    { for offered.iter().enumerate().map(option) }
                </div>
            }
            <input class="ds-template-list__field" ref={field} type="text" role="combobox" dir="auto" autocomplete="off" spellcheck="false"
                aria-label={composing().find_template} placeholder={composing().find_template} aria-autocomplete="list"
                aria-expanded={(!offered.is_empty()).to_string()} aria-controls={(!offered.is_empty()).then_some(LIST_ID)}
                aria-activedescendant={descendant} data-testid="find-template" value={(*typed).clone()} {oninput} {onkeydown} />
            <p class="ds-visually-hidden" role="status">
                if !offered.is_empty() {
                    { fill(composing().n_templates, &[("n", &offered.len().to_string())]) }
                }
            </p>
        </div>
    }
}

fn view(template: &TemplateView, is_active: bool, choose: Callback<()>) -> Html {
    let scope = if template.project_id.is_some() { composing().project } else { composing().mine };
    let n = template.attachments.len();
    let class = classes!("ds-template-list__option", is_active.then_some("ds-template-list__option--active"));
    html! {
        <div key={template.id.clone()} id={template.id.clone()} {class} role="option" aria-selected={is_active.to_string()} data-testid="template"
            onmousedown={|event: MouseEvent| event.prevent_default()} onclick={choose.reform(|_| ())}>
            <span class="ds-template-list__title" dir="auto">{ &template.title }</span>
            <span class="ds-template-list__scope">
                if n > 0 {
                    <span class="ds-template-list__files" role="img" aria-label={fill(composing().n_template_files, &[("n", &n.to_string())])}>
                        <Icon symbol={Symbol::Clip} />{ n }
                    </span>
                }
                { scope }
            </span>
            <span class="ds-template-list__text" dir="auto">{ preview(&template.text) }</span>
        </div>
    }
}

/// Why there is nothing to choose.
fn nothing(panel: &PanelContext, commands: &Commands, typed: &AttrValue) -> Html {
    let own = composing();
    let (loaded, fetch) = (panel.templates.loaded, panel.templates.fetch);
    let content = if !loaded && fetch == Fetch::Failed {
        let commands = commands.clone();
        let onclick = move |_| commands.fetch_templates();
        html! { <>{ own.templates_failed }<Button look={Look::Quiet} testid="load-templates" {onclick}>{ texts().retry }</Button></> }
    } else if !loaded {
        html! { { texts().loading_more } }
    } else if typed.trim().is_empty() {
        let onclick = commands.link.open_options.reform(|_| ());
        html! { <>{ own.no_templates }<Button look={Look::Quiet} testid="make-templates" {onclick}>{ texts().open_control_panel }</Button></> }
    } else {
        html! { { fill(own.no_template_found, &[("text", typed.trim())]) } }
    };
    html! { <div class="ds-template-list__nothing" role="status" data-testid="no-templates">{ content }</div> }
}

/// A template's text with its variables filled for a conversation (T3).
fn filled(panel: &Panel, conversation: &ConversationView, text: &str) -> String {
    let desk = &panel.desk;
    let projects = desk.projects();
    let project = projects.iter().find(|project| project.id == conversation.project_id);
    fill_variables(
        text,
        &Values {
            client_name: &conversation.contact.name,
            agent_name: desk.me().map_or("", |me| &me.name),
            project_name: project.map_or("", |project| &project.name),
            channel_name: desk.channel(&conversation.channel_id).map_or("", |channel| &channel.name),
        },
    )
}
