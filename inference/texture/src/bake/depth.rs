//! What the camera sees first: the depth of the surface behind each place of the photo.

use inference_mesh::number::{at, floor, real};
use inference_mesh::{Camera, Seen, Surface};

use super::bands::in_bands;
use crate::vector::{length, turn};

/// The least and the most cells on a side.
const CELLS: (usize, usize) = (1024, 4096);

/// Cells around a place that are asked, on each side of it: over so many the border of a shadow is soft.
const REACH: usize = 2;

/// How far a surface may lie behind the depth of a cell, in sizes of a cell; and more the steeper it is.
const SLACK: f32 = 1.5;

/// The most that steepness adds, as the tangent.
const STEEPEST: f32 = 6.0;

/// Is the nearest depth in each cell of the photo's square; infinite where there is nothing.
pub(super) struct Depth {
    side: usize,
    cells: Vec<f32>,
    /// The size of a cell, at depth 1 in perspective.
    cell: f32,
    perspective: bool,
}

impl Depth {
    /// Draws a surface as a camera sees it, at least as fine as a photo of `photo_side` pixels.
    pub(super) fn draw(surface: &Surface, camera: &Camera, photo_side: usize) -> Self {
        let side = photo_side.clamp(CELLS.0, CELLS.1);
        let place = |seen: Seen| (seen.at.map(|part| part * real(side)), seen.depth);
        let seen: Vec<_> = surface.positions.iter().map(|position| camera.see(*position).map(place)).collect();
        let triangle = |corners: &[u32; 3]| {
            let [a, b, c] = corners.map(|corner| seen[at(corner)]);
            Some([a?, b?, c?])
        };
        let triangles: Vec<_> = surface.triangles.iter().filter_map(triangle).collect();
        let rows = |corners: &[([f32; 2], f32); 3]| {
            let [a, b, c] = corners.map(|(place, _)| place[1]);
            (a.min(b).min(c), a.max(b).max(c))
        };
        let mut cells = vec![f32::INFINITY; side * side];
        in_bands(&mut cells, side, &triangles.iter().map(rows).collect::<Vec<_>>(), |top, band, numbers| {
            for number in numbers {
                draw_triangle(triangles[at(*number)], camera.perspective, side, top, band);
            }
        });
        let extent = f32::midpoint(1.0 / length(camera.right), 1.0 / length(camera.down)) / real(side);
        Self { side, cells, cell: extent, perspective: camera.perspective }
    }

    /// Says how surely a place is seen, 0 to 1; `cosine` is that of its normal to the eye.
    ///
    /// Soft towards what hides it, and 0 already where half the cells around are hidden, so that the border of the
    /// nearer thing, mixed in the photo, does not fall on the farther one.
    pub(super) fn sees(&self, seen: Seen, cosine: f32) -> f32 {
        let cell = if self.perspective { self.cell * seen.depth } else { self.cell };
        let tangent = ((1.0 - cosine * cosine).max(0.0).sqrt() / cosine.max(1e-3)).min(STEEPEST);
        let slack = cell * (SLACK + tangent * (real(REACH) + 1.0));
        let place = seen.at.map(|part| part * real(self.side));
        if !place.iter().all(|part| (0.0..real(self.side)).contains(part)) {
            return 0.0;
        }
        let (column, row) = (floor(place[0]), floor(place[1]));
        let (mut open, mut all) = (0.0, 0.0);
        for y in row.saturating_sub(REACH)..=(row + REACH).min(self.side - 1) {
            for x in column.saturating_sub(REACH)..=(column + REACH).min(self.side - 1) {
                let (right, down) = (real(x) + 0.5 - place[0], real(y) + 0.5 - place[1]);
                let share = (1.0 - (right * right + down * down) / 9.0).max(0.0);
                all += share;
                if self.cells[y * self.side + x] >= seen.depth - slack {
                    open += share;
                }
            }
        }
        (2.0 * open / all - 1.0).max(0.0)
    }
}

/// Draws a triangle into the rows from `top` on.
fn draw_triangle(corners: [([f32; 2], f32); 3], perspective: bool, side: usize, top: usize, band: &mut [f32]) {
    let [a, b, c] = corners.map(|(place, _)| place);
    let area = turn(a, b, c);
    if area.is_nan() || area.abs() < 1e-12 {
        return;
    }
    // In perspective it is one over the depth that runs evenly over the picture.
    let carried = corners.map(|(_, depth)| if perspective { 1.0 / depth } else { depth });
    let range = |axis: usize| {
        let (low, high) = (a[axis].min(b[axis]).min(c[axis]), a[axis].max(b[axis]).max(c[axis]));
        (floor((low - 0.5).ceil().max(0.0)), floor((high - 0.5).floor() + 1.0).min(side))
    };
    let (rows, columns) = (range(1), range(0));
    for row in rows.0.max(top)..rows.1.min(top + band.len() / side) {
        for column in columns.0..columns.1 {
            let place = [real(column) + 0.5, real(row) + 0.5];
            let shares = [turn(b, c, place) / area, turn(c, a, place) / area, turn(a, b, place) / area];
            if shares.iter().any(|share| *share < 0.0) {
                continue;
            }
            let sum = shares[0] * carried[0] + shares[1] * carried[1] + shares[2] * carried[2];
            let depth = if perspective { 1.0 / sum } else { sum };
            let cell = &mut band[(row - top) * side + column];
            *cell = cell.min(depth);
        }
    }
}
