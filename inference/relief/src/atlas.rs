//! The texture: the photo as it is for the front, and the outline's colours carried inwards for the back.

use image::{Rgb, RgbImage, RgbaImage};

use crate::body::PULL;
use crate::fill::{Weighted, fill};
use crate::inflate::around;
use crate::number::smooth;
use crate::resample::resample;
use crate::silhouette::{CELLS, Silhouette};
use inference_mesh::number::{at, byte, floor, real};

/// The back chart's least scale, as a share of the front's: it holds little detail, so most of the texture is the photo's.
const LEAST_BACK: f32 = 0.4;

/// Sweeps that carry the outline's colours inwards over the back, and how far each overshoots; a fixed number, as for
/// the height.
const SWEEPS: usize = 120;
const OVERSHOOT: f32 = 1.8;

/// A step in colour (of 255, over the three channels) from one node to the next that is an edge of the photo.
const EDGE: f32 = 14.0;

/// How freely colours pass an edge, so that what is closed in on all sides gets one too.
const LEAST_LINK: f32 = 0.004;

/// The photo goes on around the rim onto the back up to the first of these heights, and has faded out at the second, as
/// shares of the object's longer side: far enough to hide the seam, too near to put a face on the back of a head.
const WRAPPED: [f32; 2] = [0.01, 0.05];

/// Is a part of the texture, by where it puts the grid.
pub(crate) struct Chart {
    /// Its top left corner, in pixels of the texture.
    left: f32,
    top: f32,
    /// Pixels of the texture to a cell of the grid.
    scale: f32,
    /// Pixels of the texture on a side.
    texture: f32,
}

impl Chart {
    /// Gives the point of the texture for a place of the grid, in cells.
    pub(crate) fn point(&self, place: [f32; 2]) -> [f32; 2] {
        [
            ((self.left + place[0] * self.scale) / self.texture).clamp(0.0, 1.0),
            ((self.top + place[1] * self.scale) / self.texture).clamp(0.0, 1.0),
        ]
    }
}

/// Is the painted texture with its two charts.
pub(crate) struct Atlas {
    pub(crate) texture: RgbImage,
    pub(crate) front: Chart,
    pub(crate) back: Chart,
}

/// Paints both charts.
pub(crate) fn paint(framed: &RgbaImage, silhouette: &Silhouette, height: &[f32], texture_size: u32) -> Atlas {
    let (front, back) = lay_out(silhouette, texture_size);
    let photo = Picture::photo(framed, silhouette, front.scale);
    let mut back_colours = back_colours(silhouette, &photo, front.scale);
    // How much of the photo is seen at a node rides in the fourth channel.
    for (colour, height) in back_colours.colours.iter_mut().zip(height) {
        colour[3] = 1.0 - smooth(WRAPPED[0], WRAPPED[1], height.max(0.0).sqrt() / real(CELLS));
    }
    let mut texture = RgbImage::new(texture_size, texture_size);
    for (x, y, pixel) in texture.enumerate_pixels_mut() {
        let (x, y) = (at(x), at(y));
        let colour = if x < photo.width && y < photo.height {
            photo.colours[y * photo.width + x]
        } else {
            let place = [(real(x) + 0.5 - back.left) / back.scale, (real(y) + 0.5 - back.top) / back.scale];
            let carried = back_colours.smooth_at(place[0], place[1]);
            let seen = photo.smooth_at(place[0] * front.scale - 0.5, place[1] * front.scale - 0.5);
            [0, 1, 2, 3].map(|channel| carried[channel] + (seen[channel] - carried[channel]) * carried[3])
        };
        *pixel = Rgb([byte(colour[0]), byte(colour[1]), byte(colour[2])]);
    }
    Atlas { texture, front, back }
}

/// Puts the front into the top left corner as large as it goes, and the back beside or below it in what is left.
fn lay_out(silhouette: &Silhouette, texture_size: u32) -> (Chart, Chart) {
    let texture = real(at(texture_size));
    let (width, height) = (real(silhouette.width - 1), real(silhouette.height - 1));
    let (short, long) = (width.min(height), width.max(height));
    let scale = (texture / long).min(texture / (short * (1.0 + LEAST_BACK)));
    // Whole pixels, so that the two pictures do not share any.
    let taken = (scale * short).ceil();
    let back_scale = ((texture - taken) / short).min(scale);
    let beside = width <= height;
    let front = Chart { left: 0.0, top: 0.0, scale, texture };
    let back = Chart {
        left: if beside { taken } else { 0.0 },
        top: if beside { 0.0 } else { taken },
        scale: back_scale,
        texture,
    };
    (front, back)
}

/// Is a picture of the grid's extent, every pixel with a colour.
struct Picture {
    width: usize,
    height: usize,
    colours: Vec<Weighted>,
}

impl Picture {
    /// Scales the photo to `scale` pixels a cell; what is not surely the object takes the colours beside it.
    fn photo(framed: &RgbaImage, silhouette: &Silhouette, scale: f32) -> Self {
        let width = floor((real(silhouette.width - 1) * scale).ceil());
        let height = floor((real(silhouette.height - 1) * scale).ceil());
        let step = silhouette.cell_px / scale;
        let mut colours = resample(framed, silhouette.origin_px, step, [width, height]);
        fill(width, height, &mut colours);
        Self { width, height, colours }
    }

    /// Gives the mean colour of the square of `side` pixels around a place.
    fn mean_at(&self, x: f32, y: f32, side: f32) -> Weighted {
        let span = |middle: f32, count: usize| {
            let first = floor(middle - side / 2.0).min(count - 1);
            first..=floor(middle + side / 2.0).clamp(first, count - 1)
        };
        let mut sum = [0.0; 4];
        for row in span(y, self.height) {
            for column in span(x, self.width) {
                let colour = self.colours[row * self.width + column];
                sum = [sum[0] + colour[0], sum[1] + colour[1], sum[2] + colour[2], sum[3] + 1.0];
            }
        }
        [sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3], 1.0]
    }

    /// Gives the colour between four pixels, whose centres are at whole places.
    fn smooth_at(&self, x: f32, y: f32) -> Weighted {
        let x = x.clamp(0.0, real(self.width - 1));
        let y = y.clamp(0.0, real(self.height - 1));
        let (left, top) = (floor(x), floor(y));
        let (right, down) = (x - real(left), y - real(top));
        let one = |column: usize, row: usize| {
            self.colours[row.min(self.height - 1) * self.width + column.min(self.width - 1)]
        };
        let corners = [one(left, top), one(left + 1, top), one(left, top + 1), one(left + 1, top + 1)];
        let shares = [(1.0 - right) * (1.0 - down), right * (1.0 - down), (1.0 - right) * down, right * down];
        let mut mixed = [0.0; 4];
        for (corner, share) in corners.into_iter().zip(shares) {
            for channel in 0..4 {
                mixed[channel] += corner[channel] * share;
            }
        }
        mixed
    }
}

/// Paints the back, one pixel a node: the outline's colours, carried inwards along the areas of the photo.
///
/// A coat stays a coat up to its collar, while what does not reach the outline (eyes, a badge) is painted over.
fn back_colours(silhouette: &Silhouette, photo: &Picture, scale: f32) -> Picture {
    let (width, height) = (silhouette.width, silhouette.height);
    let mut colours = vec![[0.0_f32; 4]; width * height];
    let mut seen = colours.clone();
    let mut inside = Vec::new();
    for node in 0..colours.len() {
        if !silhouette.is_inside(node) {
            continue;
        }
        inside.push(node);
        let (x, y) = (real(node % width), real(node / width));
        seen[node] = photo.mean_at(x * scale, y * scale, scale);
        for other in around(silhouette, node) {
            if !silhouette.is_inside(other) {
                let (x, y) = (real(other % width), real(other / width));
                let inward = silhouette.inward(x, y);
                let place = [x + inward[0] * (PULL + 0.5), y + inward[1] * (PULL + 0.5)];
                colours[other] = photo.mean_at(place[0] * scale, place[1] * scale, scale);
                seen[other] = colours[other];
            }
        }
    }
    fill(width, height, &mut colours);

    let links: Vec<[f32; 4]> = inside
        .iter()
        .map(|node| {
            let links = around(silhouette, *node).map(|other| link(seen[*node], seen[other]));
            let sum = links.iter().sum::<f32>();
            links.map(|link| link / sum)
        })
        .collect();
    for sweep in 0..SWEEPS {
        // There and back again, so that no direction is carried farther.
        for number in 0..inside.len() {
            let number = if sweep % 2 == 0 { number } else { inside.len() - 1 - number };
            let node = inside[number];
            let mut mean = [0.0; 3];
            for (other, link) in around(silhouette, node).into_iter().zip(links[number]) {
                mean = [0, 1, 2].map(|channel| mean[channel] + colours[other][channel] * link);
            }
            for channel in 0..3 {
                colours[node][channel] += OVERSHOOT * (mean[channel] - colours[node][channel]);
            }
        }
    }
    Picture { width, height, colours }
}

/// Says how freely a colour passes between two places of the photo: hardly, across an edge.
fn link(here: Weighted, there: Weighted) -> f32 {
    let apart: f32 = (0..3).map(|channel| (here[channel] - there[channel]).powi(2)).sum();
    LEAST_LINK + (-apart / (2.0 * EDGE * EDGE)).exp()
}
