//! Depth and normals as maps, for scoring and training.

use image::{ImageBuffer, Luma, Rgb};
use inference_mesh::number::{at, real};
use inference_mesh::{Camera, Model};

use crate::camera::{cross, dot};
use crate::crew::share_out;
use crate::raster::{BAND_ROWS, CENTRE, NOTHING, Seen, Sight};

/// Depths along the direction of view, in the model's units; infinite where nothing is seen.
pub type DepthMap = ImageBuffer<Luma<f32>, Vec<f32>>;

/// Unit normals in the model's space; three zeros where nothing is seen.
pub type NormalMap = ImageBuffer<Rgb<f32>, Vec<f32>>;

pub(crate) fn depth(model: &Model, camera: &Camera, size: u32, seen: Seen, threads: usize) -> DepthMap {
    let mut map = DepthMap::from_pixel(size, size, Luma([f32::INFINITY]));
    each_seen(model, camera, size, &mut map, seen, threads, |sight, _, _, key, cell| cell[0] = sight.depth(key));
    map
}

pub(crate) fn normals(model: &Model, camera: &Camera, size: u32, threads: usize) -> NormalMap {
    let mut map = NormalMap::new(size, size);
    let normals = model.surface.normals();
    each_seen(model, camera, size, &mut map, Seen::Facing, threads, |sight, face, place, _, cell| {
        let Some(outline) = sight.outline(face) else { return };
        let mut normal = [0.0; 3];
        for (vertex, part) in model.surface.triangles[at(face)].iter().zip(outline.parts(place)) {
            normal = [0, 1, 2].map(|axis| normal[axis] + normals[at(*vertex)][axis] * part);
        }
        let length = normal.iter().map(|part| part * part).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        cell.copy_from_slice(&normal.map(|part| part / length));
    });
    map
}

/// Gives the normal of the triangle that is seen first, towards the eye: not smoothed, so that edges stay edges.
pub(crate) fn facets(model: &Model, camera: &Camera, size: u32, threads: usize) -> NormalMap {
    let mut map = NormalMap::new(size, size);
    each_seen(model, camera, size, &mut map, Seen::First, threads, |_, face, _, _, cell| {
        let Some(corners) = model.surface.corners(model.surface.triangles[at(face)]) else { return };
        let edge = |to: usize| [0, 1, 2].map(|axis| corners[to][axis] - corners[0][axis]);
        let normal = cross(edge(1), edge(2));
        let length = dot(normal, normal).sqrt().max(f32::MIN_POSITIVE);
        // A triangle seen from behind shows its other side.
        let sign = if dot(normal, camera.towards(corners[0])) < 0.0 { -1.0 } else { 1.0 };
        cell.copy_from_slice(&normal.map(|part| sign * part / length));
    });
    map
}

/// Visits every pixel whose centre sees something, with the triangle, the place, the key and the pixel's own cell.
fn each_seen(
    model: &Model,
    camera: &Camera,
    size: u32,
    cells: &mut [f32],
    seen: Seen,
    threads: usize,
    visit: impl Fn(&Sight<'_>, u32, [f32; 2], f32, &mut [f32]) + Sync,
) {
    let row = at(size);
    if row == 0 {
        return;
    }
    let channels = cells.len() / (row * row);
    let sight = Sight::new(&model.surface, camera, row, seen);
    share_out(threads, cells.chunks_mut(row * channels * BAND_ROWS).enumerate(), |(band, cells)| {
        let pixels = sight.band(band, &CENTRE);
        for (number, (pixel, cell)) in pixels.iter().zip(cells.chunks_exact_mut(channels)).enumerate() {
            let place = [real(number % row) + 0.5, real(band * BAND_ROWS + number / row) + 0.5];
            if pixel.faces[0] != NOTHING {
                visit(&sight, pixel.faces[0], place, pixel.keys[0], cell);
            }
        }
    });
}
