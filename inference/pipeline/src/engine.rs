//! The engines: a framed cut-out in, a textured model out.

use crate::options::{EngineName, Options};
use inference_image::Framed;
use inference_mesh::Model;
use inference_relief::ReliefError;

/// Why an engine gave no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The object itself allows none: too small, too thin. The person who sent the photo can do something about it.
    #[error("the object in the photo gives no model: {0}")]
    Object(String),
    /// The engine failed: our fault.
    #[error("the engine {engine} failed: {reason}")]
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
}

/// One way to make a model of a framed cut-out. The same input and options must give the same model.
pub trait Engine: Send + Sync {
    /// The name that options and reports use.
    fn name(&self) -> &'static str;
    /// Changes whenever the same input may give another model.
    fn version(&self) -> &'static str;
    /// Makes the model.
    fn reconstruct(&self, framed: &Framed, options: &Options) -> Result<Model, EngineError>;
}

/// The embedded engine.
#[derive(Debug, Clone, Copy)]
pub struct Relief;

impl Engine for Relief {
    fn name(&self) -> &'static str {
        "relief"
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn reconstruct(&self, framed: &Framed, options: &Options) -> Result<Model, EngineError> {
        inference_relief::reconstruct(&framed.pixels, options.texture_size).map_err(|fault| match fault {
            ReliefError::Empty { .. } | ReliefError::TooSmall { .. } | ReliefError::TooThin { .. } => {
                EngineError::Object(fault.to_string())
            }
            ReliefError::NotSquare { .. } | ReliefError::TextureTooSmall { .. } => {
                EngineError::Failed { engine: self.name(), reason: fault.to_string() }
            }
        })
    }
}

/// The engine of that name.
pub(crate) fn engine(name: EngineName) -> &'static dyn Engine {
    match name {
        EngineName::Relief => &Relief,
    }
}
