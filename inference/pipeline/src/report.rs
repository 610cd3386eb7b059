//! `report.json`: what was made, of what, by what, and how long it took.

use crate::options::Options;
use inference_image::Format;
use inference_mesh::{Camera, Check, Model, Paint};
use serde::Serialize;

/// The report of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The version of this shape: 1.
    pub v: u32,
    /// The engine's name.
    pub engine: &'static str,
    /// The engine's version.
    pub engine_version: &'static str,
    /// What the engine ran on.
    pub device: String,
    /// The options as they were used, defaults filled in.
    pub options: Options,
    /// The seed, once more where readers of reports look for it.
    pub seed: u32,
    /// The photo.
    pub input: Input,
    /// The model.
    pub model: ModelFacts,
    /// From where the framed photo sees the model.
    pub camera: Camera,
    /// The files.
    pub bytes: Bytes,
    /// Where the time went, in milliseconds.
    pub timings_ms: Timings,
    /// What to compare when in doubt whether two results are the same.
    pub hashes: Hashes,
}

/// The photo as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// The file's format.
    pub format: Format,
    /// The photo's own transparency was the cut-out.
    pub transparent: bool,
}

/// The model in numbers; lengths in longest sides of the model, which is 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelFacts {
    /// Triangles.
    pub faces: usize,
    /// Vertices of the surface; the file has more where the texture is cut.
    pub vertices: usize,
    /// Every edge has exactly two triangles, and no triangle is degenerate.
    pub watertight: bool,
    /// Separate outer shells.
    pub components: usize,
    /// Shells inside of others.
    pub cavities: usize,
    /// What the surface encloses.
    pub volume: f64,
    /// Width, height and depth.
    pub size: [f32; 3],
    /// The texture's side in pixels; 0 if the colours are the vertices'.
    pub texture_size: u32,
    /// Floaters and cavities that were taken away.
    pub pieces_removed: usize,
    /// How far simplification moved the surface at most.
    pub simplification_error: f32,
    /// Bytes of `model.glb`.
    pub bytes: usize,
}

impl ModelFacts {
    /// Gathers them.
    pub(crate) fn of(model: &Model, check: &Check, removed: usize, error: f32, bytes: usize) -> Self {
        let (low, high) = model.surface.bounds();
        Self {
            faces: check.faces,
            vertices: check.vertices,
            watertight: check.watertight,
            components: check.components - check.cavities,
            cavities: check.cavities,
            volume: check.volume,
            size: [0, 1, 2].map(|axis| high[axis] - low[axis]),
            texture_size: match &model.paint {
                Paint::Texture { image, .. } => image.width(),
                Paint::Vertices(_) => 0,
            },
            pieces_removed: removed,
            simplification_error: error,
            bytes,
        }
    }
}

/// The files in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// Of `model.glb`.
    pub model: usize,
    /// Of `preview.webp`.
    pub preview: usize,
    /// Of `turntable.webp`.
    pub turntable: usize,
}

/// Milliseconds of each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Timings {
    /// Reading the photo.
    pub decode: u64,
    /// Cutting and framing the object.
    pub foreground: u64,
    /// Making the shape.
    pub reconstruct: u64,
    /// Cleaning and simplifying it.
    pub mesh: u64,
    /// Unwrapping and colouring it.
    pub texture: u64,
    /// Checking the model and writing the GLB.
    pub encode: u64,
    /// Rendering and writing the pictures.
    pub pictures: u64,
    /// All of it.
    pub total: u64,
}

/// SHA-256 sums in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the report, which others read")]
pub struct Hashes {
    /// Of `model.glb`.
    pub model_sha256: String,
    /// Of the foreground network's weights.
    pub foreground_weights_sha256: &'static str,
    /// Of the engine's weights, if it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_weights_sha256: Option<String>,
}
