//! The soft shadow that a model leaves on the ground.

use inference_mesh::Surface;
use inference_mesh::number::{floor, real};

use crate::camera::Extent;

/// Cells of the shadow on a side, over this many longest sides.
const CELLS: usize = 128;
const EXTENT: f32 = 1.9;

/// What lies below each height (in longest sides) darkens the ground, the higher the softer (in cells) and the less.
const LAYERS: [(f32, usize, f32); 3] = [(0.03, 1, 0.38), (0.12, 4, 0.38), (0.45, 10, 0.28)];

/// Holds how dark the ground is under and around a model.
pub(crate) struct Shadow {
    cells: Vec<f32>,
    extent: Extent,
}

impl Shadow {
    /// Lays down the shadow of a surface that stands on its lowest point.
    pub(crate) fn under(surface: &Surface, extent: Extent) -> Self {
        let heights = heights(surface, extent);
        let mut light = vec![1.0_f32; CELLS * CELLS];
        for (height, softness, strength) in LAYERS {
            let mut layer: Vec<f32> = heights.iter().map(|own| (1.0 - own / height).clamp(0.0, 1.0).sqrt()).collect();
            for _ in 0..3 {
                blur(&mut layer, softness);
            }
            for (light, dark) in light.iter_mut().zip(layer) {
                *light *= 1.0 - strength * dark;
            }
        }
        Self { cells: light.into_iter().map(|light| 1.0 - light).collect(), extent }
    }

    /// Says how high the ground is.
    pub(crate) fn level(&self) -> f32 {
        self.extent.low[1]
    }

    /// Says how dark the ground is at a place, 0 to 1.
    pub(crate) fn at(&self, [x, z]: [f32; 2]) -> f32 {
        let [x, z] = cell_of(self.extent, [x, z]).map(|part| part - 0.5);
        let most = real(CELLS - 1);
        if !(0.0..most).contains(&x) || !(0.0..most).contains(&z) {
            return 0.0;
        }
        let (column, row) = (floor(x), floor(z));
        let (right, down) = (x - real(column), z - real(row));
        let cell = row * CELLS + column;
        let near = self.cells[cell] * (1.0 - right) + self.cells[cell + 1] * right;
        let far = self.cells[cell + CELLS] * (1.0 - right) + self.cells[cell + CELLS + 1] * right;
        near * (1.0 - down) + far * down
    }
}

/// Gives a place on the ground in cells.
fn cell_of(extent: Extent, [x, z]: [f32; 2]) -> [f32; 2] {
    let cell = |place: f32, middle: f32| ((place - middle) / extent.longest / EXTENT + 0.5) * real(CELLS);
    [cell(x, extent.middle[0]), cell(z, extent.middle[2])]
}

/// Looks from above: gives the height of the lowest part over each cell, in longest sides.
///
/// Triangles are filled and their sides are followed, so that neither large triangles nor thin parts are missed.
fn heights(surface: &Surface, extent: Extent) -> Vec<f32> {
    let mut heights = vec![f32::INFINITY; CELLS * CELLS];
    let highest = LAYERS.iter().fold(0.0, |most: f32, layer| most.max(layer.0));
    let most = real(CELLS);
    let mut lower = |[x, z]: [f32; 2], height: f32| {
        if (0.0..most).contains(&x) && (0.0..most).contains(&z) {
            let own = &mut heights[floor(z) * CELLS + floor(x)];
            *own = own.min(height);
        }
    };
    for triangle in &surface.triangles {
        let Some(corners) = surface.corners(*triangle) else { continue };
        let places = corners.map(|[x, _, z]| cell_of(extent, [x, z]));
        let tops = corners.map(|corner| (corner[1] - extent.low[1]) / extent.longest);
        let finite = places.iter().flatten().chain(&tops).all(|part| part.is_finite());
        if !finite || tops.iter().all(|top| *top > highest) {
            continue;
        }
        for side in 0..3 {
            let (from, to) = (side, (side + 1) % 3);
            let way = [0, 1].map(|axis| places[to][axis] - places[from][axis]);
            let steps = floor(way[0].abs().max(way[1].abs()).min(most)) + 1;
            for step in 0..steps {
                let share = real(step) / real(steps);
                let place = [0, 1].map(|axis| places[from][axis] + way[axis] * share);
                lower(place, tops[from] + (tops[to] - tops[from]) * share);
            }
        }
        fill(places, tops, &mut lower);
    }
    heights
}

/// Visits the cells whose centres lie in a triangle.
fn fill(places: [[f32; 2]; 3], tops: [f32; 3], lower: &mut impl FnMut([f32; 2], f32)) {
    let [a, b, c] = places;
    let edge = |a: [f32; 2], b: [f32; 2], c: [f32; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    let area = edge(a, b, c);
    if area == 0.0 {
        return;
    }
    let range = |axis: usize| {
        let (low, high) = (a[axis].min(b[axis]).min(c[axis]), a[axis].max(b[axis]).max(c[axis]));
        floor(low)..floor(high + 1.0).min(CELLS)
    };
    for row in range(1) {
        for column in range(0) {
            let place = [real(column) + 0.5, real(row) + 0.5];
            let parts = [edge(b, c, place) / area, edge(c, a, place) / area, edge(a, b, place) / area];
            if parts.iter().all(|part| *part >= 0.0) {
                lower(place, (0..3).map(|corner| parts[corner] * tops[corner]).sum());
            }
        }
    }
}

/// Gives each cell the mean of those up to `reach` cells away, along rows and then along columns.
fn blur(cells: &mut [f32], reach: usize) {
    let whole = real(reach * 2 + 1);
    let mut line = [0.0; CELLS];
    for (step, next) in [(1, CELLS), (CELLS, 1)] {
        for number in 0..CELLS {
            for (place, own) in line.iter_mut().enumerate() {
                *own = cells[number * next + place * step];
            }
            let mut sum: f32 = line[..reach].iter().sum();
            for place in 0..CELLS {
                sum += line.get(place + reach).copied().unwrap_or_default();
                cells[number * next + place * step] = sum / whole;
                sum -= if place >= reach { line[place - reach] } else { 0.0 };
            }
        }
    }
}
