//! Where a model stands in the formats that have a size.

use std::collections::HashSet;

use super::ConvertError;
use crate::Surface;

/// Says which way a format has up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Up {
    /// As in the GLB: the front towards +Z.
    Y,
    /// As on a print bed: x to the right, the front towards −Y.
    Z,
}

/// Scales a surface to `height_mm` times `unit_mm`, and stands it on the ground, centred.
///
/// Two vertices never come to lie on one place: rounding to 32 bits could merge neighbours and tear the surface, so a
/// place that is taken is left by the smallest possible step upwards. Zeros are positive, for readers that merge bytes.
pub(super) fn placed(
    surface: &Surface,
    up: Up,
    height_mm: u32,
    units_per_mm: f64,
) -> Result<Vec<[f32; 3]>, ConvertError> {
    let (low, high) = surface.bounds();
    let (low, high) = (low.map(f64::from), high.map(f64::from));
    let height = high[1] - low[1];
    let unscalable = ConvertError::Unscalable { height, height_mm };
    let scale = f64::from(height_mm) * units_per_mm / height;
    if height.is_nan() || height <= 0.0 || !scale.is_finite() {
        return Err(unscalable);
    }
    let origin = [f64::midpoint(low[0], high[0]), low[1], f64::midpoint(low[2], high[2])];
    let mut taken = HashSet::with_capacity(surface.positions.len());
    let mut placed = Vec::with_capacity(surface.positions.len());
    for position in &surface.positions {
        let [x, y, z] = [0, 1, 2].map(|axis| (f64::from(position[axis]) - origin[axis]) * scale);
        let mut place = match up {
            Up::Y => [x, y, z],
            Up::Z => [x, -z, y],
        }
        .map(nearest);
        if !place.iter().all(|part| part.is_finite()) {
            return Err(unscalable);
        }
        let axis = if up == Up::Y { 1 } else { 2 };
        while !taken.insert(place.map(f32::to_bits)) {
            place[axis] = place[axis].next_up();
        }
        placed.push(place);
    }
    Ok(placed)
}

/// Leaves out triangles that name a vertex twice: they have no surface, and printing formats forbid them.
///
/// Their two remaining sides are one edge in both directions, so that a closed surface stays closed.
pub(super) fn with_three_corners(surface: &Surface) -> impl Iterator<Item = (usize, [u32; 3])> + '_ {
    let distinct = |[a, b, c]: [u32; 3]| a != b && b != c && c != a;
    surface.triangles.iter().copied().enumerate().filter(move |(_, triangle)| distinct(*triangle))
}

/// Rounds to 32 bits, and negative zero to zero.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is wanted; too large becomes infinite")]
fn nearest(value: f64) -> f32 {
    value as f32 + 0.0
}
