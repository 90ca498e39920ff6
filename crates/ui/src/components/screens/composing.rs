//! Screens of composing an answer and of selected messages.

use protocol::file::AttachmentView;
use protocol::template::{TemplateList, TemplateView};
use yew::{ContextProvider, NodeRef};

use super::*;
use crate::components::template_menu::{Opened, TemplateMenu};
use crate::hooks::{Commands, PanelContext};
use crate::state::pictures::Pictures;
use crate::state::selection::Choose;

/// The bottom panel with the list of templates open.
#[component]
fn Templates(props: &ScreenProps) -> Html {
    let panel = props.panel.clone();
    let panel = use_reducer(move || panel);
    let commands = Commands { account: None, link: link(), state: panel.dispatcher(), pictures: Pictures::default() };
    let conversation = panel.selected().expect("one is chosen");
    html! {
        <ContextProvider<PanelContext> context={panel}>
        <ContextProvider<Commands> context={commands}>
            <div class="ds-app"><div class="ds-app__panes" /><section class="ds-bottom-panel"><div class="ds-composer">
                <textarea class="ds-composer__input" rows="1" aria-label="Your answer" />
                <TemplateMenu {conversation} opened={Opened::ByButton} onopen={Callback::noop()} field={NodeRef::default()} onback={Callback::noop()} disabled={false} />
            </div></section></div>
        </ContextProvider<Commands>>
        </ContextProvider<PanelContext>>
    }
}

async fn templates(action: Action) -> String {
    let actions = reading("cnv_e").into_iter().chain([action]);
    let panel = actions.fold(Rc::new(Panel::default()), Panel::reduce);
    let props = ScreenProps { panel: (*panel).clone(), drafts: Drafts::default(), popped_out: false };
    LocalServerRenderer::<Templates>::with_props(props).hydratable(false).render().await
}

fn template(n: u32, project_id: Option<&str>, title: &str, text: &str) -> TemplateView {
    let project_id = project_id.map(Into::into);
    TemplateView {
        id: format!("tpl_{n}"),
        rev: 1,
        project_id,
        title: title.into(),
        text: text.into(),
        attachments: Vec::new(),
    }
}

fn prices() -> Vec<AttachmentView> {
    let file = |n: u32| {
        let (name, media_type) = (format!("Prices {n}.pdf"), String::from("application/pdf"));
        AttachmentView { id: format!("att_{n}"), name, size: 831_488, media_type, width: None, height: None }
    };
    vec![file(1), file(2)]
}

fn taken() -> Action {
    let long = "We are here from Monday to Friday, nine to five.\nOutside of these hours leave us a message, please, and we answer on the next day.";
    Action::TemplatesTaken(TemplateList {
        templates: vec![
            template(1, Some("prj_1"), "Greeting", "Hello {client_name}, how can I help? <b>"),
            template(
                2,
                Some("prj_1"),
                "Opening hours, holidays, and what to do outside of them until we are back",
                long,
            ),
            TemplateView { attachments: prices(), ..template(3, None, "Signature", "Yours, {agent_name}") },
            template(4, Some("prj_2"), "Another project's", "x"),
        ],
    })
}

fn selecting() -> Vec<Action> {
    let mut actions = reading("cnv_e");
    actions.extend([Choose::Hold(4), Choose::Extend(6)].map(Action::Choose));
    actions
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    vec![
        ("selecting", render(selecting()).await),
        ("templates", templates(taken()).await),
        ("templates-none", templates(Action::TemplatesTaken(TemplateList { templates: Vec::new() })).await),
        ("templates-failed", templates(Action::TemplatesFailed).await),
    ]
}

#[tokio::test]
async fn templates_of_the_conversations_project_and_ones_own_are_offered_as_text() {
    // T1, T2
    let html = templates(taken()).await;
    assert_eq!(html.matches("role=\"option\"").count(), 3);
    assert!(html.contains("&lt;b&gt;") && !html.contains("Another project"));
    assert!(html.matches("aria-label=\"Files: 2\"").count() == 1 && !html.contains("Files: 0"));
    assert!(html.contains("aria-activedescendant=\"tpl_1\"") && html.contains("aria-controls=\"ds-templates\""));
}

#[tokio::test]
async fn copying_waits_for_selected_messages_and_says_so() {
    // K2, K5
    let reason = "Select messages first";
    let html = render(reading("cnv_e")).await;
    assert!(html.contains(reason) && !html.contains("data-selected=\"true\""));
    let html = render(selecting()).await;
    assert!(!html.contains(reason));
    assert_eq!(html.matches("data-selected=\"true\"").count(), 3);
    assert!(html.contains("aria-label=\"Mia, selected\"") && html.contains("Messages selected: 3"));
    assert_eq!(html.matches("tabindex=\"0\" aria-label").count(), 2, "the list, and one message");
}
