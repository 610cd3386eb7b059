//! One cut-out photo to a closed, coloured, two-sided shape, without learned weights.
//!
//! The outline is inflated as a membrane would be, so that thin parts come out round and wide parts flat and bounded;
//! the photo is laid over the front, and the back takes the colours of the outline. It guesses no shape that the
//! outline does not show: a face gets no nose. It is exact about the rest: closed by construction, the outline true to
//! a fraction of a cell, and the same bytes for the same picture.

mod body;
mod colours;
mod fill;
mod inflate;
mod number;
mod resample;
mod silhouette;

use image::RgbaImage;
use inference_mesh::number::{at, real};
use inference_mesh::{Camera, Shape};
use thiserror::Error;

use silhouette::Silhouette;

/// The shortest longest side of an object, in pixels: below it there is no outline to speak of.
pub const LEAST_OBJECT_PX: u32 = 16;

/// What keeps a cut-out from becoming a model.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReliefError {
    /// The picture is not square, or has no pixels.
    #[error("the framed picture is {width} by {height} pixels; it must be square and not empty")]
    NotSquare {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Every pixel is transparent.
    #[error("no pixel of the {size} by {size} picture is more than half opaque")]
    Empty {
        /// The picture's side in pixels.
        size: u32,
    },
    /// The object is too small to have an outline.
    #[error("the object is {width} by {height} pixels; its longer side must be at least {LEAST_OBJECT_PX}")]
    TooSmall {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Nothing is left of the object at the resolution of the model: hairs or dust.
    #[error("no part of the {width} by {height} pixel object is wide enough to have a body")]
    TooThin {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
}

/// Makes the shape of a cut-out object.
///
/// `framed` is square, straight-alpha sRGB, with the object's colours carried on under its transparent pixels. The
/// front, towards +Z, is the photo.
pub fn reconstruct(framed: &RgbaImage) -> Result<Shape, ReliefError> {
    let silhouette = Silhouette::read(framed)?;
    let height = inflate::height(&silhouette);
    let surface = body::build(&silhouette, &height);
    let camera = camera(&silhouette, framed.width());
    let colours = Box::new(colours::Sides::paint(framed, silhouette, &height));
    Ok(Shape { surface, colours, camera, fits: true })
}

/// Says where the photo lies: straight before the plane of the outline.
fn camera(silhouette: &Silhouette, side_px: u32) -> Camera {
    let side = real(at(side_px));
    // Cells from the photo's middle to the grid's first node.
    let middle = silhouette.origin_px.map(|origin| (side / 2.0 - origin) / silhouette.cell_px);
    let a_cell = silhouette.cell_px / side;
    Camera {
        origin: [middle[0], real(silhouette.height - 1) - middle[1], 0.0],
        right: [a_cell, 0.0, 0.0],
        down: [0.0, -a_cell, 0.0],
        forward: [0.0, 0.0, -1.0],
        perspective: false,
    }
}
