//! The steps between stored (sRGB) and linear colour; the only place that takes them.

use crate::number::{byte, real};

/// Gives the linear light, 0 to 1, of each stored value.
pub fn linear_table() -> [f32; 256] {
    std::array::from_fn(|stored| {
        let stored = real(stored) / 255.0;
        if stored <= 0.04045 { stored / 12.92 } else { ((stored + 0.055) / 1.055).powf(2.4) }
    })
}

/// Turns linear light into stored colour, 0 to 1; what is outside of 0 to 1 is cut off.
pub fn stored(linear: f32) -> f32 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// Turns linear light into a stored byte.
pub fn stored_byte(linear: f32) -> u8 {
    byte(stored(linear) * 255.0)
}

#[cfg(test)]
mod tests {
    use super::{linear_table, stored_byte};

    #[test]
    fn every_stored_value_survives_the_way_to_light_and_back() {
        for (value, linear) in (0..=255).zip(linear_table()) {
            assert_eq!(stored_byte(linear), value);
        }
    }

    #[test]
    fn half_the_light_is_stored_as_188() {
        assert_eq!(stored_byte(0.5), 188);
    }
}
