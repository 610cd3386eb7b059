//! Triangles to samples, and samples to pixels.

use image::{RgbImage, Rgba, RgbaImage};
use inference_mesh::colour::{linear_table, stored_byte};
use inference_mesh::{Model, Paint};

use crate::camera::Camera;
use crate::light::{Shadow, shade};
use inference_mesh::number::{at, byte, floor, real};

/// Samples of a pixel on each side: 2 × 2 smooth the outline.
const SAMPLES: usize = 2;

/// The share of the picture at its edges over which the shadow fades out.
const SHADOW_MARGIN: f32 = 0.08;

/// Is what one sample of the picture sees: linear light and nearness, which is 0 where it sees nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sample {
    light: [f32; 3],
    nearness: f32,
}

/// Is a corner of a triangle in the picture.
#[derive(Clone, Copy)]
struct Corner {
    place: [f32; 2],
    nearness: f32,
    normal: [f32; 3],
    /// The point of the texture, or the vertex's own light.
    paint: [f32; 3],
}

/// Draws every triangle that faces the eye, nearest wins.
pub(crate) fn draw(model: &Model, camera: &Camera, size: u32) -> Vec<Sample> {
    let row_samples = at(size) * SAMPLES;
    let mut samples = vec![Sample::default(); row_samples * row_samples];
    let painter = Painter { paint: &model.paint, linear: linear_table() };
    let seen: Vec<_> = model.surface.positions.iter().map(|place| camera.see(*place, real(row_samples))).collect();
    let normals = model.surface.normals();
    for (number, triangle) in model.surface.triangles.iter().enumerate() {
        let corner = |side: usize| {
            let (place, nearness) = *seen.get(at(triangle[side]))?;
            let normal = normals[at(triangle[side])];
            Some(Corner { place, nearness, normal, paint: painter.corner(number, triangle[side], side)? })
        };
        if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
            draw_triangle([a, b, c], &painter, row_samples, &mut samples);
        }
    }
    samples
}

fn draw_triangle(corners: [Corner; 3], painter: &Painter<'_>, side: usize, samples: &mut [Sample]) {
    let [a, b, c] = corners.map(|corner| corner.place);
    let area = edge(a, b, c);
    // Anticlockwise in the world is clockwise in a picture whose y runs down: what faces the eye is below 0.
    if area.is_nan() || area >= -1e-9 {
        return;
    }
    let range = |axis: usize| {
        let (low, high) = (a[axis].min(b[axis]).min(c[axis]), a[axis].max(b[axis]).max(c[axis]));
        // Sample centres lie at halves.
        floor((low - 0.5).ceil().max(0.0))..floor((high - 0.5).floor() + 1.0).min(side)
    };
    for y in range(1) {
        for x in range(0) {
            let place = [real(x) + 0.5, real(y) + 0.5];
            let shares = [edge(b, c, place) / area, edge(c, a, place) / area, edge(a, b, place) / area];
            if shares.iter().any(|share| *share < 0.0) {
                continue;
            }
            let weights = [0, 1, 2].map(|number| shares[number] * corners[number].nearness);
            let nearness = weights.iter().sum::<f32>();
            let sample = &mut samples[y * side + x];
            if nearness <= sample.nearness {
                continue;
            }
            let (mut normal, mut paint) = ([0.0; 3], [0.0; 3]);
            for (corner, weight) in corners.iter().zip(weights) {
                let weight = weight / nearness;
                normal = [0, 1, 2].map(|axis| normal[axis] + corner.normal[axis] * weight);
                paint = [0, 1, 2].map(|axis| paint[axis] + corner.paint[axis] * weight);
            }
            let brightness = shade(normal);
            *sample = Sample { light: painter.light_at(paint).map(|part| part * brightness), nearness };
        }
    }
}

/// Gives twice the signed area of a triangle.
fn edge(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Is the model's colour, read in linear light.
struct Painter<'a> {
    paint: &'a Paint,
    linear: [f32; 256],
}

impl Painter<'_> {
    /// Gives what is carried over the triangle from a corner; nothing if the paint has none for it.
    fn corner(&self, triangle: usize, vertex: u32, side: usize) -> Option<[f32; 3]> {
        match self.paint {
            Paint::Texture { charts, image } => {
                let [x, y] = *charts.points.get(at(charts.triangles.get(triangle)?[side]))?;
                (image.width() > 0 && image.height() > 0).then_some([x, y, 0.0])
            }
            Paint::Vertices(colours) => colours.get(at(vertex)).map(|c| c.map(|part| self.linear[usize::from(part)])),
        }
    }

    /// Gives the light at what was carried there.
    fn light_at(&self, carried: [f32; 3]) -> [f32; 3] {
        match self.paint {
            Paint::Texture { image, .. } => self.between(image, carried),
            Paint::Vertices(_) => carried,
        }
    }

    /// Gives the light between the four pixels around a point.
    fn between(&self, image: &RgbImage, point: [f32; 3]) -> [f32; 3] {
        let (width, height) = (at(image.width()), at(image.height()));
        let x = (point[0] * real(width) - 0.5).clamp(0.0, real(width - 1));
        let y = (point[1] * real(height) - 0.5).clamp(0.0, real(height - 1));
        let (left, top) = (floor(x), floor(y));
        let (right, down) = (x - real(left), y - real(top));
        let pixels = image.as_raw();
        let one = |column: usize, row: usize, channel: usize| {
            let pixel = row.min(height - 1) * width + column.min(width - 1);
            self.linear[usize::from(pixels[pixel * 3 + channel])]
        };
        [0, 1, 2].map(|channel| {
            let above = one(left, top, channel) * (1.0 - right) + one(left + 1, top, channel) * right;
            let below = one(left, top + 1, channel) * (1.0 - right) + one(left + 1, top + 1, channel) * right;
            above * (1.0 - down) + below * down
        })
    }
}

/// Makes pixels of the samples, over the shadow.
pub(crate) fn resolve(samples: &[Sample], camera: &Camera, shadow: &Shadow, size: u32) -> RgbaImage {
    let row_samples = at(size) * SAMPLES;
    let full = real(SAMPLES * SAMPLES);
    let mut picture = RgbaImage::new(size, size);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (column, row) = (at(x) * SAMPLES, at(y) * SAMPLES);
        let (mut light, mut covered) = ([0.0_f32; 3], 0.0);
        for down in 0..SAMPLES {
            for right in 0..SAMPLES {
                let sample = samples[(row + down) * row_samples + column + right];
                if sample.nearness > 0.0 {
                    light = [0, 1, 2].map(|channel| light[channel] + sample.light[channel].min(1.0));
                    covered += 1.0;
                }
            }
        }
        let mut alpha = covered / full;
        if covered < full {
            let place = [(real(at(x)) + 0.5) / real(at(size)), (real(at(y)) + 0.5) / real(at(size))];
            let dark = camera.ground(place).map_or(0.0, |ground| shadow.at(ground));
            // The shadow ends before the picture does.
            let to_edge = place.iter().map(|part| part.min(1.0 - part)).fold(0.5, f32::min);
            alpha += (1.0 - alpha) * dark * (to_edge / SHADOW_MARGIN).min(1.0);
        }
        if alpha > 0.0 {
            let [red, green, blue] = light.map(|sum| stored_byte(sum / full / alpha));
            *pixel = Rgba([red, green, blue, byte(255.0 * alpha)]);
        }
    }
    picture
}
