//! What is true of a surface: whether it is closed, in how many pieces, and how large.

use serde::Serialize;

use crate::number::{at, index};
use crate::sets::{Sets, signed_volume};
use crate::surface::cross;
use crate::{Model, Surface};

/// A triangle of less than this area, as a share of the longest side squared, is degenerate: it has no usable normal.
const SMALLEST_AREA: f32 = 1e-12;

/// Says what is true of a model's surface.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Triangles.
    pub faces: usize,
    /// Welded vertices; the GLB has more, one for each side of a texture seam.
    pub vertices: usize,
    /// Closed, manifold and without a degenerate triangle: all counts below but `components` and `cavities` are 0.
    pub watertight: bool,
    /// Pieces that do not share a vertex.
    pub components: usize,
    /// Pieces that enclose a negative volume: the walls of hollows.
    pub cavities: usize,
    /// Triangles without an area.
    pub degenerate: usize,
    /// Triangles with an index that has no vertex.
    pub out_of_range: usize,
    /// Edges that do not have exactly two triangles, in opposite directions.
    pub open_edges: usize,
    /// Vertices whose triangles are not one fan, and vertices of no triangle.
    pub pinched_vertices: usize,
    /// What the surface encloses; above 0 if it faces outwards.
    pub volume: f64,
}

/// Checks a model's surface; never fails, whatever its indices.
pub fn check(model: &Model) -> Check {
    check_surface(&model.surface)
}

pub(crate) fn check_surface(surface: &Surface) -> Check {
    let flatness = Flatness::of(surface);
    let mut degenerate = 0;
    let mut out_of_range = 0;
    for triangle in &surface.triangles {
        match surface.corners(*triangle) {
            Some(corners) => degenerate += usize::from(flatness.is_flat(corners)),
            None => out_of_range += 1,
        }
    }
    let mut fans = Sets::new(surface.triangles.len() * 3);
    let open_edges = join_fans(surface, &mut fans);
    let (pinched_vertices, volumes) = pieces(surface, &mut fans);
    Check {
        faces: surface.triangles.len(),
        vertices: surface.positions.len(),
        watertight: !surface.triangles.is_empty() && open_edges + pinched_vertices + degenerate + out_of_range == 0,
        components: volumes.len(),
        cavities: volumes.iter().filter(|volume| **volume < 0.0).count(),
        degenerate,
        out_of_range,
        open_edges,
        pinched_vertices,
        volume: volumes.iter().sum(),
    }
}

/// Says which triangles of a surface are too small to have a normal.
pub(crate) struct Flatness {
    smallest_area: f32,
}

impl Flatness {
    /// Measures a surface.
    pub(crate) fn of(surface: &Surface) -> Self {
        let (low, high) = surface.bounds();
        let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
        Self { smallest_area: SMALLEST_AREA * if longest.is_finite() { longest * longest } else { 1.0 } }
    }

    /// Says whether a triangle is too small, or not at a finite place.
    pub(crate) fn is_flat(&self, corners: [[f32; 3]; 3]) -> bool {
        let normal = cross(corners);
        let area = (normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]).sqrt() / 2.0;
        area.is_nan() || area <= self.smallest_area
    }

    /// Counts the triangles that are too small; those with an index out of range are not counted.
    pub(crate) fn count(&self, surface: &Surface) -> usize {
        let corners = surface.triangles.iter().filter_map(|triangle| surface.corners(*triangle));
        corners.filter(|corners| self.is_flat(*corners)).count()
    }
}

/// Is one side of a triangle, kept with the smaller of its vertices and ordered so that sides on one edge come together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    /// The larger vertex.
    to: u32,
    /// The triangle goes from the smaller to the larger vertex here.
    forward: bool,
    /// The two corners of the triangle that lie on the edge, the one at the smaller vertex first.
    corners: (u32, u32),
}

/// Joins the corners of triangles that share an edge, and counts the edges that are not shared by two.
fn join_fans(surface: &Surface, fans: &mut Sets) -> usize {
    let known = |triangle: &[u32; 3]| surface.corners(*triangle).is_some();
    let ends = |triangle: &[u32; 3], side: usize| (triangle[side], triangle[(side + 1) % 3]);
    // Sides are counted into runs, one for each vertex, which are short: sorting all of them at once takes thrice as long.
    let mut starts = vec![0_u32; surface.positions.len() + 1];
    for triangle in surface.triangles.iter().filter(|triangle| known(triangle)) {
        for side in 0..3 {
            let (from, to) = ends(triangle, side);
            starts[at(from.min(to)) + 1] += 1;
        }
    }
    for vertex in 1..starts.len() {
        starts[vertex] += starts[vertex - 1];
    }
    let mut sides = vec![Side::default(); starts.last().map_or(0, |count| at(*count))];
    let mut next = starts.clone();
    for (number, triangle) in surface.triangles.iter().enumerate().filter(|(_, triangle)| known(triangle)) {
        for side in 0..3 {
            let (from, to) = ends(triangle, side);
            let corners = (index(number * 3 + side), index(number * 3 + (side + 1) % 3));
            let forward = from < to;
            let place = &mut next[at(from.min(to))];
            sides[at(*place)] =
                Side { to: from.max(to), forward, corners: if forward { corners } else { (corners.1, corners.0) } };
            *place += 1;
        }
    }
    let mut open_edges = 0;
    for run in starts.windows(2) {
        let run = &mut sides[at(run[0])..at(run[1])];
        run.sort_unstable();
        for shared in run.chunk_by(|a, b| a.to == b.to) {
            if let [a, b] = shared
                && a.forward != b.forward
            {
                fans.join(a.corners.0, b.corners.0);
                fans.join(a.corners.1, b.corners.1);
            } else {
                open_edges += 1;
            }
        }
    }
    open_edges
}

/// Counts the vertices that have not exactly one fan of triangles, and gives the volume of each piece of the surface.
fn pieces(surface: &Surface, fans: &mut Sets) -> (usize, Vec<f64>) {
    let mut fan_of = vec![None; surface.positions.len()];
    let mut pinched = vec![false; surface.positions.len()];
    let mut parts = Sets::new(surface.positions.len());
    let mut volumes = vec![0.0; surface.positions.len()];
    for (number, triangle) in surface.triangles.iter().enumerate() {
        if surface.corners(*triangle).is_none() {
            continue;
        }
        for (side, vertex) in triangle.iter().enumerate() {
            let fan = fans.root(index(number * 3 + side));
            match fan_of[at(*vertex)] {
                None => fan_of[at(*vertex)] = Some(fan),
                Some(known) if known != fan => pinched[at(*vertex)] = true,
                Some(_) => {}
            }
            parts.join(triangle[0], *vertex);
        }
    }
    for triangle in &surface.triangles {
        if let Some(corners) = surface.corners(*triangle) {
            volumes[at(parts.root(triangle[0]))] += signed_volume(corners);
        }
    }
    let unused = fan_of.iter().filter(|fan| fan.is_none()).count();
    let is_piece = |vertex: &usize| fan_of[*vertex].is_some() && parts.root(index(*vertex)) == index(*vertex);
    let volumes = (0..fan_of.len()).filter(is_piece).map(|vertex| volumes[vertex]).collect();
    (pinched.into_iter().filter(|is| *is).count() + unused, volumes)
}

#[cfg(test)]
mod tests {
    use super::check_surface;
    use crate::Surface;

    fn tetrahedron() -> Surface {
        Surface {
            positions: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
        }
    }

    #[test]
    fn a_tetrahedron_is_watertight() {
        let check = check_surface(&tetrahedron());
        assert!(check.watertight && (check.volume - 1.0 / 6.0).abs() < 1e-9, "{check:?}");
        assert_eq!((check.components, check.faces, check.vertices), (1, 4, 4));
    }

    #[test]
    fn a_missing_triangle_leaves_three_open_edges() {
        let mut surface = tetrahedron();
        surface.triangles.pop();
        let check = check_surface(&surface);
        assert!(!check.watertight);
        assert_eq!(check.open_edges, 3);
    }

    #[test]
    fn a_turned_triangle_is_not_watertight() {
        let mut surface = tetrahedron();
        surface.triangles[0].swap(1, 2);
        assert_eq!(check_surface(&surface).open_edges, 3);
    }

    #[test]
    fn two_bodies_that_share_a_vertex_are_pinched_and_one_piece() {
        let mut surface = tetrahedron();
        surface.positions.extend([[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]]);
        surface.triangles.extend([[0, 4, 5], [0, 6, 4], [0, 5, 6], [4, 6, 5]]);
        let check = check_surface(&surface);
        assert_eq!((check.pinched_vertices, check.components, check.open_edges), (1, 1, 0));
        assert!(!check.watertight);
    }

    #[test]
    fn bad_indices_flat_triangles_and_lone_vertices_are_counted() {
        let mut surface = tetrahedron();
        surface.positions.push([5.0; 3]);
        surface.triangles.extend([[0, 1, 9], [1, 1, 2]]);
        let check = check_surface(&surface);
        assert_eq!((check.out_of_range, check.degenerate), (1, 1));
        assert!(check.pinched_vertices > 0 && !check.watertight);
    }

    #[test]
    fn nothing_is_not_watertight() {
        assert!(!check_surface(&Surface::default()).watertight);
    }
}
