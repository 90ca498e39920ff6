//! Where a page of a list begins.

use domain::id::InvalidId;

use crate::error::StoreError;

/// After this time and id, as the page before gave it; at the very top without one.
pub(crate) fn place<T>(after: Option<&str>) -> Result<(i64, String), StoreError>
where
    T: TryFrom<String, Error = InvalidId> + Into<String>,
{
    let Some(text) = after else {
        return Ok((i64::MAX, String::new()));
    };
    let place =
        text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, T::try_from(id.to_owned()).ok()?.into())));
    place.ok_or_else(|| StoreError::Value {
        field: "after",
        message: "pass back the `next` of the page before".to_owned(),
    })
}
