//! The colour of each vertex, for formats without a texture.

use image::RgbImage;

use crate::colour::{linear_table, stored_byte};
use crate::number::{at, floor, real};
use crate::{Model, Paint};

/// What a vertex of no triangle is painted: it is not seen.
const UNSEEN: [u8; 3] = [255; 3];

/// Gives each vertex its colour: its own, or the texture's at its places there, mixed in linear light.
///
/// At a seam a vertex has several places in the texture, one in each chart; they should agree, and are mixed where
/// they do not. Indices out of range are passed over.
pub(super) fn vertex_colours(model: &Model) -> Vec<[u8; 3]> {
    let vertices = model.surface.positions.len();
    match &model.paint {
        Paint::Vertices(colours) => {
            let mut colours = colours.clone();
            colours.resize(vertices, UNSEEN);
            colours
        }
        Paint::Texture { charts, image } => {
            let linear = linear_table();
            let mut sums = vec![([0.0_f32; 3], 0_usize); vertices];
            for (corners, points) in model.surface.triangles.iter().zip(&charts.triangles) {
                for (vertex, point) in corners.iter().zip(points) {
                    let (Some(sum), Some(point)) = (sums.get_mut(at(*vertex)), charts.points.get(at(*point))) else {
                        continue;
                    };
                    let seen = sample(image, *point, &linear);
                    sum.0 = [0, 1, 2].map(|channel| sum.0[channel] + seen[channel]);
                    sum.1 += 1;
                }
            }
            sums.into_iter().map(|(sum, count)| mean(sum, count)).collect()
        }
    }
}

fn mean(sum: [f32; 3], count: usize) -> [u8; 3] {
    if count == 0 { UNSEEN } else { sum.map(|part| stored_byte(part / real(count))) }
}

/// Gives the linear colour of a place in a picture, mixed from its four nearest pixels; the edges go on outside.
pub(super) fn sample(image: &RgbImage, point: [f32; 2], linear: &[f32; 256]) -> [f32; 3] {
    let (width, height) = image.dimensions();
    if width == 0 || height == 0 {
        return [1.0; 3];
    }
    let (left, right, across) = neighbours(point[0], width);
    let (top, bottom, down) = neighbours(point[1], height);
    let pixel = |x, y| image.get_pixel(x, y).0.map(|stored| linear[usize::from(stored)]);
    let [a, b, c, d] = [pixel(left, top), pixel(right, top), pixel(left, bottom), pixel(right, bottom)];
    [0, 1, 2].map(|channel| {
        let upper = a[channel] * (1.0 - across) + b[channel] * across;
        let lower = c[channel] * (1.0 - across) + d[channel] * across;
        upper * (1.0 - down) + lower * down
    })
}

/// Gives the two pixels that a place lies between, and how far it is from the first to the second.
fn neighbours(part: f32, side: u32) -> (u32, u32, f32) {
    // Pixels lie at halves; the clamp also turns NaN into 0.
    let place = (part * real(at(side)) - 0.5).max(0.0).min(real(at(side - 1)));
    let first = floor(place);
    let low = crate::number::index(first).min(side - 1);
    (low, (low + 1).min(side - 1), place - real(first))
}
