//! Several textures, tinted or repeating ones, laid side by side in one.

use std::collections::HashMap;

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::MOST_TEXTURE_SIDE;
use super::parts::{Look, Part, Wrap};
use crate::colour::{linear_table, stored_byte};
use crate::number::{at, floor, index, real};
use crate::{Charts, Paint};

/// How far a tile's edge goes on around it, in pixels, so that neighbours do not bleed into each other.
const BORDER: u32 = 2;

/// Is one texture, as often as it repeats, with its tint.
pub(super) struct Tile {
    picture: RgbImage,
    /// How often it repeats along u and v.
    repeats: [f32; 2],
    wraps: [Wrap; 2],
}

/// Gives the largest side that one of some tiles may have, in pixels.
pub(super) fn most_side(tiles: usize) -> u32 {
    if tiles < 2 { MOST_TEXTURE_SIDE } else { (MOST_TEXTURE_SIDE / columns(tiles)).saturating_sub(2 * BORDER).max(1) }
}

impl Tile {
    /// Makes the tile of a look and its parts; says whether the picture stayed as it was.
    pub(super) fn of(picture: RgbImage, look: &Look, parts: &[&Part], most: u32) -> (Self, bool) {
        let (mut picture, mut untouched) = (picture, true);
        if picture.width().max(picture.height()) > most {
            let (width, height) = (picture.width().min(most), picture.height().min(most));
            picture = imageops::resize(&picture, width, height, FilterType::Triangle);
            untouched = false;
        }
        if look.factor.iter().any(|part| *part < 1.0) {
            tint(&mut picture, look.factor);
            untouched = false;
        }
        let wraps = look.image.map_or([Wrap::Clamp; 2], |(_, wraps)| wraps);
        let mut times = [1, 1];
        for axis in 0..2 {
            let side = [picture.width(), picture.height()][axis];
            let furthest = parts.iter().flat_map(|part| places(part, axis, wraps[axis])).flatten().fold(1.0, f32::max);
            times[axis] = index(floor(furthest.ceil())).clamp(1, (most / side).max(1));
        }
        if times != [1, 1] {
            picture = repeated(&picture, times, wraps);
            untouched = false;
        }
        (Self { picture, repeats: times.map(|times| real(at(times))), wraps }, untouched)
    }
}

/// Gives the places of each triangle of a part along an axis, brought near 0.
fn places(part: &Part, axis: usize, wrap: Wrap) -> impl Iterator<Item = [f32; 3]> {
    let points = part.points.as_deref().unwrap_or_default();
    let of = move |corner: u32| points.get(at(corner)).map_or(0.5, |point| point[axis]);
    part.triangles.iter().map(move |triangle| near(triangle.map(of), wrap))
}

/// Brings a triangle's places along an axis near 0, by whole repeats: what it shows stays the same.
fn near(places: [f32; 3], wrap: Wrap) -> [f32; 3] {
    if places.iter().all(|place| (0.0..=1.0).contains(place)) {
        return places;
    }
    let least = places.iter().copied().fold(f32::INFINITY, f32::min);
    match wrap {
        Wrap::Clamp => places.map(|place| place.clamp(0.0, 1.0)),
        Wrap::Repeat => places.map(|place| (place - least.floor()).max(0.0)),
        Wrap::Mirror => places.map(|place| (place - 2.0 * (least / 2.0).floor()).max(0.0)),
    }
}

fn tint(picture: &mut RgbImage, factor: [f32; 3]) {
    let linear = linear_table();
    let tables = factor.map(|factor| linear.map(|light| stored_byte(light * factor)));
    for pixel in picture.pixels_mut() {
        for (table, part) in tables.iter().zip(&mut pixel.0) {
            *part = table[usize::from(*part)];
        }
    }
}

fn repeated(picture: &RgbImage, times: [u32; 2], wraps: [Wrap; 2]) -> RgbImage {
    let (width, height) = picture.dimensions();
    let source = |place: u32, side: u32, wrap: Wrap| {
        let within = place % side;
        if wrap == Wrap::Mirror && (place / side) % 2 == 1 { side - 1 - within } else { within }
    };
    RgbImage::from_fn(width * times[0], height * times[1], |x, y| {
        *picture.get_pixel(source(x, width, wraps[0]), source(y, height, wraps[1]))
    })
}

fn columns(tiles: usize) -> u32 {
    (1..=4096).find(|side| at(side * side) >= tiles).unwrap_or(1)
}

/// Lays tiles side by side and charts the parts over them; one tile stays as it is.
pub(super) fn lay_out(tiles: Vec<Tile>, parts: &[Part], tile_of: &[usize]) -> Paint {
    let one = tiles.len() == 1;
    let across = columns(tiles.len());
    let border = if one { 0 } else { BORDER };
    let cell = [RgbImage::width as fn(&RgbImage) -> u32, RgbImage::height]
        .map(|side| tiles.iter().map(|tile| side(&tile.picture)).max().unwrap_or(1) + 2 * border);
    let down = index(tiles.len()).div_ceil(across);
    let size = [cell[0] * across, cell[1] * down];
    let corner = |tile: usize| [index(tile) % across * cell[0] + border, index(tile) / across * cell[1] + border];

    let mut charter = Charter::default();
    for (part, tile) in parts.iter().zip(tile_of) {
        let from = corner(*tile).map(|pixel| real(at(pixel)));
        let tile = &tiles[*tile];
        let sides = [tile.picture.width(), tile.picture.height()].map(|side| real(at(side)));
        let axes = [0, 1].map(|axis| places(part, axis, tile.wraps[axis]));
        let [us, vs] = axes;
        for (us, vs) in us.zip(vs) {
            charter.chart([0, 1, 2].map(|side| {
                [0, 1].map(|axis| {
                    let place = ([us, vs][axis][side] / tile.repeats[axis]).min(1.0);
                    // The same bits where nothing was moved.
                    if one {
                        place
                    } else {
                        ((from[axis] + place * sides[axis]) / real(at(size[axis]))).clamp(0.0, 1.0)
                    }
                })
            }));
        }
    }
    let charts = charter.charts;
    let mut tiles = tiles;
    if one {
        return match tiles.pop() {
            Some(tile) => Paint::Texture { charts, image: tile.picture },
            None => Paint::default(),
        };
    }
    let mut image = RgbImage::from_pixel(size[0], size[1], Rgb([255; 3]));
    for (number, tile) in tiles.iter().enumerate() {
        stamp(&mut image, &tile.picture, corner(number), border);
    }
    Paint::Texture { charts, image }
}

/// Copies a tile to its place, its edges going on around it.
fn stamp(image: &mut RgbImage, tile: &RgbImage, [left, top]: [u32; 2], border: u32) {
    let (width, height) = tile.dimensions();
    for y in 0..height + 2 * border {
        for x in 0..width + 2 * border {
            let from = (x.saturating_sub(border).min(width - 1), y.saturating_sub(border).min(height - 1));
            image.put_pixel(left + x - border, top + y - border, *tile.get_pixel(from.0, from.1));
        }
    }
}

/// Collects points, each once.
#[derive(Default)]
struct Charter {
    charts: Charts,
    numbers: HashMap<[u32; 2], u32>,
}

impl Charter {
    fn chart(&mut self, corners: [[f32; 2]; 3]) {
        let triangle = corners.map(|point| {
            *self.numbers.entry(point.map(f32::to_bits)).or_insert_with(|| {
                self.charts.points.push(point);
                index(self.charts.points.len() - 1)
            })
        });
        self.charts.triangles.push(triangle);
    }
}
