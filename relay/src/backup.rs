//! `deskside backup` and `deskside restore`: what lies in a backup's folder, and in which order it is written and read.
//!
//! The record is copied first and the files after it: whoever sends a file has it kept before the message that names it, so every file
//! that the copied record names is there. A restore puts the files first and the record last, for the same reason.

mod archive;
mod error;
mod key;
mod make;
mod restore;
mod words;

pub(crate) use archive::{Archive, KEY};
pub(crate) use key::{Keys, of_folder};
pub(crate) use make::{Making, make};
pub(crate) use restore::{Restored, Restoring, restore};
pub(crate) use words::{n_files, size};

/// Says how far it has come; for whoever waits.
pub(crate) type Say<'a> = &'a (dyn Fn(&str) + Sync);
