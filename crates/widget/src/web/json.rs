//! JavaScript's own values as [`Json`].

use alloc::string::String;
use alloc::vec::Vec;

use super::page;
use crate::digits::digits;
use crate::wire::{self, Json};

/// A value in the script's list, which keeps it until the next thing happens: this is its place, 0 that of nothing.
#[derive(Clone, Copy)]
pub(super) struct Value(u32);

impl Value {
    /// What happened.
    pub(super) const HEARD: Self = Self(1);

    /// A JSON text's value; if it is not JSON, one without fields.
    pub(super) fn parse(text: &str) -> Self {
        Self(page::parse(text))
    }
}

impl Json for Value {
    fn field(&self, name: &str) -> Option<Self> {
        let place = page::field(self.0, name);
        (place != 0).then_some(Self(place))
    }

    fn text(&self, name: &str) -> Option<String> {
        page::text_in(self.0, name)
    }

    fn number(&self, name: &str) -> Option<f64> {
        Some(page::number_in(self.0, name, "number")).filter(|number| !number.is_nan())
    }

    fn flag(&self, name: &str) -> Option<bool> {
        let flag = page::number_in(self.0, name, "boolean");
        (!flag.is_nan()).then_some(flag != 0.0)
    }

    fn json(&self, name: &str) -> Option<String> {
        page::json(self.0, name)
    }

    fn items(&self, name: &str) -> Option<Vec<Self>> {
        let items = self.field(name)?;
        let n_items = wire::count(&items, "length")?;
        let mut all = Vec::new();
        for at in 0..n_items {
            all.push(items.field(&digits(i64::from(at)))?);
        }
        Some(all)
    }
}
