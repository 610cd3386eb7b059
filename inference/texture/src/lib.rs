//! Texture: lays a surface out over a picture, and paints the picture from a photo and from what an engine knows.
//!
//! ```text
//! let charts = unwrap(&surface, 2048)?;
//! let image = bake(&surface, &charts, 2048, &*shape.colours, Some(&Photo { image: &framed, camera: shape.camera }))?;
//! let paint = Paint::Texture { charts, image };
//! ```
//!
//! * [`unwrap`] gives every triangle its part of the texture. Unwrap and bake with the same size: the room between the
//!   charts is counted in texels.
//! * [`bake`] gives every texel its colour: the photo's own pixels where it saw the surface well, the engine's
//!   elsewhere. The surface must lie in the engine's space, where the camera and the colours are; let it
//!   [`inference_mesh::Surface::stand`] afterwards, the charts stay valid.
//! * [`vertex_colours`] is the same without a texture.
//!
//! No chance, no clock, no display: the same input gives the same bytes on any number of threads.

mod bake;
mod packer;
mod unwrap;
mod vector;

pub use bake::{BakeError, Photo, bake, vertex_colours};
pub use unwrap::{UnwrapError, unwrap};

/// The smallest texture, in pixels a side.
pub const SMALLEST_TEXTURE_PX: u32 = 64;

/// The largest texture, in pixels a side.
pub const LARGEST_TEXTURE_PX: u32 = 4096;

/// The most triangles of a surface: beyond it memory is no longer bounded well.
pub const MOST_TRIANGLES: usize = 10_000_000;

/// Texels that stay free around each chart, beyond those that are read at its border.
pub const PADDING_PX: u32 = unwrap::PADDING_PX;
