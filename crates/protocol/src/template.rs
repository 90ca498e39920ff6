//! Templates: texts and files that agents keep for answers (T1–T3).

use serde::{Deserialize, Serialize};

use crate::file::AttachmentView;

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
    /// Its files, in the order in which they are shown. None of them is part of a message by itself: see [`TakeTemplateFile`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
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
    /// At most 10 files that were uploaded for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
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
    /// At most 10 files, those it has and those that were uploaded for it; if left out, they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<String>>,
}

/// `POST /v1/conversations/{id}/template-files`: puts a file of a template among those that wait to be sent here, as if it had been
/// uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "id": "att_01kc3x5w8e7q2m9v4t6r0y1n3p", "template_file_id": "att_01kc3x4m2d8r5t7v9w1y3z5b7c", "fence": 1 })))]
pub struct TakeTemplateFile {
    /// `att_…`, made by the sender; the same id and file again gives the first answer.
    pub id: String,
    /// `att_…`, of a template that may be used here.
    pub template_file_id: String,
    /// The claim that it stands on; without it the file is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// A stored template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateBody {
    /// The template.
    pub template: TemplateView,
}
