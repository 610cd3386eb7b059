//! The colour of any place: the photo for the front, and the outline's colours carried inwards for the back.

use image::RgbaImage;
use inference_mesh::number::{floor, real};
use inference_mesh::{Colours, ColoursError, Spot};

use crate::fill::{Weighted, fill};
use crate::inflate::around;
use crate::layered::View;
use crate::number::smooth;
use crate::resample::{resample, trust};
use crate::silhouette::{CELLS, Silhouette};

/// Pixels of the photo kept for each cell: enough for the sides and for what is not seen well; where it is seen well,
/// the photo itself is laid over the model.
const DETAIL: f32 = 4.0;

/// How far inwards the photo is read where the surface turns away, in cells: the outermost pixels hold some of the
/// background, and they would be stretched over the whole side.
const PULL: f32 = 2.0;

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

/// Is both sides of the object as pictures.
pub(crate) struct Sides {
    silhouette: Silhouette,
    front: Picture,
    /// One pixel a node; the fourth channel says how much of the photo is seen there.
    back: Picture,
    /// How an eye sees the grid; without one, places are the grid's, and what is below z = 0 is the back.
    view: Option<View>,
}

impl Sides {
    /// Paints both sides of an object whose squared height at each node is `height`.
    pub(crate) fn paint(framed: &RgbaImage, silhouette: Silhouette, height: &[f32]) -> Self {
        let front = Picture::photo(framed, &silhouette, DETAIL);
        let mut back = back_colours(&silhouette, &front, DETAIL);
        for (colour, height) in back.colours.iter_mut().zip(height) {
            colour[3] = 1.0 - smooth(WRAPPED[0], WRAPPED[1], height.max(0.0).sqrt() / real(CELLS));
        }
        Self { silhouette, front, back, view: None }
    }

    /// Paints both sides of an object between two layers of depth; `back` is the far one's colour at each node.
    pub(crate) fn layered(
        framed: &RgbaImage,
        silhouette: Silhouette,
        grids: &[Vec<f32>; 2],
        back: Vec<[f32; 3]>,
        view: View,
    ) -> Self {
        let front = Picture::photo(framed, &silhouette, DETAIL);
        let thickness = grids[0].iter().zip(&grids[1]).map(|(first, last)| last - first);
        let colours = back.into_iter().zip(thickness).map(|([red, green, blue], thickness)| {
            [red, green, blue, 1.0 - smooth(WRAPPED[0], WRAPPED[1], thickness / 2.0 / real(CELLS))]
        });
        let back = Picture { width: silhouette.width, height: silhouette.height, colours: colours.collect() };
        Self { silhouette, front, back, view: Some(view) }
    }

    fn colour(&self, spot: &Spot) -> [f32; 3] {
        let [x, y, z] = spot.position;
        // The photo's rows run down, the model's y runs up.
        let flat = || ([x, real(self.silhouette.height - 1) - y], z < 0.0);
        let (cell, is_back) = self.view.as_ref().map_or_else(flat, |view| view.find(spot.position));
        let place = self.pulled(cell, spot.normal);
        let seen = self.front.smooth_at(place[0] * DETAIL - 0.5, place[1] * DETAIL - 0.5);
        let mut mixed = [seen[0], seen[1], seen[2]];
        if is_back {
            let carried = self.back.smooth_at(place[0], place[1]);
            mixed = [0, 1, 2].map(|channel| carried[channel] + (seen[channel] - carried[channel]) * carried[3]);
        }
        mixed.map(|part| (part / 255.0).clamp(0.0, 1.0))
    }

    /// Moves a place of the grid inwards where the surface turns away from the camera.
    fn pulled(&self, place: [f32; 2], normal: [f32; 3]) -> [f32; 2] {
        let sideways = normal[0].hypot(normal[1]);
        let amount = PULL * smooth(0.5, 1.0, sideways);
        if amount.is_nan() || amount <= 0.0 {
            return place;
        }
        // The photo's y runs down, the model's up.
        let inward = [-normal[0] / sideways, normal[1] / sideways];
        // A part narrower than the pull is not crossed: there the coverage falls again.
        let covered: f32 = [1.0_f32, 2.0, 3.0]
            .iter()
            .map(|third| {
                let step = amount * third / 3.0;
                self.silhouette.cover_at(place[0] + inward[0] * step, place[1] + inward[1] * step)
            })
            .sum();
        let amount = amount * covered / 3.0;
        [place[0] + inward[0] * amount, place[1] + inward[1] * amount]
    }
}

impl Colours for Sides {
    fn paint(&self, spots: &[Spot], colours: &mut [[f32; 3]]) -> Result<(), ColoursError> {
        for (spot, colour) in spots.iter().zip(colours) {
            *colour = self.colour(spot);
        }
        Ok(())
    }
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
        let mut colours = resample(framed, silhouette.origin_px, step, [width, height], trust);
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
