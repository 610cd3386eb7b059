//! Why no model was made, as sentences that name what to do.

use inference_pipeline::{OptionsError, PipelineError, WeightsError};
use std::path::PathBuf;

/// Why no model was made.
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
    /// The pipeline refused or failed.
    #[error("no model was made of {}: {fault}", path.display())]
    Run { path: PathBuf, fault: PipelineError },
    /// An output cannot be written.
    #[error("cannot write {} ({source}); check that its directory exists and has room", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

impl Fault {
    /// 2 for wrong arguments, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Options(_) | Self::SameFile { .. } => 2,
            Self::Photo { .. } | Self::Models(_) | Self::Run { .. } | Self::Write { .. } => 1,
        }
    }
}
