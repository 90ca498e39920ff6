//! The browser's side: carries out the client's effects and draws its rows.

pub mod app;
mod dom;
mod events;
mod http;
mod input;
mod json;
mod parent;
mod socket;
mod storage;
mod time;
mod view;
