//! A base to stand on: the lowest part of a body pressed flat.

use thiserror::Error;

use crate::Surface;
use crate::check::Flatness;
use crate::clean::mended;

/// The largest share of the height that can be pressed flat.
pub const LARGEST_SHARE: f32 = 0.5;

/// What is left of the pressed height, the least first: more only where a triangle would lose its own height.
const LEFT: [f32; 4] = [1e-3, 4e-3, 1.6e-2, 6.4e-2];

/// What is left is at most this share of the longest side, so that the base stays flat to the eye.
const FLAT: f32 = 2e-3;

/// What keeps a surface from getting a base.
#[derive(Debug, Error, PartialEq)]
pub enum BaseError {
    /// The share makes no sense.
    #[error("a base of {share} of the height was asked for; above 0 and up to {LARGEST_SHARE}")]
    BadShare {
        /// What was asked for.
        share: f32,
    },
}

/// Presses the lowest `share` of the height (y) onto a plane at its top.
///
/// Heights keep their order: a thousandth of the pressed height is left, so that no triangle loses its own. Where one
/// still would, a little more is left, never more than 0.2 % of the longest side. Only heights change; triangles stay,
/// but for those that had no height before or cannot keep one, which are drawn together.
pub fn flat_base(surface: &Surface, share: f32) -> Result<Surface, BaseError> {
    if !(share > 0.0 && share <= LARGEST_SHARE) {
        return Err(BaseError::BadShare { share });
    }
    let (low, high) = surface.bounds();
    let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
    let height = (high[1] - low[1]) * share;
    if !(height > 0.0 && longest.is_finite()) {
        return Ok(surface.clone());
    }
    let top = low[1] + height;
    let flatness = Flatness::of(surface);
    let flat_before = flatness.count(surface);
    let mut pressed = surface.clone();
    for left in LEFT {
        let left = left.min(FLAT * longest / height);
        for (pressed, place) in pressed.positions.iter_mut().zip(&surface.positions) {
            if place[1] < top {
                pressed[1] = top - (top - place[1]) * left;
            }
        }
        if flatness.count(&pressed) <= flat_before {
            return Ok(pressed);
        }
    }
    Ok(mended(pressed))
}
