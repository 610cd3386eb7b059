//! One photo and its options in, one coloured model, its pictures and its report out.
//!
//! This is the one public way into inference; the server and the command line are two doors to it. Every engine
//! stands behind [`Engine`]. The same photo and options give the same bytes of `model.glb` on the same build, for any
//! number of threads.

mod engine;
mod error;
mod finish;
mod options;
mod outcome;
mod pictures;
mod report;
mod run;

pub use engine::{Engine, EngineError, Inflate, Object, Relief};
pub use error::{PipelineError, Problem};
pub use inference_image::{Format, Limits, PhotoError, WEIGHTS_FILE, WEIGHTS_SHA256, WeightsError};
pub use inference_mesh::chain;
pub use inference_triposr::{LoadError, TripoSr};
pub use options::{Coat, EngineName, Options, OptionsError};
pub use outcome::{MAX_ANSWER_BYTES, Outcome};
pub use report::{Report, Timings};
pub use run::{Pipeline, Stage};
