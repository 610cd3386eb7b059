//! One run from the photo's bytes to the answer files.

use crate::engine::{Engine, Inflate, Object, Relief};
use crate::error::PipelineError;
use crate::options::{EngineName, Options};
use crate::outcome::{MAX_ANSWER_BYTES, Outcome};
use crate::report::{Bytes, Hashes, Input, ModelFacts, Report, Timings};
use crate::{finish, pictures};
use inference_image::{
    Cut, Foreground, Limits, MAX_FRAME_SIDE, WEIGHTS_SHA256, WeightsError, decode, frame, sha256_hex,
};
use inference_mesh::Model;
use inference_triposr::TripoSr;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// A larger model is refused before its pictures are drawn: with them it would hardly fit into [`MAX_ANSWER_BYTES`], which
/// the whole answer is held to.
const MAX_MODEL_BYTES: usize = 24_000_000;
const _: () = assert!(MAX_MODEL_BYTES < MAX_ANSWER_BYTES, "the pictures need room");

/// Where a run stands; reported as each stage begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the photo.
    Decode,
    /// Cutting and framing the object.
    Foreground,
    /// Making the shape.
    Reconstruct,
    /// Cleaning and simplifying the shape.
    Mesh,
    /// Colouring it.
    Texture,
    /// Checking the model and writing the GLB.
    Encode,
    /// Rendering the pictures.
    Pictures,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 7] =
        [Self::Decode, Self::Foreground, Self::Reconstruct, Self::Mesh, Self::Texture, Self::Encode, Self::Pictures];
}

/// Everything that is loaded once and used for every run.
pub struct Pipeline {
    foreground: Foreground,
    triposr: Option<TripoSr>,
    limits: Limits,
}

impl Pipeline {
    /// Loads the foreground network from a model directory; a wrong or missing file is an error, never a worse result.
    pub fn load(model_directory: &Path) -> Result<Self, WeightsError> {
        Ok(Self { foreground: Foreground::load(model_directory)?, triposr: None, limits: Limits::default() })
    }

    /// Takes `TripoSR` too; from now on it is the engine of those who name none.
    #[must_use]
    pub fn with(self, triposr: TripoSr) -> Self {
        Self { triposr: Some(triposr), ..self }
    }

    /// The engine of that name, or the best that is loaded.
    pub fn engine(&self, name: Option<EngineName>) -> Result<&dyn Engine, PipelineError> {
        match (name, &self.triposr) {
            (None | Some(EngineName::Triposr), Some(triposr)) => Ok(triposr),
            (None | Some(EngineName::Relief), _) => Ok(&Relief),
            (Some(EngineName::Inflate), _) => Ok(&Inflate),
            (Some(EngineName::Triposr), None) => Err(PipelineError::NoEngine(EngineName::Triposr)),
        }
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
        let engine = self.engine(options.engine)?;
        let options = &Options { engine: Some(engine.name()), ..options.clone() };
        let mut clock = Clock::start();
        let mut timings = Timings::default();

        progress(Stage::Decode);
        let photo = decode(bytes, content_type, &self.limits)?;
        let (width, height) = photo.pixels.dimensions();
        let format = photo.format;
        let sha256 = sha256_hex(bytes);
        timings.decode = clock.lap();

        progress(Stage::Foreground);
        let cut = if options.remove_background { self.foreground.cut(photo)? } else { Cut::whole(photo) };
        let transparent = cut.from_alpha;
        let framed = frame(&cut.pixels, options.foreground_percent, MAX_FRAME_SIDE)?;
        timings.foreground = clock.lap();

        progress(Stage::Reconstruct);
        let object = Object { cut: &cut.pixels, framed: &framed.pixels, square: framed.square };
        let shape = engine.reconstruct(&object, options)?;
        drop(cut);
        timings.reconstruct = clock.lap();

        progress(Stage::Mesh);
        let form = finish::form(&shape, &framed.pixels, options)?;
        timings.mesh = clock.lap();

        progress(Stage::Texture);
        let paint = finish::coat(&form.surface, &shape, &framed.pixels, options)?;
        let camera = shape.camera;
        drop((shape, framed));
        let mut model = Model { surface: form.surface, paint };
        let camera = camera.moved(model.surface.stand());
        timings.texture = clock.lap();

        progress(Stage::Encode);
        let check = inference_mesh::check(&model);
        let engine_weights_sha256 = engine.weights_sha256();
        let provenance = provenance(engine, engine_weights_sha256.as_deref(), options, &sha256);
        let glb = inference_mesh::glb(&model, &provenance)?;
        if glb.len() > MAX_MODEL_BYTES {
            return Err(PipelineError::TooLarge { what: "model", bytes: glb.len(), limit: MAX_MODEL_BYTES });
        }
        timings.encode = clock.lap();

        progress(Stage::Pictures);
        let preview_webp = pictures::preview(&model)?;
        let turntable_webp = pictures::turntable(&model)?;
        timings.pictures = clock.lap();
        timings.total = clock.total();

        let report = Report {
            v: 1,
            engine: engine.name().as_str(),
            engine_version: engine.version(),
            device: engine.device(),
            options: options.clone(),
            seed: options.seed,
            input: Input { sha256, width, height, format, transparent },
            camera,
            model: ModelFacts::of(&model, &check, form.removed, form.error, glb.len()),
            bytes: Bytes { model: glb.len(), preview: preview_webp.len(), turntable: turntable_webp.len() },
            timings_ms: timings,
            hashes: Hashes {
                model_sha256: sha256_hex(&glb),
                foreground_weights_sha256: WEIGHTS_SHA256,
                engine_weights_sha256,
            },
        };
        Ok(Outcome { glb, preview_webp, turntable_webp, report })
    }
}

/// Says in the file itself where it comes from. The generation's id and its trace are left out: the same photo and options give the
/// same file.
fn provenance(engine: &dyn Engine, weights_sha256: Option<&str>, options: &Options, input_sha256: &str) -> Value {
    let mut provenance = json!({
        "generator": "ImageTo3D",
        "engine": engine.name().as_str(),
        "engine_version": engine.version(),
        "options": Options { generation: None, trace: None, ..options.clone() },
        "input_sha256": input_sha256,
        "foreground_weights_sha256": WEIGHTS_SHA256,
    });
    if let Some(weights_sha256) = weights_sha256 {
        provenance["engine_weights_sha256"] = weights_sha256.into();
    }
    provenance
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
