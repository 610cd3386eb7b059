//! What the network sees of a cut-out, and what it says of it: two layers of depth, and the colour of the far one.

mod network;
mod weights;

use std::array::from_fn;
use std::sync::OnceLock;

use image::RgbaImage;
use inference_kernels::{DeviceError, Picture};
use inference_mesh::number::{floor, real};
use thiserror::Error;

use crate::fill::{Weighted, fill};
use crate::resample::resample;
use crate::silhouette::{CELLS, Silhouette};
use network::{INPUTS, Network, OUTPUTS};

/// The side of the picture that the network sees, in pixels; it was trained at this one.
pub(crate) const SIDE: usize = 96;

/// The share of it that the object's longer side fills, as in training.
const FILLED: f32 = 112.0 / 128.0;

/// The tangent of half the angle that the framed square takes up at the eye: the middle of those trained with. A photo
/// does not say it.
pub(crate) const TANGENT: f32 = 0.24;

/// A pixel that is covered less than this is outside.
const INSIDE: f32 = 0.5;

/// What keeps the network from running.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum DepthError {
    /// The weights in the program are not what they should be.
    #[error("the depth network's weights cannot be used: {0}")]
    Weights(String),
    /// An operation failed: no memory is left.
    #[error("the depth network failed")]
    Device(#[from] DeviceError),
}

/// Holds two layers over a square picture, row by row from the top.
///
/// Depths count away from the eye from the object's middle plane, in halves of the square's side there.
#[derive(Debug, Clone, PartialEq)]
pub struct Layers {
    /// Pixels a side.
    pub side: usize,
    /// The tangent of half the angle that the square takes up at the eye.
    pub tangent: f32,
    /// Depth of the first surface.
    pub first: Vec<f32>,
    /// Depth of the last one.
    pub last: Vec<f32>,
    /// The last surface's colour, stored (sRGB), 0 to 1.
    pub back: Vec<[f32; 3]>,
    /// Where the object is, and the other numbers mean something.
    pub seen: Vec<bool>,
}

/// Is where the network's square lies on the grid of the outline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Square {
    /// Its middle, in cells from the grid's first node.
    pub(crate) middle: [f32; 2],
    /// Half of its side in cells.
    pub(crate) half: f32,
}

impl Square {
    /// Puts the object in the middle, as it was in training.
    pub(crate) fn around(silhouette: &Silhouette) -> Self {
        let middle = [silhouette.width, silhouette.height].map(|nodes| real(nodes - 1) / 2.0);
        Self { middle, half: real(CELLS) / FILLED / 2.0 }
    }

    /// Gives the pixel of a picture of `side` pixels over the square, of which whole numbers are the centres.
    fn pixel(&self, cell: [f32; 2], side: usize) -> [f32; 2] {
        [0, 1].map(|axis| f32::midpoint((cell[axis] - self.middle[axis]) / self.half, 1.0) * real(side) - 0.5)
    }
}

/// Lets the network look at the object.
pub(crate) fn look(framed: &RgbaImage, silhouette: &Silhouette) -> Result<Layers, DepthError> {
    static NETWORK: OnceLock<Result<Network, DepthError>> = OnceLock::new();
    let network = NETWORK.get_or_init(|| Network::read(weights::FILE)).as_ref().map_err(Clone::clone)?;
    let (inputs, seen) = inputs(&picture(framed, silhouette));
    // Left and right are alike to the world but not to the network: the mean of both is nearer to the truth than either.
    let sides = [layers(&network.run(&inputs)?), layers(&network.run(&inputs.mirrored())?.mirrored())];
    let mean: Vec<[f32; 5]> =
        sides[0].iter().zip(&sides[1]).map(|(a, b)| from_fn(|part| f32::midpoint(a[part], b[part]))).collect();
    Ok(Layers {
        side: SIDE,
        tangent: TANGENT,
        first: mean.iter().map(|pixel| pixel[0]).collect(),
        last: mean.iter().map(|pixel| pixel[1]).collect(),
        back: mean.iter().map(|pixel| [pixel[2], pixel[3], pixel[4]]).collect(),
        seen,
    })
}

/// Reads the network's answer: for each pixel the first depth, the last one, and the last surface's colour.
fn layers(answer: &Picture) -> Vec<[f32; 5]> {
    let pixels = answer.values.chunks_exact(OUTPUTS);
    pixels
        .map(|pixel| {
            let half = softplus(pixel[1]) / 2.0;
            [pixel[0] - half, pixel[0] + half, sigmoid(pixel[2]), sigmoid(pixel[3]), sigmoid(pixel[4])]
        })
        .collect()
}

/// Names the weights' file in reports.
pub(crate) fn weights() -> &'static [u8] {
    weights::FILE
}

/// Scales the photo to the network's square: colour, and how much of each pixel is covered.
fn picture(framed: &RgbaImage, silhouette: &Silhouette) -> Vec<Weighted> {
    let square = Square::around(silhouette);
    let step = square.half * 2.0 / real(SIDE) * silhouette.cell_px;
    let corner = [0, 1].map(|axis| {
        // The first node lies on the middle of its cell, the square's corner half its side before its middle.
        silhouette.origin_px[axis] + (square.middle[axis] - square.half) * silhouette.cell_px
    });
    resample(framed, corner, step, [SIDE, SIDE], |alpha| alpha)
}

/// Makes what the network takes, and says which pixels the object covers.
fn inputs(picture: &[Weighted]) -> (Picture, Vec<bool>) {
    let seen: Vec<bool> = picture.iter().map(|pixel| pixel[3] > INSIDE).collect();
    let mut values = Vec::with_capacity(picture.len() * INPUTS);
    for (pixel, apart) in picture.iter().zip(distances(&seen, SIDE)) {
        // The encoder's own scale; nothing is middle grey.
        values.extend([0, 1, 2].map(|channel| (pixel[channel] - 127.0) / 128.0 * pixel[3]));
        values.extend([pixel[3], apart]);
    }
    (Picture { width: SIDE, height: SIDE, channels: INPUTS, values }, seen)
}

/// Gives each pixel's distance to the nearest one outside, in halves of the side; all around the picture is outside.
fn distances(seen: &[bool], side: usize) -> Vec<f32> {
    // First along the columns, then over each row: the nearest is one of the columns' nearest.
    let mut upright = vec![0.0_f32; seen.len()];
    for x in 0..side {
        let mut above = 0.0;
        for y in 0..side {
            above = if seen[y * side + x] { above + 1.0 } else { 0.0 };
            upright[y * side + x] = above;
        }
        let mut below = 0.0;
        for y in (0..side).rev() {
            below = if seen[y * side + x] { below + 1.0 } else { 0.0 };
            upright[y * side + x] = upright[y * side + x].min(below);
        }
    }
    let mut apart = Vec::with_capacity(seen.len());
    for row in upright.chunks_exact(side) {
        for x in 0..side {
            let edge = real(x + 1).min(real(side - x)).powi(2);
            let nearest =
                row.iter().enumerate().map(|(other, height)| real(x.abs_diff(other)).powi(2) + height * height);
            apart.push(nearest.fold(edge, f32::min).sqrt() * 2.0 / real(side));
        }
    }
    apart
}

fn softplus(value: f32) -> f32 {
    // Beyond 20 the rest is less than the last digit.
    if value > 20.0 { value } else { value.exp().ln_1p() }
}

fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

impl Layers {
    /// Gives each node of the grid its two depths, in cells away from the eye.
    pub(crate) fn on_grid(&self, silhouette: &Silhouette) -> [Vec<f32>; 2] {
        let square = Square::around(silhouette);
        let count = self.side * self.side;
        // What is outside takes what is beside it, so that nothing is mixed with numbers that mean nothing.
        let mut pixels: Vec<Weighted> = (0..count)
            .map(|number| [self.first[number], self.last[number], 0.0, if self.seen[number] { 1.0 } else { 0.0 }])
            .collect();
        fill(self.side, self.side, &mut pixels);
        let mut grids = [Vec::new(), Vec::new()];
        for node in 0..silhouette.cover.len() {
            let cell = [real(node % silhouette.width), real(node / silhouette.width)];
            let depths = between(&pixels, self.side, square.pixel(cell, self.side));
            for layer in 0..2 {
                grids[layer].push(depths[layer] * square.half);
            }
        }
        grids
    }

    /// Gives each node of the grid the last surface's colour, 0 to 255.
    pub(crate) fn back_on_grid(&self, silhouette: &Silhouette) -> Vec<[f32; 3]> {
        let square = Square::around(silhouette);
        let mut pixels: Vec<Weighted> = self
            .back
            .iter()
            .zip(&self.seen)
            .map(|(colour, seen)| {
                let [red, green, blue] = colour.map(|part| part * 255.0);
                [red, green, blue, if *seen { 1.0 } else { 0.0 }]
            })
            .collect();
        fill(self.side, self.side, &mut pixels);
        let nodes = 0..silhouette.cover.len();
        nodes
            .map(|node| {
                let cell = [real(node % silhouette.width), real(node / silhouette.width)];
                let [red, green, blue, _] = between(&pixels, self.side, square.pixel(cell, self.side));
                [red, green, blue]
            })
            .collect()
    }
}

/// Gives what lies between four pixels, whose centres are at whole places.
fn between(pixels: &[Weighted], side: usize, place: [f32; 2]) -> Weighted {
    let [x, y] = place.map(|part| part.clamp(0.0, real(side - 1)));
    let (left, top) = (floor(x), floor(y));
    let (right, down) = (x - real(left), y - real(top));
    let one = |column: usize, row: usize| pixels[row.min(side - 1) * side + column.min(side - 1)];
    let corners = [one(left, top), one(left + 1, top), one(left, top + 1), one(left + 1, top + 1)];
    let shares = [(1.0 - right) * (1.0 - down), right * (1.0 - down), (1.0 - right) * down, right * down];
    let mut mixed = [0.0; 4];
    for (corner, share) in corners.into_iter().zip(shares) {
        mixed = [0, 1, 2, 3].map(|channel| mixed[channel] + corner[channel] * share);
    }
    mixed
}

#[cfg(test)]
mod tests;
