//! What agents see: components, hooks, state, style sheets and texts shared by the panel and the Control Panel.
//!
//! Nothing here talks to the network or to the browser's extension interfaces. Components dispatch to the reducers in [`state`] and
//! hand commands to the [`link::Link`] that the page gave them.

pub mod blob_url;
pub mod clock;
pub mod components;
mod focus;
pub mod hooks;
mod insertion;
pub mod link;
pub mod random;
pub mod state;
pub mod storage;
pub mod text;
