//! The texture: the photo as it is for the front, and the outline's colours carried inwards for the back.

use image::{Rgb, RgbImage, RgbaImage};

use crate::body::PULL;
use crate::fill::{Weighted, fill};
use crate::inflate::around;
use crate::number::{at, byte, floor, pixels, real, smooth};
use crate::silhouette::Silhouette;

/// The back chart's least scale, as a share of the front's: it holds no detail, so most of the texture is the photo's.
const LEAST_BACK: f32 = 0.25;

/// Pixels less opaque than this are not trusted to be the object's own colour at all, and only opaque ones fully.
const LEAST_ALPHA: f32 = 0.8;

/// Sweeps that carry the outline's colours inwards. They need not come to rest: the start is near the end.
const SWEEPS: usize = 120;

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
pub(crate) fn paint(framed: &RgbaImage, silhouette: &Silhouette, texture_size: u32) -> Atlas {
    let (front, back) = lay_out(silhouette, texture_size);
    let photo = Picture::photo(framed, silhouette, front.scale);
    let back_colours = back_colours(silhouette, &photo, front.scale);
    let mut texture = RgbImage::new(texture_size, texture_size);
    for (x, y, pixel) in texture.enumerate_pixels_mut() {
        let (x, y) = (at(x), at(y));
        let colour = if x < photo.width && y < photo.height {
            photo.colours[y * photo.width + x]
        } else {
            let place = |pixel: usize, first: f32| (real(pixel) + 0.5 - first) / back.scale;
            back_colours.smooth_at(place(x, back.left), place(y, back.top))
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
        let samples = floor(step.round()).clamp(1, 4);
        let mut colours = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0.0; 4];
                for down in 0..samples {
                    for right in 0..samples {
                        let place = |pixel: usize, sample: usize| {
                            (real(pixel) + (real(sample) + 0.5) / real(samples)) * step - 0.5
                        };
                        let colour = trusted(
                            framed,
                            silhouette.origin_px[0] + place(x, right),
                            silhouette.origin_px[1] + place(y, down),
                        );
                        for channel in 0..3 {
                            sum[channel] += colour[channel] * colour[3];
                        }
                        sum[3] += colour[3];
                    }
                }
                let weight = sum[3];
                let mean = if weight > 0.0 { weight } else { 1.0 };
                colours.push([sum[0] / mean, sum[1] / mean, sum[2] / mean, weight / real(samples * samples)]);
            }
        }
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

/// Gives the photo's colour between four pixels, weighted by how surely each is the object's own.
fn trusted(framed: &RgbaImage, x: f32, y: f32) -> Weighted {
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let mut sum = [0.0; 4];
    for (column, across) in [(left, 1.0 - right), (left + 1.0, right)] {
        for (row, along) in [(top, 1.0 - down), (top + 1.0, down)] {
            if column < 0.0 || row < 0.0 {
                continue;
            }
            let Some(pixel) = framed.get_pixel_checked(pixels(floor(column)), pixels(floor(row))) else { continue };
            let [red, green, blue, alpha] = pixel.0.map(f32::from);
            let weight = across * along * smooth(LEAST_ALPHA, 1.0, alpha / 255.0);
            sum = [sum[0] + red * weight, sum[1] + green * weight, sum[2] + blue * weight, sum[3] + weight];
        }
    }
    let weight = if sum[3] > 0.0 { sum[3] } else { 1.0 };
    [sum[0] / weight, sum[1] / weight, sum[2] / weight, sum[3]]
}

/// Paints the back, one pixel a node: at the outline what the front shows there, and inwards ever smoother mixtures.
///
/// So the seam does not show, and no face looks out of the back of a head.
fn back_colours(silhouette: &Silhouette, photo: &Picture, scale: f32) -> Picture {
    let (width, height) = (silhouette.width, silhouette.height);
    let mut colours = vec![[0.0_f32; 4]; width * height];
    let mut inside = Vec::new();
    for node in 0..colours.len() {
        if !silhouette.is_inside(node) {
            continue;
        }
        inside.push(node);
        for other in around(silhouette, node) {
            if !silhouette.is_inside(other) {
                let (x, y) = (real(other % width), real(other / width));
                let inward = silhouette.inward(x, y);
                let depth = PULL + 0.5;
                let place = [x + inward[0] * depth, y + inward[1] * depth];
                colours[other] = photo.mean_at(place[0] * scale, place[1] * scale, scale);
            }
        }
    }
    fill(width, height, &mut colours);
    for _ in 0..SWEEPS {
        for node in &inside {
            let near = around(silhouette, *node).map(|other| colours[other]);
            for channel in 0..3 {
                let mean = near.iter().map(|colour| colour[channel]).sum::<f32>() / 4.0;
                colours[*node][channel] = mean;
            }
        }
    }
    Picture { width, height, colours }
}
