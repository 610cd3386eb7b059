//! Why something was not done, as sentences that name what to do.

use inference_pipeline::{LoadError, OptionsError, PipelineError, WeightsError, chain};
use std::path::PathBuf;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// An option beyond its limits.
    #[error("{0}; see `imageto3d --help`")]
    Options(OptionsError),
    /// Two files are the same.
    #[error("{} is named twice; give each output a name of its own", path.display())]
    SameFile { path: PathBuf },
    /// The photo cannot be read.
    #[error("cannot read {} ({source}); check the path of the photo", path.display())]
    Photo { path: PathBuf, source: std::io::Error },
    /// The weights are missing or wrong.
    #[error("{0}")]
    Models(WeightsError),
    /// The engine's weights are missing or wrong.
    #[error("{0}; `make weights` fetches them")]
    Engine(LoadError),
    /// The pipeline refused or failed.
    #[error("no model was made of {}: {}", path.display(), chain(fault))]
    Run { path: PathBuf, fault: PipelineError },
    /// Neither a photo nor a task was named.
    #[error("name a photo, or a task; see `imageto3d --help`")]
    Nothing,
    /// A model cannot be read.
    #[error("cannot read {} ({source}); check the path of the model", path.display())]
    Model { path: PathBuf, source: std::io::Error },
    /// A model cannot be converted or drawn.
    #[error("{}: {fault}", path.display())]
    Convert { path: PathBuf, fault: String },
    /// An ending that names no format.
    #[error("the ending of {} says no format; use {known}", path.display())]
    Ending { path: PathBuf, known: &'static str },
    /// A picture too small or too large.
    #[error("`size` must be from 16 to {most}, not {size}")]
    Size { size: u32, most: u32 },
    /// An angle that is no number, or too large a one.
    #[error("`{option}` must be from -{most} to {most} degrees, not {found}")]
    Angle { option: &'static str, most: f32, found: f32 },
    /// An option that would change nothing.
    #[error("`{option}` goes with `--kind` {kinds} only; leave it out")]
    Idle { option: &'static str, kinds: &'static str },
    /// A report without a camera.
    #[error("{} names no camera ({fault}); give the report that was written with the model", path.display())]
    Camera { path: PathBuf, fault: String },
    /// A picture cannot be written as its format.
    #[error("the picture cannot be written: {0}")]
    Picture(String),
    /// An output cannot be written.
    #[error("cannot write {} ({source}); check that its directory exists and has room", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

impl Fault {
    /// 2 for wrong arguments, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Options(_)
            | Self::SameFile { .. }
            | Self::Nothing
            | Self::Ending { .. }
            | Self::Size { .. }
            | Self::Angle { .. }
            | Self::Idle { .. } => 2,
            Self::Photo { .. }
            | Self::Models(_)
            | Self::Engine(_)
            | Self::Run { .. }
            | Self::Model { .. }
            | Self::Convert { .. }
            | Self::Camera { .. }
            | Self::Picture(_)
            | Self::Write { .. } => 1,
        }
    }
}
