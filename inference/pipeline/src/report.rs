//! `report.json`: what was made, of what, by what, and how long it took.

use crate::options::Options;
use inference_image::Format;
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
    /// The options as they were used, defaults filled in.
    pub options: Options,
    /// The seed, once more where readers of reports look for it.
    pub seed: u32,
    /// The photo.
    pub input: Input,
    /// The model.
    pub model: ModelFacts,
    /// The preview.
    pub preview: Preview,
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

/// The model in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelFacts {
    /// Triangles.
    pub faces: usize,
    /// Vertices of the surface; the file has more where the texture is cut.
    pub vertices: usize,
    /// Every edge has exactly two triangles, and no triangle is degenerate.
    pub watertight: bool,
    /// Separate pieces.
    pub components: usize,
    /// The texture's side in pixels.
    pub texture_size: u32,
    /// Bytes of `model.glb`.
    pub bytes: usize,
}

/// The preview in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Bytes of `preview.webp`.
    pub bytes: usize,
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
    /// Making the texture; 0 for an engine that makes both at once, as `relief` does.
    pub texture: u64,
    /// Checking the model and writing the GLB.
    pub encode: u64,
    /// Rendering and writing the preview.
    pub preview: u64,
    /// All of it.
    pub total: u64,
}

/// SHA-256 sums in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hashes {
    /// Of `model.glb`.
    pub model_sha256: String,
    /// Of the foreground network's weights.
    pub foreground_weights_sha256: &'static str,
}
