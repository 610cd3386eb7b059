//! The few numeric casts of this room, each with the reason why it is safe.

/// A pixel coordinate or count as a float; exact below 2²⁴, and no side here exceeds 8192.
#[expect(clippy::cast_precision_loss, reason = "coordinates stay far below 2^24")]
pub(crate) fn float(value: u32) -> f32 {
    value as f32
}

/// A value in 0..=1 as a byte, rounded; values outside are cut.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first; NaN becomes 0")]
pub(crate) fn unit_to_byte(value: f32) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

/// A pixel coordinate as an index.
pub(crate) fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
