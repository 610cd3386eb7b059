//! The encoder's input: patches of pixels, and where they lie.

use inference_mesh::number::{floor, real};

use crate::graph::PATCH;

/// ImageNet's mean and deviation of red, green and blue.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// Added to the wanted side before it is divided by the learned one, as transformers 4.35.0 does against rounding. The
/// weights' authors ran with it, so it is part of the model: other versions leave it out and get other tokens.
const ADDED: f32 = 0.1;

/// Gives the patches `[1 + patches, 3 · 16 · 16]` of an image `[3, size, size]` of 0 to 1, with the colours normalised.
/// The first row, the class token's, is zero.
pub(crate) fn patches(image: &[f32], size: usize) -> Vec<f32> {
    let across = size / PATCH;
    let width = 3 * PATCH * PATCH;
    let mut patches = vec![0.0; (1 + across * across) * width];
    for (number, patch) in patches[width..].chunks_exact_mut(width).enumerate() {
        let (top, left) = (number / across * PATCH, number % across * PATCH);
        for (line, row) in patch.chunks_exact_mut(PATCH).enumerate() {
            let (colour, y) = (line / PATCH, top + line % PATCH);
            let place = (colour * size + y) * size + left;
            for (number, pixel) in row.iter_mut().zip(&image[place..place + PATCH]) {
                *number = (pixel - MEAN[colour]) / DEVIATION[colour];
            }
        }
    }
    patches
}

/// Gives the positions `[1 + side², width]` of learned ones `[1 + learned², width]`, the class token's kept.
pub(crate) fn interpolate(learned: &[f32], width: usize, side: usize) -> Vec<f32> {
    let (class, grid) = learned.split_at(width);
    let from = (grid.len() / width).isqrt();
    let weights: Vec<_> = (0..side).map(|at| cubic(at, real(from) / (real(side) + ADDED), from)).collect();
    let mut positions = class.to_vec();
    positions.resize(width * (1 + side * side), 0.0);
    for (number, row) in positions[width..].chunks_exact_mut(width).enumerate() {
        for (y, down) in &weights[number / side] {
            for (x, across) in &weights[number % side] {
                let place = (y * from + x) * width;
                for (number, learned) in row.iter_mut().zip(&grid[place..place + width]) {
                    *number += down * across * learned;
                }
            }
        }
    }
    positions
}

/// The four places that a bicubic sample is made of (a = −0.75, as PyTorch's), and their weights.
fn cubic(at: usize, step: f32, from: usize) -> [(usize, f32); 4] {
    const A: f32 = -0.75;
    let near = |x: f32| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = |x: f32| ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A;
    // A texel is an area; one more, so that what lies before the first is not below zero.
    let place = step * (real(at) + 0.5) - 0.5 + 1.0;
    let (whole, share) = (floor(place), place - real(floor(place)));
    let weights = [far(1.0 + share), near(share), near(1.0 - share), far(2.0 - share)];
    std::array::from_fn(|number| ((whole + number).saturating_sub(2).min(from - 1), weights[number]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_a_bicubic_sample_sum_to_one_and_stay_within_the_border() {
        for at in 0..32 {
            let places = cubic(at, 14.0 / 32.1, 14);
            let sum: f32 = places.iter().map(|(_, weight)| weight).sum();
            assert!((sum - 1.0).abs() < 1e-6, "{places:?}");
            assert!(places.iter().all(|(place, _)| *place < 14), "{places:?}");
        }
    }

    #[test]
    fn a_patch_holds_its_own_pixels_colour_by_colour() {
        let size = 2 * PATCH;
        let image: Vec<f32> = (0..3 * size * size).map(real).collect();
        let patches = patches(&image, size);
        let width = 3 * PATCH * PATCH;
        assert!(patches[..width].iter().all(|number| *number == 0.0));
        // The lower left patch, green, its second line, its third pixel.
        let found = patches[3 * width + PATCH * PATCH + PATCH + 2] * DEVIATION[1] + MEAN[1];
        assert!((found - real(size * size + (PATCH + 1) * size + 2)).abs() < 0.01, "{found}");
    }
}
