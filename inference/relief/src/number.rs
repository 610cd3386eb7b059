//! The conversions that only this room needs; the others are [`inference_mesh::number`]'s.

/// Turns a count of pixels back into an image's own; pictures are far below 2³² a side.
pub(crate) fn pixels(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Rises smoothly from 0 at `from` to 1 at `to`.
pub(crate) fn smooth(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
