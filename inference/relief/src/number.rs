//! The few conversions between counts, pixels and reals, each with its bound.

/// Turns a count into a real; exact below 2²⁴, far beyond any grid of ours.
#[expect(clippy::cast_precision_loss, reason = "grids and pictures are far below 2^24 a side")]
pub(crate) fn real(count: usize) -> f32 {
    count as f32
}

/// Turns pixels into an index.
pub(crate) fn at(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

/// Turns a count of pixels back into an image's own; pictures are far below 2³² a side.
pub(crate) fn pixels(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Rounds a real down to a count; negative numbers and NaN become 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub(crate) fn floor(value: f32) -> usize {
    value as usize
}

/// Rounds a colour to a byte, within its bounds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub(crate) fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// Rises smoothly from 0 at `from` to 1 at `to`.
pub(crate) fn smooth(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
