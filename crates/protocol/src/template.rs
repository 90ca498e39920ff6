//! Templates: texts that agents keep for answers (T1–T3).

use serde::{Deserialize, Serialize};

/// A template. A later state has a higher `rev`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    /// `tpl_…`, made by the sender.
    pub id: String,
    /// Rises with every change; a change carries it.
    pub rev: u32,
    /// The project for whose agents it is (scope "Project"); nothing for one's own ("Mine").
    #[serde(default)]
    pub project_id: Option<String>,
    /// 1 to 100 characters on one line.
    pub title: String,
    /// 1 to 4,000 characters; [`domain::template::fill`] fills its variables.
    pub text: String,
}

/// `GET /v1/templates`: one's own and those of one's projects, in the order of their making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateList {
    /// All of them.
    pub templates: Vec<TemplateView>,
}

/// `POST /v1/templates`: makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "id": "tpl_01kc3x5w8e7q2m9v4t6r0y1n3p", "title": "Greeting", "text": "Hello {client_name}, how can I help?" })))]
pub struct MakeTemplate {
    /// `tpl_…`, made by the sender; the same id, author and body again gives the first answer.
    pub id: String,
    /// For all agents of this project, which only its administrators may; one's own without it.
    #[serde(default)]
    pub project_id: Option<String>,
    /// 1 to 100 characters.
    pub title: String,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// `PUT /v1/templates/{template_id}`: changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "rev": 1, "title": "Greeting", "text": "Hello {client_name}!" })))]
pub struct ChangeTemplate {
    /// The `rev` that the change was made on; if somebody changed it meanwhile, it is refused as `stale_revision`.
    pub rev: u32,
    /// 1 to 100 characters.
    pub title: String,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// A stored template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateBody {
    /// The template.
    pub template: TemplateView,
}
