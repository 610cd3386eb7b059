//! Left-right symmetry: one half of a body, and its reflection, welded where they meet.

use thiserror::Error;

use crate::Surface;
use crate::check::check_surface;
use crate::number::{at, index};
use crate::sets::signed_volume;

/// How near the plane a vertex may lie, as a share of its shortest edge; nearer ones are moved away to that distance.
const NEAREST: f32 = 0.1;

/// What keeps a surface from being mirrored.
#[derive(Debug, Error, PartialEq)]
pub enum MirrorError {
    /// The surface is not closed, or not a manifold, or has triangles without an area.
    #[error("the surface of {faces} faces is not watertight ({open_edges} open edges)")]
    NotWatertight {
        /// Its triangles.
        faces: usize,
        /// Edges that have not exactly two triangles.
        open_edges: usize,
    },
    /// The plane does not pass through the surface.
    #[error("the plane x = {plane_x} does not cut the surface, which lies from {low} to {high}")]
    Beside {
        /// Where the plane is.
        plane_x: f32,
        /// The surface's smallest x.
        low: f32,
        /// The surface's largest x.
        high: f32,
    },
}

/// Replaces the half of less volume by the reflection of the other at the plane x = `plane_x`; of equal halves the one
/// towards -X stays.
///
/// The halves share the vertices on the plane, whose x is exactly `plane_x`. A vertex nearer to the plane than a tenth
/// of its shortest edge is moved away to that distance first: then the plane cuts edges only, never a vertex, every
/// cut is a simple loop, and the result is a closed manifold. A body that only just reaches over the plane leaves
/// crumbs there: [`crate::clean`] takes them.
pub fn mirror(surface: &Surface, plane_x: f32) -> Result<Surface, MirrorError> {
    let check = check_surface(surface);
    if !check.watertight {
        return Err(MirrorError::NotWatertight { faces: check.faces, open_edges: check.open_edges });
    }
    let (low, high) = surface.bounds();
    let surface = kept_off(surface, plane_x);
    let below = surface.positions.iter().filter(|place| place[0] < plane_x).count();
    if !plane_x.is_finite() || below == 0 || below == surface.positions.len() {
        return Err(MirrorError::Beside { plane_x, low: low[0], high: high[0] });
    }
    let halves = [-1.0, 1.0].map(|side| Half::cut(&surface, plane_x, side));
    let [left, right] = &halves;
    let half = if right.volume(plane_x) > left.volume(plane_x) { right } else { left };
    Ok(half.doubled(plane_x))
}

/// Moves vertices that are too near the plane away from it, each on its side.
fn kept_off(surface: &Surface, plane_x: f32) -> Surface {
    let mut shortest = vec![f32::INFINITY; surface.positions.len()];
    for [a, b, c] in &surface.triangles {
        for (from, to) in [(a, b), (b, c), (c, a)] {
            let (start, end) = (surface.positions[at(*from)], surface.positions[at(*to)]);
            let length = (start[0] - end[0]).hypot(start[1] - end[1]).hypot(start[2] - end[2]);
            shortest[at(*from)] = shortest[at(*from)].min(length);
            shortest[at(*to)] = shortest[at(*to)].min(length);
        }
    }
    let mut moved = surface.clone();
    for (position, shortest) in moved.positions.iter_mut().zip(shortest) {
        let least = shortest * NEAREST;
        if (position[0] - plane_x).abs() < least {
            // Far from the origin the step may be smaller than the next number.
            let (before, behind) = (plane_x.next_down().min(plane_x - least), plane_x.next_up().max(plane_x + least));
            position[0] = if position[0] < plane_x { before } else { behind };
        } else if position[0].total_cmp(&plane_x).is_eq() {
            position[0] = plane_x.next_up();
        }
    }
    moved
}

/// Is the part of a surface on one side of the plane, open at the plane.
struct Half {
    /// Its places: those on the plane come last.
    surface: Surface,
    /// How many places are not on the plane.
    off_plane: usize,
}

impl Half {
    /// Cuts off what is on the other side; `side` is -1 to keep what is below the plane and 1 to keep what is above.
    fn cut(surface: &Surface, plane_x: f32, side: f32) -> Self {
        let keeps: Vec<bool> = surface.positions.iter().map(|place| (place[0] - plane_x) * side > 0.0).collect();
        let mut numbers = vec![0; keeps.len()];
        let mut positions = Vec::new();
        for (vertex, place) in surface.positions.iter().enumerate() {
            if keeps[vertex] {
                numbers[vertex] = index(positions.len());
                positions.push(*place);
            }
        }
        let off_plane = positions.len();

        let crossing = crossing_edges(surface, &keeps);
        positions.extend(
            crossing.iter().map(|[a, b]| between(surface.positions[at(*a)], surface.positions[at(*b)], plane_x)),
        );
        let on_plane = |a: u32, b: u32| {
            let place = crossing.binary_search(&[a.min(b), a.max(b)]).unwrap_or_default();
            index(off_plane + place)
        };

        let mut triangles = Vec::new();
        for triangle in &surface.triangles {
            let kept = triangle.map(|vertex| keeps[at(vertex)]);
            let count = kept.iter().filter(|kept| **kept).count();
            if count == 3 {
                triangles.push(triangle.map(|vertex| numbers[at(vertex)]));
                continue;
            }
            // The corner that is alone on its side comes first.
            let Some(alone) = (0..3).find(|corner| kept[*corner] == (count == 1)).filter(|_| count > 0) else {
                continue;
            };
            let [first, second, third] = [triangle[alone], triangle[(alone + 1) % 3], triangle[(alone + 2) % 3]];
            let (near, far) = (on_plane(first, second), on_plane(first, third));
            if count == 1 {
                triangles.push([numbers[at(first)], near, far]);
                continue;
            }
            let (second, third) = (numbers[at(second)], numbers[at(third)]);
            let apart = |a: u32, b: u32| {
                let (a, b) = (positions[at(a)], positions[at(b)]);
                (a[0] - b[0]).hypot(a[1] - b[1]).hypot(a[2] - b[2])
            };
            if apart(near, third) <= apart(second, far) {
                triangles.extend([[near, second, third], [near, third, far]]);
            } else {
                triangles.extend([[near, second, far], [second, third, far]]);
            }
        }
        Self { surface: Surface { positions, triangles }, off_plane }
    }

    /// Gives the volume between the half and the plane.
    fn volume(&self, plane_x: f32) -> f64 {
        let volume = |triangle: &[u32; 3]| {
            let corners = self.surface.corners(*triangle)?;
            // Seen from a place on the plane, what closes the half there encloses nothing.
            Some(signed_volume(corners.map(|[x, y, z]| [x - plane_x, y, z])))
        };
        self.surface.triangles.iter().filter_map(volume).sum()
    }

    /// Adds the reflection.
    fn doubled(&self, plane_x: f32) -> Surface {
        let mut whole = self.surface.clone();
        let count = self.surface.positions.len();
        whole
            .positions
            .extend(self.surface.positions[..self.off_plane].iter().map(|[x, y, z]| [plane_x - (x - plane_x), *y, *z]));
        let reflected = |vertex: u32| if at(vertex) < self.off_plane { vertex + index(count) } else { vertex };
        whole
            .triangles
            .extend(self.surface.triangles.iter().map(|[a, b, c]| [a, c, b].map(|vertex| reflected(*vertex))));
        whole
    }
}

/// Gives the edges that the plane cuts, the smaller vertex first, in order.
fn crossing_edges(surface: &Surface, keeps: &[bool]) -> Vec<[u32; 2]> {
    let mut edges = Vec::new();
    for [a, b, c] in &surface.triangles {
        // Each edge is met once in each direction.
        let sides = [[*a, *b], [*b, *c], [*c, *a]].into_iter();
        edges.extend(sides.filter(|[from, to]| from < to && keeps[at(*from)] != keeps[at(*to)]));
    }
    edges.sort_unstable();
    edges
}

/// Gives the place where an edge passes through the plane.
fn between(start: [f32; 3], end: [f32; 3], plane_x: f32) -> [f32; 3] {
    let share = ((plane_x - start[0]) / (end[0] - start[0])).clamp(0.0, 1.0);
    let mix = |axis: usize| start[axis] + (end[axis] - start[axis]) * share;
    [plane_x, mix(1), mix(2)]
}
