//! Fuzz targets of the GPU side: everything of a stranger, or of a disk, that it reads.

mod glb;
mod options;
mod photo;
mod weights;

pub use glb::GLB;
pub use options::OPTIONS;
pub use photo::{FRAME, PHOTO};
pub use weights::{CHECKPOINT, CONFIG, PICKLE, SAFETENSORS};

use fuzz_bounds::Target;

/// Every target.
pub const TARGETS: &[&Target] = &[&PHOTO, &FRAME, &OPTIONS, &CHECKPOINT, &PICKLE, &SAFETENSORS, &CONFIG, &GLB];
