//! One cut-out photo to a closed, textured, two-sided model, without learned weights.
//!
//! The outline is inflated as a membrane would be, so that thin parts come out round and wide parts flat and bounded;
//! the photo is laid over the front, and the back takes the colours of the outline. It guesses no shape that the
//! outline does not show: a face gets no nose. It is exact about the rest: closed by construction, the outline true to
//! a fraction of a cell, and the same bytes for the same picture.

mod atlas;
mod body;
mod fill;
mod inflate;
mod number;
mod resample;
mod silhouette;

use image::RgbaImage;
use inference_mesh::{Model, Paint};
use thiserror::Error;

use silhouette::Silhouette;

/// The shortest longest side of an object, in pixels: below it there is no outline to speak of.
pub const LEAST_OBJECT_PX: u32 = 16;

/// The smallest texture, in pixels a side: below it the two charts would bleed into each other.
pub const LEAST_TEXTURE_PX: u32 = 64;

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
    /// The texture asked for is too small.
    #[error("a texture of {texture_size} pixels was asked for; the least is {LEAST_TEXTURE_PX}")]
    TextureTooSmall {
        /// What was asked for.
        texture_size: u32,
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

/// Makes the model of a cut-out object.
///
/// `framed` is square, straight-alpha sRGB, with the object's colours carried on under its transparent pixels. The
/// model's front, towards +Z, is the photo; its texture is `texture_size` pixels a side.
pub fn reconstruct(framed: &RgbaImage, texture_size: u32) -> Result<Model, ReliefError> {
    if texture_size < LEAST_TEXTURE_PX {
        return Err(ReliefError::TextureTooSmall { texture_size });
    }
    let silhouette = Silhouette::read(framed)?;
    let height = inflate::height(&silhouette);
    let body = body::build(&silhouette, &height);
    let atlas = atlas::paint(framed, &silhouette, &height, texture_size);
    let charts = body::charts(&body, &silhouette, &atlas);
    let mut surface = body.surface;
    surface.stand();
    Ok(Model { surface, paint: Paint::Texture { charts, image: atlas.texture } })
}
