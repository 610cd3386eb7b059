//! One cut-out photo to a closed, coloured, two-sided shape: the engine that is a part of the program.
//!
//! A small network, whose weights are a part of the program too, says for each pixel how far away the object's first
//! surface is and how far its last one, and what colour that has. Between the two layers lies the body; the photo is laid
//! over the front. [`inflate`] is what there was before it, and the baseline: it knows the outline only, and inflates it
//! as a membrane would be. Both are closed by construction, true to the outline to a fraction of a cell, and give the
//! same bytes for the same picture.

mod body;
mod colours;
mod depth;
mod fill;
mod inflate;
mod layered;
mod number;
mod resample;
mod silhouette;

use image::RgbaImage;
use inference_mesh::number::{at, real};
use inference_mesh::{Camera, Shape};
use thiserror::Error;

pub use depth::{DepthError, Layers};
use layered::View;
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
    /// The network cannot run: our fault.
    #[error(transparent)]
    Depth(#[from] DepthError),
}

/// Makes the shape of a cut-out object, as the network sees it.
///
/// `framed` is square, straight-alpha sRGB, with the object's colours carried on under its transparent pixels. The
/// front, towards +Z, is the photo.
pub fn reconstruct(framed: &RgbaImage) -> Result<Shape, ReliefError> {
    let silhouette = Silhouette::read(framed)?;
    let layers = depth::look(framed, &silhouette)?;
    Ok(between(framed, silhouette, &layers))
}

/// Makes the shape between two known layers of depth over the square in which the network sees the object: what the
/// network could reach at best, for scoring.
pub fn from_layers(framed: &RgbaImage, layers: &Layers) -> Result<Shape, ReliefError> {
    Ok(between(framed, Silhouette::read(framed)?, layers))
}

fn between(framed: &RgbaImage, silhouette: Silhouette, layers: &Layers) -> Shape {
    let grids = layered::bounded(layers.on_grid(&silhouette), &silhouette);
    let view = View::new(&silhouette, layers, &grids);
    let surface = layered::build(&silhouette, &grids, &view);
    let camera = view.camera(&silhouette, real(at(framed.width())));
    let back = layers.back_on_grid(&silhouette);
    let colours = Box::new(colours::Sides::layered(framed, silhouette, &grids, back, view));
    Shape { surface, colours, camera, fits: true }
}

/// The network's weights as they lie in the program: a safetensors file.
pub fn weights() -> &'static [u8] {
    depth::weights()
}

/// Makes the shape of a cut-out object from its outline alone: the baseline.
pub fn inflate(framed: &RgbaImage) -> Result<Shape, ReliefError> {
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
