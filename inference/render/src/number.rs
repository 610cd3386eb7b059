//! The few conversions between counts, pixels and reals, each with its bound.

/// Turns a count into a real; exact below 2²⁴, far beyond any picture of ours.
#[expect(clippy::cast_precision_loss, reason = "pictures are far below 2^24 a side")]
pub(crate) fn real(count: usize) -> f32 {
    count as f32
}

/// Turns an image's or a surface's number into an index.
pub(crate) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
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

/// Rounds a share, 0 to 1, to a byte.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what we want"
)]
pub(crate) fn byte(share: f32) -> u8 {
    (share * 255.0 + 0.5) as u8
}

/// Gives what two arrows have in common.
pub(crate) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
