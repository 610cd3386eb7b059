//! The engines: a framed cut-out in, a raw shape out.

use crate::options::{EngineName, Options};
use inference_image::Framed;
use inference_mesh::Shape;
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

/// One way to make a shape of a framed cut-out. The same input and options must give the same shape.
pub trait Engine: Send + Sync {
    /// The name that options and reports use.
    fn name(&self) -> &'static str;
    /// Changes whenever the same input may give another model.
    fn version(&self) -> &'static str;
    /// Makes the shape.
    fn reconstruct(&self, framed: &Framed, options: &Options) -> Result<Shape, EngineError>;
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

    fn reconstruct(&self, framed: &Framed, _options: &Options) -> Result<Shape, EngineError> {
        inference_relief::reconstruct(&framed.pixels).map_err(|fault| match fault {
            ReliefError::Empty { .. } | ReliefError::TooSmall { .. } | ReliefError::TooThin { .. } => {
                EngineError::Object(fault.to_string())
            }
            ReliefError::NotSquare { .. } => EngineError::Failed { engine: self.name(), reason: fault.to_string() },
        })
    }
}

/// The engine of that name.
pub(crate) fn engine(name: EngineName) -> &'static dyn Engine {
    match name {
        EngineName::Relief => &Relief,
    }
}
