//! Triangle surfaces: made from a field, checked, and written as GLB.
//!
//! Every model of ours has Y up, its front towards +Z, its longest side 1.0, its base on y = 0 and its middle on
//! x = z = 0. A [`Surface`] is welded (one position, one vertex), so that its topology can be checked; the texture's
//! seams live beside it in [`Charts`] and split vertices only inside the GLB.

mod check;
pub mod colour;
pub mod format;
mod glb;
mod march;
pub mod number;
mod shape;
mod surface;

pub use check::{Check, check};
pub use format::{ConvertOptions, Format, convert};
pub use glb::{MeshError, glb};
pub use march::march;
pub use shape::{Camera, Colours, Seen, Shape, Spot};
pub use surface::{Charts, Model, Moved, Paint, Surface};
