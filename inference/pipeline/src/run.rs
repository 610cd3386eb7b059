//! One run from the photo's bytes to the three answer files.

use crate::engine::engine;
use crate::error::PipelineError;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::report::{Hashes, Input, ModelFacts, Preview, Report, Timings};
use image::RgbaImage;
use image::codecs::webp::WebPEncoder;
use inference_image::{Foreground, Limits, MAX_FRAME_SIDE, WEIGHTS_SHA256, WeightsError, decode, frame, sha256_hex};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// The side of the preview in pixels.
const PREVIEW_SIDE: u32 = 512;

/// A larger model would not fit into one answer of the endpoint.
const MAX_MODEL_BYTES: usize = 24 * 1024 * 1024;

/// Where a run stands; reported as each stage begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the photo.
    Decode,
    /// Cutting and framing the object.
    Foreground,
    /// Making shape and texture.
    Reconstruct,
    /// Checking the model and writing the GLB.
    Encode,
    /// Rendering the preview.
    Preview,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 5] = [Self::Decode, Self::Foreground, Self::Reconstruct, Self::Encode, Self::Preview];
}

/// Everything that is loaded once and used for every run.
pub struct Pipeline {
    foreground: Foreground,
    limits: Limits,
}

impl Pipeline {
    /// Loads the weights from a model directory; a wrong or missing file is an error, never a worse result.
    pub fn load(model_directory: &Path) -> Result<Self, WeightsError> {
        Ok(Self { foreground: Foreground::load(model_directory)?, limits: Limits::default() })
    }

    /// Makes a model of one photo that was declared as `content_type`.
    pub fn run(
        &self,
        bytes: &[u8],
        content_type: &str,
        options: &Options,
        progress: &mut dyn FnMut(Stage),
    ) -> Result<Outcome, PipelineError> {
        options.check()?;
        let mut clock = Clock::start();
        let mut timings = Timings::default();

        progress(Stage::Decode);
        let photo = decode(bytes, content_type, &self.limits)?;
        let (width, height) = photo.pixels.dimensions();
        let format = photo.format;
        let sha256 = sha256_hex(bytes);
        timings.decode = clock.lap();

        progress(Stage::Foreground);
        let cut = self.foreground.cut(photo)?;
        let transparent = cut.from_alpha;
        let framed = frame(&cut.pixels, options.foreground_percent, MAX_FRAME_SIDE)?;
        drop(cut);
        timings.foreground = clock.lap();

        progress(Stage::Reconstruct);
        let engine = engine(options.engine);
        let model = engine.reconstruct(&framed, options)?;
        timings.reconstruct = clock.lap();

        progress(Stage::Encode);
        let check = inference_mesh::check(&model);
        // The generation's id is left out: the same photo and options give the same file.
        let provenance = json!({
            "generator": "ImageTo3D",
            "engine": engine.name(),
            "engine_version": engine.version(),
            "foreground_percent": options.foreground_percent,
            "texture_size": options.texture_size,
            "seed": options.seed,
            "input_sha256": sha256,
            "foreground_weights_sha256": WEIGHTS_SHA256,
        });
        let glb = inference_mesh::glb(&model, &provenance)?;
        if glb.len() > MAX_MODEL_BYTES {
            return Err(PipelineError::TooLarge { bytes: glb.len(), limit: MAX_MODEL_BYTES });
        }
        let model_sha256 = sha256_hex(&glb);
        timings.encode = clock.lap();

        progress(Stage::Preview);
        let preview_webp = webp(&inference_render::preview(&model, PREVIEW_SIDE))?;
        timings.preview = clock.lap();
        timings.total = clock.total();

        let report = Report {
            v: 1,
            engine: engine.name(),
            engine_version: engine.version(),
            options: options.clone(),
            seed: options.seed,
            input: Input { sha256, width, height, format, transparent },
            model: ModelFacts {
                faces: check.faces,
                vertices: check.vertices,
                watertight: check.watertight,
                components: check.components,
                texture_size: options.texture_size,
                bytes: glb.len(),
            },
            preview: Preview { bytes: preview_webp.len() },
            timings_ms: timings,
            hashes: Hashes { model_sha256, foreground_weights_sha256: WEIGHTS_SHA256 },
        };
        Ok(Outcome { glb, preview_webp, report })
    }
}

fn webp(picture: &RgbaImage) -> Result<Vec<u8>, PipelineError> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes)
        .encode(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgba8)
        .map_err(|fault| PipelineError::Answer(fault.to_string()))?;
    Ok(bytes)
}

/// Laps of a stop watch in milliseconds.
struct Clock {
    start: Instant,
    lap: Instant,
}

impl Clock {
    fn start() -> Self {
        let start = Instant::now();
        Self { start, lap: start }
    }

    fn lap(&mut self) -> u64 {
        let now = Instant::now();
        let lap = now.duration_since(self.lap);
        self.lap = now;
        u64::try_from(lap.as_millis()).unwrap_or(u64::MAX)
    }

    fn total(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
