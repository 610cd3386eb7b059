//! Triangle surfaces: made from a field, mended, simplified, checked, and written as GLB and what is made of it.
//!
//! Every model of ours has Y up, its front towards +Z, its longest side 1.0, its base on y = 0 and its middle on
//! x = z = 0. A [`Surface`] is welded (one position, one vertex), so that its topology can be checked; the texture's
//! seams live beside it in [`Charts`] and split vertices only inside the GLB.

pub mod base;
mod chain;
mod check;
pub mod clean;
pub mod colour;
pub mod field;
pub mod format;
mod glb;
mod march;
pub mod mirror;
pub mod number;
mod sets;
mod shape;
pub mod simplify;
pub mod smooth;
mod surface;

pub use base::flat_base;
pub use chain::chain;
pub use check::{Check, check};
pub use clean::clean;
pub use format::{ConvertOptions, Format, convert};
pub use glb::{MeshError, glb};
pub use march::march;
pub use mirror::mirror;
pub use shape::{Camera, Colours, ColoursError, Seen, Shape, Spot};
pub use simplify::simplify;
pub use smooth::smooth;
pub use surface::{Charts, Model, Moved, Paint, Surface};
