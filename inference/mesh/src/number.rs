//! The few conversions between counts and reals, each with its bound.

/// Turns a count into a real; exact below 2²⁴, far beyond any grid of ours.
#[expect(clippy::cast_precision_loss, reason = "grids and textures are far below 2^24 a side")]
pub(crate) fn real(count: usize) -> f32 {
    count as f32
}

/// Turns a count into an index of a GLB; a surface of more than 2³² vertices is refused before it is written.
pub(crate) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Turns an index of a surface into one of a slice.
pub(crate) fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
