//! Which triangle each texel belongs to, and where on it.

use inference_mesh::number::{at, floor, index, real};
use inference_mesh::{Charts, Spot, Surface};

use super::blend::Eye;
use crate::vector::{mix, turn, unit};

/// Texels whose middle is nearer than this to a triangle, across and down, are read by bilinear sampling inside of it.
const REACH: f32 = 1.0;

/// Says that a texel is no triangle's.
const NOBODY: u32 = u32::MAX;

/// Is what is asked of every texel.
pub(super) struct Layout<'a> {
    pub(super) surface: &'a Surface,
    pub(super) charts: &'a Charts,
    pub(super) normals: &'a [[f32; 3]],
    /// Pixels of the texture on a side.
    pub(super) side: usize,
}

/// Is a texel's owner so far: the nearest triangle, in squared texels; the first of several.
#[derive(Clone, Copy)]
struct Owner {
    distance: f32,
    triangle: u32,
    shares: [f32; 3],
}

/// Is what a band of texels shows: the places in the band, and for each its spot and its size in photo pixels.
#[derive(Default)]
pub(super) struct Band {
    pub(super) places: Vec<usize>,
    pub(super) spots: Vec<Spot>,
    pub(super) footprints: Vec<f32>,
}

impl Layout<'_> {
    /// Gives a triangle's corners in texels.
    pub(super) fn corners(&self, triangle: usize) -> [[f32; 2]; 3] {
        self.charts.triangles[triangle].map(|point| self.charts.points[at(point)].map(|part| part * real(self.side)))
    }

    /// Gives the first and the last row in which a triangle's texels lie.
    pub(super) fn rows(&self, triangle: usize) -> (f32, f32) {
        let [a, b, c] = self.corners(triangle).map(|corner| corner[1]);
        (a.min(b).min(c) - REACH - 0.5, a.max(b).max(c) + REACH + 0.5)
    }

    /// Finds the spots of the texels in the `rows` rows from `top` on, of triangles that are given in order.
    pub(super) fn band(&self, top: usize, rows: usize, triangles: &[u32], eye: Option<&Eye>) -> Band {
        let nobody = Owner { distance: f32::INFINITY, triangle: NOBODY, shares: [0.0; 3] };
        let mut owners = vec![nobody; rows * self.side];
        for triangle in triangles {
            self.claim(*triangle, top, &mut owners);
        }
        let mut band = Band::default();
        let mut last = (NOBODY, 0.0);
        for (place, owner) in owners.iter().enumerate().filter(|(_, owner)| owner.triangle != NOBODY) {
            if last.0 != owner.triangle {
                last = (owner.triangle, eye.map_or(1.0, |eye| self.footprint(at(owner.triangle), eye)));
            }
            let vertices = self.surface.triangles[at(owner.triangle)].map(at);
            let normal = mix(vertices.map(|vertex| self.normals[vertex]), owner.shares);
            band.places.push(place);
            band.footprints.push(last.1);
            band.spots.push(Spot {
                position: mix(vertices.map(|vertex| self.surface.positions[vertex]), owner.shares),
                normal: unit(normal).unwrap_or([0.0, 1.0, 0.0]),
            });
        }
        band
    }

    /// Takes the texels that are nearest to a triangle.
    fn claim(&self, triangle: u32, top: usize, owners: &mut [Owner]) {
        let corners = self.corners(at(triangle));
        let range = |axis: usize, most: usize| {
            let [a, b, c] = corners.map(|corner| corner[axis]);
            let (low, high) = (a.min(b).min(c) - REACH - 0.5, a.max(b).max(c) + REACH - 0.5);
            (floor(low.ceil().max(0.0)), floor(high.floor() + 1.0).min(most))
        };
        let (rows, columns) = (range(1, self.side), range(0, self.side));
        for row in rows.0.max(top)..rows.1.min(top + owners.len() / self.side) {
            for column in columns.0..columns.1 {
                let owner = &mut owners[(row - top) * self.side + column];
                if owner.distance <= 0.0 {
                    continue;
                }
                let place = [real(column) + 0.5, real(row) + 0.5];
                let (shares, nearest) = nearest(corners, place);
                let (across, down) = (nearest[0] - place[0], nearest[1] - place[1]);
                let distance = across * across + down * down;
                if across.abs() < REACH && down.abs() < REACH && distance < owner.distance {
                    *owner = Owner { distance, triangle: index(at(triangle)), shares };
                }
            }
        }
    }

    /// Gives how many pixels of the photo a texel of a triangle covers on a side; 1 for what the photo does not show.
    fn footprint(&self, triangle: usize, eye: &Eye) -> f32 {
        let [a, b, c] = self.corners(triangle);
        let texels = turn(a, b, c).abs();
        let seen = self.surface.triangles[triangle].map(|vertex| eye.camera.see(self.surface.positions[at(vertex)]));
        let [Some(a), Some(b), Some(c)] = seen else { return 1.0 };
        let pixels = turn(a.at, b.at, c.at).abs() * eye.side() * eye.side();
        let footprint = (pixels / texels.max(1e-12)).sqrt();
        if footprint.is_finite() { footprint } else { 1.0 }
    }
}

/// Gives the place of a triangle that is nearest to a place of the plane, as shares of the corners and itself.
fn nearest(corners: [[f32; 2]; 3], place: [f32; 2]) -> ([f32; 3], [f32; 2]) {
    let [a, b, c] = corners;
    let area = turn(a, b, c);
    let shares = [turn(b, c, place) / area, turn(c, a, place) / area, turn(a, b, place) / area];
    if shares.iter().all(|share| *share >= 0.0) {
        return (shares, place);
    }
    let mut best = (f32::INFINITY, [1.0, 0.0, 0.0], a);
    for side in 0..3 {
        let (from, to) = (corners[side], corners[(side + 1) % 3]);
        let along = [to[0] - from[0], to[1] - from[1]];
        let offset = [place[0] - from[0], place[1] - from[1]];
        let long = along[0] * along[0] + along[1] * along[1];
        let share =
            if long > 0.0 { ((along[0] * offset[0] + along[1] * offset[1]) / long).clamp(0.0, 1.0) } else { 0.0 };
        let on = [from[0] + along[0] * share, from[1] + along[1] * share];
        let distance = (on[0] - place[0]).powi(2) + (on[1] - place[1]).powi(2);
        if distance < best.0 {
            let mut shares = [0.0; 3];
            (shares[side], shares[(side + 1) % 3]) = (1.0 - share, share);
            best = (distance, shares, on);
        }
    }
    (best.1, best.2)
}
