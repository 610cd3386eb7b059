//! The bodies of requests and answers.

use crate::account::WelcomeState;
use crate::asked::OptionsBody;
use crate::container::FORMATS;
use domain::fleet::Outlook;
use domain::generation::{Generation, Stage, Status};
use domain::options::Options;
use domain::person::Standing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person's id.
    #[schema(example = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub user_id: String,
    /// The name, if the provider gave one.
    #[schema(required = true)]
    pub name: Option<String>,
    /// The address, if the provider verified one.
    #[schema(required = true)]
    pub email: Option<String>,
    /// The balance.
    pub credits: Balance,
    /// What a new account starts with.
    pub free_credits: u64,
    /// Whether the first step (age, terms, privacy policy) is done.
    pub welcome: WelcomeState,
    /// `good`, `blocked`, `closing` or `erasing`.
    #[schema(schema_with = standings)]
    pub standing: Standing,
    /// When the deletion of the account begins, if it was asked for.
    #[schema(required = true, format = DateTime)]
    pub deletion_begins_at: Option<String>,
    /// Usage may be written down: it was chosen, and the browser does not object.
    pub usage_analysis: bool,
    /// The session's token is old: `POST /api/auth/renew` gives a new one.
    pub renew: bool,
}

fn standings() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["good", "blocked", "closing", "erasing"]))
        .build()
}

/// Credits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Balance {
    /// Can be spent.
    pub available: u64,
    /// Promised to models being made.
    pub held: u64,
}

/// Asks for a form to upload one photo with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// The photo's media type: `image/jpeg`, `image/png` or `image/webp`.
    #[schema(schema_with = photo_types)]
    pub content_type: String,
    /// The photo's exact size in bytes, at most 10485760.
    #[schema(minimum = 1, maximum = 10_485_760)]
    pub bytes: u64,
    /// SHA-256 of the photo, base64 with padding.
    #[schema(pattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
    pub sha256: String,
}

fn photo_types() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["image/jpeg", "image/png", "image/webp"]))
        .build()
}

/// The form: send every field and then `file`, as `multipart/form-data`, to `url`.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadForm {
    /// Name it when creating the generation.
    #[schema(example = "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub upload_id: String,
    /// Where to send the form.
    pub url: String,
    /// The form's fields, signed.
    pub fields: BTreeMap<String, String>,
    /// The form works until then.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// Where a generation stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the domain's Status documents them")]
pub enum StatusWord {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl From<Status> for StatusWord {
    fn from(status: Status) -> Self {
        match status {
            Status::Queued => Self::Queued,
            Status::Running => Self::Running,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

/// What is being done right now.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the domain's Stage documents them")]
pub enum StageWord {
    Waiting,
    Waking,
    Reconstructing,
    Saving,
    Done,
}

impl From<Stage> for StageWord {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Waiting => Self::Waiting,
            Stage::Waking => Self::Waking,
            Stage::Reconstructing => Self::Reconstructing,
            Stage::Saving => Self::Saving,
            Stage::Done => Self::Done,
        }
    }
}

/// Why there is no model.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailureView {
    /// Stable path, for programs.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// What a person can do about it.
    pub detail: String,
}

/// A file of a finished generation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// For example `model.glb` or `model.stl`.
    pub name: String,
    /// Where to get it; it redirects to a link that works for five minutes.
    pub url: String,
    /// Its media type.
    pub content_type: String,
    /// Its size; `null` for a format that is made of the model when it is first asked for.
    #[schema(required = true)]
    pub bytes: Option<u64>,
}

/// One photo becoming one model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Generation)]
pub struct GenerationView {
    /// Its id.
    #[schema(example = "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub id: String,
    /// Where it stands.
    pub status: StatusWord,
    /// What is being done right now.
    pub stage: StageWord,
    /// How far it is, in percent; it falls back if the work is repeated.
    #[schema(minimum = 0, maximum = 100)]
    pub progress: u8,
    /// Its place in the line, from 1, those being made included; `null` once it is being made.
    #[schema(required = true, minimum = 1)]
    pub queue_position: Option<u64>,
    /// How long it will probably take from now, in seconds, as measured on the models before; `null` once it has ended.
    /// With stage `waking` the GPU is being started first.
    #[schema(required = true, minimum = 1)]
    pub eta_seconds: Option<u32>,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Credits it costs if it succeeds.
    pub price: u64,
    /// Whether a test key asked for it: the model is then the sample, whatever the photo, and costs nothing.
    pub test: bool,
    /// The photo's upload.
    pub upload_id: String,
    /// What was chosen.
    #[schema(value_type = OptionsBody)]
    pub options: Options,
    /// Why there is no model, once failed.
    #[schema(required = true)]
    pub failure: Option<FailureView>,
    /// The results, once succeeded.
    pub files: Vec<FileView>,
    /// The report's summary of the model, once succeeded.
    #[schema(required = true, value_type = Option<ModelSummary>)]
    pub model: Option<serde_json::Value>,
    /// What its owner calls it.
    #[schema(required = true)]
    pub title: Option<String>,
    /// Its owner's tags.
    pub tags: Vec<String>,
    /// The secret of its link, while it is shared.
    #[schema(required = true)]
    pub shared: Option<String>,
}

/// The model in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelSummary {
    /// Which engine made it: `relief`, `inflate` or `triposr`. Models of before November 2026 do not say.
    #[schema(required = false)]
    pub engine: String,
    /// Triangles.
    pub faces: u64,
    /// Points.
    pub vertices: u64,
    /// Whether the surface is closed.
    pub watertight: bool,
    /// Separate pieces.
    pub components: u64,
    /// The texture's side in pixels; 0 if the colours are the vertices'.
    pub texture_size: u64,
    /// The GLB's size.
    pub bytes: u64,
}

impl GenerationView {
    /// A generation, and what is to be expected of it.
    pub fn new(generation: &Generation, outlook: Outlook) -> Self {
        Self {
            id: generation.id.to_string(),
            status: generation.status.into(),
            stage: generation.stage.into(),
            progress: outlook.progress,
            queue_position: outlook.position,
            eta_seconds: outlook.eta_s,
            created_at: generation.created.to_string(),
            updated_at: generation.updated.to_string(),
            price: generation.price,
            test: generation.test,
            upload_id: generation.photo.upload.to_string(),
            options: generation.options.clone(),
            failure: generation.failure.as_ref().map(|failure| FailureView {
                kind: failure.kind.clone(),
                title: failure.title.clone(),
                detail: failure.detail.clone(),
            }),
            files: files(generation),
            model: generation.model.clone(),
            title: generation.title.clone(),
            tags: generation.tags.clone(),
            shared: generation.shared.clone(),
        }
    }
}

/// The stored files, and the formats that can be made of the model.
fn files(generation: &Generation) -> Vec<FileView> {
    let view = |name: &str, content_type: &str, bytes| FileView {
        name: name.to_owned(),
        url: format!("/api/generations/{}/files/{name}", generation.id),
        content_type: content_type.to_owned(),
        bytes,
    };
    let stored = generation.files.iter().map(|file| view(&file.name, &file.content_type, Some(file.bytes)));
    let formats = FORMATS.iter().filter(|_| generation.status == Status::Succeeded);
    stored.chain(formats.map(|(name, content_type)| view(name, content_type, None))).collect()
}

/// A page of generations, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenerationPage {
    /// The page.
    pub items: Vec<GenerationView>,
    /// Ask with it for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}
