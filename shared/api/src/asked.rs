//! The bodies with which models are asked for.

use crate::problem::ProblemBody;
use crate::types::GenerationView;
use domain::options::{Engine, Options};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asks for a model of a photo: exactly one of `upload_id` and `image_url` says which.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGeneration {
    /// The upload, if the photo was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV", pattern = "^upl_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub upload_id: Option<String>,
    /// Where the photo is, if it is to be fetched: a public https address on port 443 that answers with a picture of at
    /// most 10485760 bytes within 8 seconds; at most 3 redirects are followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://example.com/cup.jpg", max_length = 2000)]
    pub image_url: Option<String>,
    /// What may be chosen; all have defaults.
    #[serde(default)]
    #[schema(value_type = OptionsBody, required = false)]
    pub options: Options,
}

/// The same as a form, with the photo in it.
#[derive(Debug, ToSchema)]
pub struct PhotoForm {
    /// The photo, a JPEG, PNG or WebP of at most 4194304 bytes; a larger one is uploaded.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// What may be chosen, as JSON.
    #[schema(value_type = OptionsBody, required = false)]
    pub options: String,
}

/// Asks for several models at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    /// What to make, 1 to 50; at most 10 of them by `image_url`.
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<NewGeneration>,
}

/// What came of each item, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    /// One for each item.
    pub items: Vec<BatchItem>,
}

/// What came of one item: a generation or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchItem {
    /// 202, or the problem's status.
    pub status: u16,
    /// The generation.
    #[schema(required = true)]
    pub generation: Option<GenerationView>,
    /// Why there is none.
    #[schema(required = true)]
    pub problem: Option<ProblemBody>,
}

/// What may be chosen about a generation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Options)]
pub struct OptionsBody {
    /// The engine.
    #[schema(schema_with = engines, required = false)]
    pub engine: String,
    /// Whether the object is cut out of the photo; otherwise the whole picture is the object. A photo that brings
    /// transparency of its own is always cut out by that.
    #[schema(default = true, required = false)]
    pub remove_background: bool,
    /// How much of the framed square the object's longer side fills, in percent.
    #[schema(minimum = 50, maximum = 100, default = 85, required = false)]
    pub foreground_percent: u8,
    /// The most triangles of the model.
    #[schema(minimum = 100, maximum = 500_000, default = 20_000, required = false)]
    pub faces: u32,
    /// How the model is coloured: by a picture laid over it, or by one colour for each vertex.
    #[schema(schema_with = paints, required = false)]
    pub paint: String,
    /// The texture's side in pixels.
    #[schema(schema_with = texture_sizes, required = false)]
    pub texture_size: u16,
    /// Passes of smoothing, for surfaces that came out rough.
    #[schema(minimum = 0, maximum = 20, default = 0, required = false)]
    pub smooth: u8,
    /// Makes one half of the model the mirror of the other.
    #[schema(default = false, required = false)]
    pub symmetry: bool,
    /// Presses the underside flat, so that the model stands by itself.
    #[schema(default = false, required = false)]
    pub flat_base: bool,
    /// The model's height in millimetres, in the formats that have a physical size: STL, 3MF and USDZ.
    #[schema(minimum = 10, maximum = 1000, default = 100, required = false)]
    pub height_mm: u16,
    /// The seed of engines that draw random numbers.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32, default = 0, required = false)]
    pub seed: u32,
}

fn engines() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(Engine::ALL.map(Engine::word)))
        .description(Some("Without one, the best that is loaded. One that is not loaded fails the generation, which then costs nothing."))
        .build()
}

fn texture_sizes() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::Integer)
        .enum_values(Some(domain::options::TEXTURE_SIZES))
        .default(Some(1024.into()))
        .build()
}

fn paints() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["texture", "vertices"]))
        .default(Some("texture".into()))
        .build()
}
