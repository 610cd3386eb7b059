//! Which nodes of a grid are inside: one bit a node, rows of 64-bit words.

use super::{FieldError, slabs};
use crate::number::index;

/// Holds one bit for each node of a grid with a layer of outside nodes around it: node (x, y, z) of the grid is bit
/// x + 1 of row (y + 1, z + 1).
pub(super) struct Sides {
    /// Nodes of the padded grid along x, y and z.
    pub(super) size: [usize; 3],
    /// Words in a row.
    pub(super) words: usize,
    bits: Vec<u64>,
}

impl Sides {
    /// Gives a grid of `size` nodes, all outside.
    pub(super) fn outside(size: [usize; 3]) -> Self {
        let size = size.map(|side| side + 2);
        let words = size[0].div_ceil(64);
        Self { size, words, bits: vec![0; words * size[1] * size[2]] }
    }

    /// Compares all samples with the level; refuses the first one that is not finite.
    pub(super) fn read(values: &[f32], size: [usize; 3], level: f32) -> Result<Self, FieldError> {
        let [width, height, depth] = size;
        let mut sides = Self::outside(size);
        let (words, layer) = (sides.words, sides.words * sides.size[1]);
        let layers = depth.div_ceil(slabs(size));
        // Leave out the padding before the first and behind the last layer.
        let inner = &mut sides.bits[layer..layer * (depth + 1)];
        let finite = std::thread::scope(|scope| {
            let slabs = inner.chunks_mut(layer * layers).zip(values.chunks(width * height * layers));
            let running: Vec<_> = slabs
                .map(|(bits, values)| scope.spawn(move || read_slab(bits, values, words, [width, height], level)))
                .collect();
            // A thread of ours does not panic; if one did, the slow look below would find nothing wrong.
            running.into_iter().all(|thread| thread.join().unwrap_or(false))
        });
        if !finite && let Some(first) = values.iter().position(|value| !value.is_finite()) {
            let (x, y, z) = (first % width, first / width % height, first / width / height);
            return Err(FieldError::NotFinite { value: values[first], x, y, z });
        }
        Ok(sides)
    }

    /// Says whether no node is inside.
    pub(super) fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    /// Gives the words of a row of the padded grid.
    pub(super) fn row(&self, y: usize, z: usize) -> &[u64] {
        let start = (z * self.size[1] + y) * self.words;
        &self.bits[start..start + self.words]
    }

    /// Puts a node of the grid (not the padded one) inside.
    pub(super) fn set_inside(&mut self, [x, y, z]: [usize; 3]) {
        let bit = x + 1;
        let start = ((z + 1) * self.size[1] + y + 1) * self.words;
        self.bits[start + bit / 64] |= 1 << (bit % 64);
    }
}

/// Compares some layers' samples with the level; false if one is not finite.
fn read_slab(bits: &mut [u64], values: &[f32], words: usize, [width, height]: [usize; 2], level: f32) -> bool {
    let mut finite = true;
    for (layer, values) in bits.chunks_mut(words * (height + 2)).zip(values.chunks(width * height)) {
        for (row, values) in layer[words..].chunks_mut(words).zip(values.chunks(width)) {
            // Bit 0 is the node before the grid, so every word takes the last bit of the chunk before it.
            let mut carry = 0;
            for (word, values) in row.iter_mut().zip(values.chunks(64).chain(std::iter::repeat(&[][..]))) {
                finite &= are_finite(values);
                let inside = above(values, level);
                *word = inside << 1 | carry;
                carry = inside >> 63;
            }
        }
    }
    finite
}

fn are_finite(values: &[f32]) -> bool {
    // No early return: the loop compiles to wide compares.
    let mut all = true;
    for value in values {
        all &= value.abs() < f32::INFINITY;
    }
    all
}

/// Gives one bit for each of up to 64 samples above the level.
fn above(values: &[f32], level: f32) -> u64 {
    /// Moves the lowest bits of eight bytes next to each other, into the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut bytes = [0_u8; 64];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(*value > level);
    }
    let mut bits = 0;
    for (place, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (place * 8);
    }
    bits
}

/// Moves a row down by one bit: bit x of the result is bit x + 1 of the row.
pub(super) fn next(row: &[u64], word: usize) -> u64 {
    row[word] >> 1 | row.get(word + 1).map_or(0, |following| following << 63)
}

/// Counts the bits of a word.
pub(super) fn count(bits: u64) -> u32 {
    // Most words have none, and counting is a dozen steps on a plain x86-64.
    if bits == 0 { 0 } else { bits.count_ones() }
}

/// Gives the places of a word's bits, lowest first.
pub(super) fn each(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(place)
    })
}

/// Gives the number of the first bit of a word.
pub(super) fn first_bit(word: usize) -> u32 {
    index(word * 64)
}

#[cfg(test)]
mod tests {
    use super::{above, are_finite, each, next};

    #[test]
    fn each_sample_above_the_level_is_one_bit() {
        let values: Vec<f32> = (0_u8..64).map(|i| f32::from(i % 5)).collect();
        let bits: Vec<u32> = each(above(&values, 2.0)).collect();
        let expected: Vec<u32> = (0..64).filter(|i| i % 5 > 2).collect();
        assert_eq!(bits, expected);
        assert_eq!(above(&[3.0, 1.0], 2.0), 1);
    }

    #[test]
    fn rows_move_over_the_border_of_words() {
        assert_eq!(next(&[1 << 63, 1], 0), 1 << 63 | 1 << 62);
        assert_eq!(next(&[0, 1], 1), 0);
    }

    #[test]
    fn infinite_samples_and_those_that_are_no_numbers_are_found() {
        assert!(are_finite(&[0.0, f32::MAX, f32::MIN]));
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(!are_finite(&[0.0, bad, 1.0]));
        }
    }
}
