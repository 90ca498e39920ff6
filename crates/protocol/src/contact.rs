//! What agents know of a client, and his conversations (I3, I4).

use serde::{Deserialize, Serialize};

/// A client's name and what agents wrote down of him. A later state has a higher `rev`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactDetails {
    /// `con_…`
    pub id: String,
    /// Rises with every change; a change carries it.
    pub rev: u32,
    /// His name, or a made one such as "Visitor 4F7K".
    pub name: String,
    /// His address for mail; empty if nobody knows it.
    pub email: String,
    /// His telephone number as people write it; empty if nobody knows it.
    pub phone: String,
    /// What else there is to know of him; empty if nothing is.
    pub about: String,
}

/// `PUT /v1/contacts/{contact_id}` (I4): all fields, as they shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "rev": 0, "name": "Ann Lee", "email": "ann@example.com", "phone": "+44 20 7946 0018", "about": "Prefers mornings." })))]
pub struct SetContact {
    /// The `rev` that the change was made on; if somebody changed it meanwhile, it is refused as `stale_revision`.
    pub rev: u32,
    /// 1 to 100 characters.
    pub name: String,
    /// An address for mail, or empty.
    #[serde(default)]
    pub email: String,
    /// At most 50 characters, or empty.
    #[serde(default)]
    pub phone: String,
    /// At most 4,000 characters, or empty.
    #[serde(default)]
    pub about: String,
}

/// What is known of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactBody {
    /// It.
    pub contact: ContactDetails,
}
