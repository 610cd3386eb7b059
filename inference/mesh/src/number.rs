//! The few conversions between counts, pixels and reals, each with its bound; for all rooms that work on models.

/// Turns a count into a real; exact below 2²⁴, far beyond any grid of ours.
#[expect(clippy::cast_precision_loss, reason = "grids and textures are far below 2^24 a side")]
pub fn real(count: usize) -> f32 {
    count as f32
}

/// Turns a count into an index of a GLB; a surface of more than 2³² vertices is refused before it is written.
pub fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Turns an index of a surface, or a picture's side, into an index of a slice.
pub fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Rounds a real down to a count; negative numbers and NaN become 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub fn floor(value: f32) -> usize {
    value as usize
}

/// Rounds a colour to a byte, within its bounds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// Turns 0 to 1 into 16 bits, as glTF's normalised integers are.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub fn word(value: f32) -> u16 {
    (value * 65_535.0 + 0.5) as u16
}
