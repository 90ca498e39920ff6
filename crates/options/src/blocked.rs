//! "Blocked clients" of a project (B6).

use protocol::command::BlockedContact;
use protocol::worker::Account;
use ui::clock::machine_ms;
use ui::components::{Button, Look};
use ui::state::blocks::facts;
use ui::text::{fill, options, texts};
use web_sys::HtmlElement;
use yew::{
    AttrValue, Callback, Html, NodeRef, Properties, UseReducerDispatcher, component, html, use_effect_with,
    use_node_ref, use_reducer,
};

use crate::blocks::{Blocks, BlocksAction};
use crate::relay;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct BlockedProps {
    /// Who administers the project.
    pub account: Account,
    /// `prj_…`
    pub project_id: AttrValue,
}

/// Who is blocked, by whom, since and until when, and why; each with "Unblock".
#[component]
pub(crate) fn Blocked(props: &BlockedProps) -> Html {
    let (blocks, heading) = (use_reducer(Blocks::default), use_node_ref());
    let fetch = {
        let of = (props.account.clone(), props.project_id.clone(), blocks.dispatcher());
        Callback::from(move |after| fetch(&of, after))
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(None));
    }
    let on_unblock = {
        let of = (props.account.clone(), props.project_id.clone(), blocks.dispatcher());
        let heading = heading.clone();
        Callback::from(move |id| unblock(&of, id, &heading))
    };
    let again = {
        let next = blocks.next.clone();
        fetch.reform(move |_| next.clone())
    };
    let own = options();
    let is_empty = blocks.begun && blocks.list.is_empty() && blocks.next.is_none();
    html! {
        <section class="ds-control-panel__part" data-testid="blocked-clients">
            <h3 class="ds-control-panel__subheading" ref={heading} tabindex="-1">{ own.blocked_clients }</h3>
            <ul class="ds-control-panel__accounts">{ for blocks.list.iter().map(|blocked| view(blocked, &blocks, &on_unblock)) }</ul>
            <div role="status">
                if let Some(name) = &blocks.unblocked {
                    <p class="ds-control-panel__done" data-testid="unblocked">{ fill(own.unblocked, &[("name", name)]) }</p>
                }
                if blocks.fetching {
                    <p class="ds-control-panel__facts">{ own.loading }</p>
                } else if is_empty {
                    <p class="ds-control-panel__facts" data-testid="nobody-blocked">{ own.nobody_blocked }</p>
                }
            </div>
            if let Some(why) = &blocks.failed {
                <div class="ds-control-panel__failed" role="alert" data-testid="not-loaded">
                    <p class="ds-control-panel__wrong">{ why }</p>
                    <Button look={Look::Quiet} testid="load-again" onclick={again}>{ texts().retry }</Button>
                </div>
            } else if blocks.next.is_some() && !blocks.fetching {
                <Button testid="more-blocked" onclick={again}>{ own.more }</Button>
            }
        </section>
    }
}

fn view(blocked: &BlockedContact, blocks: &Blocks, on_unblock: &Callback<String>) -> Html {
    let id = &blocked.block.id;
    let refused = blocks.refused.as_ref().filter(|(of, _)| of == id).map(|(_, why)| why);
    let onclick = {
        let id = id.clone();
        on_unblock.reform(move |_| id.clone())
    };
    html! {
        <li key={id.clone()} class="ds-control-panel__account" data-testid="blocked-client" data-block-id={id.clone()}>
            <div class="ds-control-panel__who">
                <p class="ds-control-panel__name"><bdi>{ &blocked.contact.name }</bdi></p>
                <p class="ds-control-panel__facts">{ facts(&blocked.block, machine_ms()) }</p>
                if let Some(reason) = &blocked.block.reason {
                    <p class="ds-control-panel__facts" dir="auto">{ fill(options().blocked_why, &[("reason", reason)]) }</p>
                }
                if let Some(why) = refused {
                    <p class="ds-control-panel__wrong" role="alert" data-testid="not-unblocked">{ why }</p>
                }
            </div>
            <Button testid="unblock-client" hint={blocked.contact.name.clone()} disabled={blocks.ending.as_ref() == Some(id)} {onclick}>
                { texts().unblock }
            </Button>
        </li>
    }
}

/// Whose list, of which project, and the way into its state.
type Of = (Account, AttrValue, UseReducerDispatcher<Blocks>);

fn fetch(of: &Of, after: Option<String>) {
    let (account, project_id, blocks) = of.clone();
    blocks.dispatch(BlocksAction::Asked);
    wasm_bindgen_futures::spawn_local(async move {
        blocks.dispatch(match relay::blocks(&account, &project_id, after.as_deref()).await {
            Ok(page) => BlocksAction::Came(page),
            Err(failure) => BlocksAction::Failed(failure.words()),
        });
    });
}

/// Ends a block; the focus, whose button goes, stays at the list.
fn unblock(of: &Of, id: String, heading: &NodeRef) {
    let ((account, project_id, blocks), heading) = (of.clone(), heading.clone());
    blocks.dispatch(BlocksAction::Ending(id.clone()));
    wasm_bindgen_futures::spawn_local(async move {
        match relay::unblock(&account, &project_id, &id).await {
            Ok(()) => {
                if let Some(Err(error)) = heading.cast::<HtmlElement>().map(|heading| heading.focus()) {
                    web_sys::console::warn_1(&error);
                }
                blocks.dispatch(BlocksAction::Ended(id));
            }
            Err(failure) => blocks.dispatch(BlocksAction::Refused(id, failure.words())),
        }
    });
}
