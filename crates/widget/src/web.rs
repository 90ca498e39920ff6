//! The browser's side: carries out the client's effects and draws its rows. What touches the page stands in `boot.js`, whose functions
//! the module `page` names: a script packs better than bindings to each of the browser's interfaces.

mod asks;
pub mod chat;
mod composer;
mod json;
mod list;
mod page;
mod storage;
mod time;
mod view;
