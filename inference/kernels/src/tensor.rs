//! Numbers with a shape, shared and never changed.

use crate::mapping::Mapping;
use std::ops::Range;
use std::sync::Arc;

/// Is an array of f32, row-major: a part of a mapped file, or numbers of its own. Cloning copies no numbers.
#[derive(Debug, Clone)]
pub struct Tensor {
    shape: Vec<usize>,
    numbers: Numbers,
}

#[derive(Debug, Clone)]
enum Numbers {
    Mapped(Arc<Mapping>, Range<usize>),
    Owned(Arc<[f32]>),
}

/// What keeps numbers from being a tensor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TensorError {
    /// The file ends before the numbers do.
    #[error("bytes {start} to {end} of a file of {length}")]
    Beyond {
        /// The first byte.
        start: usize,
        /// The byte after the last.
        end: usize,
        /// The file's bytes.
        length: usize,
    },
    /// The numbers do not start at a multiple of four bytes.
    #[error("numbers at byte {start}, which is not a multiple of 4")]
    Misaligned {
        /// The first byte.
        start: usize,
    },
    /// More or fewer numbers than the shape has.
    #[error("{bytes} bytes of numbers for the shape {shape:?}")]
    Count {
        /// The bytes given.
        bytes: usize,
        /// The shape.
        shape: Vec<usize>,
    },
}

impl Tensor {
    /// Sees bytes of a mapped file as numbers (little-endian, as all our machines are).
    pub fn mapped(mapping: &Arc<Mapping>, bytes: Range<usize>, shape: Vec<usize>) -> Result<Self, TensorError> {
        let (start, end, length) = (bytes.start, bytes.end, mapping.len());
        let part = mapping.get(bytes.clone()).ok_or(TensorError::Beyond { start, end, length })?;
        if count(&shape).and_then(|count| count.checked_mul(4)) != Some(part.len()) {
            return Err(TensorError::Count { bytes: part.len(), shape });
        }
        if bytemuck::try_cast_slice::<u8, f32>(part).is_err() {
            return Err(TensorError::Misaligned { start });
        }
        Ok(Self { shape, numbers: Numbers::Mapped(mapping.clone(), bytes) })
    }

    /// Takes numbers of its own.
    pub fn owned(values: Vec<f32>, shape: Vec<usize>) -> Result<Self, TensorError> {
        if count(&shape) != Some(values.len()) {
            return Err(TensorError::Count { bytes: values.len().saturating_mul(4), shape });
        }
        Ok(Self { shape, numbers: Numbers::Owned(values.into()) })
    }

    /// No numbers at all, in the shape `[0]`.
    pub fn empty() -> Self {
        Self { shape: vec![0], numbers: Numbers::Owned(Arc::new([])) }
    }

    /// The length along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All numbers, the last axis fastest.
    pub fn values(&self) -> &[f32] {
        match &self.numbers {
            // Its length and alignment were checked when it was made.
            Numbers::Mapped(mapping, bytes) => bytemuck::try_cast_slice(&mapping[bytes.clone()]).unwrap_or(&[]),
            Numbers::Owned(values) => values,
        }
    }
}

fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |count, side| count.checked_mul(*side))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_mapped_tensor_sees_the_file_and_refuses_what_is_not_in_it() {
        let path = std::env::temp_dir().join(format!("tensor-{}", std::process::id()));
        let numbers: Vec<u8> = [1.0_f32, -2.5, 3.0].iter().flat_map(|number| number.to_le_bytes()).collect();
        std::fs::File::create(&path).unwrap().write_all(&numbers).unwrap();
        let mapping = Arc::new(Mapping::open(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        assert_eq!(Tensor::mapped(&mapping, 4..12, vec![2, 1]).unwrap().values(), [-2.5, 3.0]);
        let refused = |bytes, shape| Tensor::mapped(&mapping, bytes, shape).unwrap_err();
        assert_eq!(refused(8..16, vec![2]), TensorError::Beyond { start: 8, end: 16, length: 12 });
        assert_eq!(refused(2..6, vec![1]), TensorError::Misaligned { start: 2 });
        assert_eq!(refused(0..8, vec![3]), TensorError::Count { bytes: 8, shape: vec![3] });
        assert_eq!(refused(0..8, vec![usize::MAX, 2]), TensorError::Count { bytes: 8, shape: vec![usize::MAX, 2] });
    }

    #[test]
    fn an_owned_tensor_has_as_many_numbers_as_its_shape() {
        assert_eq!(Tensor::owned(vec![1.0; 6], vec![2, 3]).unwrap().shape(), [2, 3]);
        assert!(Tensor::owned(vec![1.0; 5], vec![2, 3]).is_err());
    }
}
