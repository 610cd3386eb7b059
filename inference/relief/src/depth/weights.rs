//! The network's weights: a part of the program, 16-bit numbers in a safetensors file.

use safetensors::{Dtype, SafeTensors};

use super::DepthError;

/// The weights, as `inference/training/depth/export.py` writes them.
pub(crate) const FILE: &[u8] = include_bytes!("../../weights/depth.safetensors");

/// Is a file of weights, read where it lies.
pub(super) struct Weights<'a>(SafeTensors<'a>);

impl<'a> Weights<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Self, DepthError> {
        SafeTensors::deserialize(file).map(Self).map_err(|fault| DepthError::Weights(fault.to_string()))
    }

    /// Gives the numbers of a tensor and its shape.
    pub(super) fn tensor(&self, name: &str) -> Result<(Vec<f32>, Vec<usize>), DepthError> {
        let tensor = self.0.tensor(name).map_err(|fault| DepthError::Weights(format!("{name}: {fault}")))?;
        if tensor.dtype() != Dtype::F16 {
            return Err(DepthError::Weights(format!("{name} is {:?}, not F16", tensor.dtype())));
        }
        let (pairs, _) = tensor.data().as_chunks::<2>();
        let values = pairs.iter().map(|pair| widened(u16::from_le_bytes(*pair))).collect();
        Ok((values, tensor.shape().to_vec()))
    }
}

/// Turns the bits of a 16-bit number into the same number in 32 bits.
fn widened(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    let size = match exponent {
        // Below the smallest normal number: parts of 2⁻²⁴.
        0 => f32::from(bits & 1023) / 16_777_216.0,
        31 => f32::from_bits(0x7F80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    f32::from_bits(size.to_bits() | sign)
}

#[cfg(test)]
mod tests {
    use super::widened;

    #[test]
    fn sixteen_bits_are_widened_exactly() {
        for (bits, value) in [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x7BFF, 65504.0),
            (0x7C00, f32::INFINITY),
        ] {
            assert_eq!(widened(bits).to_bits(), f32::to_bits(value), "{bits:x}");
        }
        assert!(widened(0x7E00).is_nan() && widened(0x8000).is_sign_negative());
    }
}
