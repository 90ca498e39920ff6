//! Rows as they are loaded and saved; every statement names its project or an id that belongs to one.

pub(crate) mod agents;
pub(crate) mod attachments;
pub(crate) mod blocks;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod messages;
pub(crate) mod notes;
pub(crate) mod search_texts;
pub(crate) mod template_files;
pub(crate) mod templates;
pub(crate) mod visits;

use crate::error::StoreError;

/// A stored count or version as 32 bits.
pub(crate) fn small(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} where a small count stands")))
}

/// An id that the record holds.
pub(crate) fn own<T: TryFrom<String>>(text: String) -> Result<T, StoreError> {
    let shown = text.clone();
    T::try_from(text).map_err(|_| StoreError::Corrupt(format!("{shown:?} where an id stands")))
}
