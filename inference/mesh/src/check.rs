//! What is true of a surface: whether it is closed, in how many pieces, and how large.

use serde::Serialize;

use crate::number::{at, index};
use crate::surface::cross;
use crate::{Model, Surface};

/// A triangle of less than this area (of a model whose longest side is 1) is degenerate: it has no usable normal.
const SMALLEST_AREA: f32 = 1e-12;

/// Says what is true of a model's surface.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Triangles.
    pub faces: usize,
    /// Welded vertices; the GLB has more, one for each side of a texture seam.
    pub vertices: usize,
    /// Closed, manifold and without a degenerate triangle: all counts below but `components` are 0.
    pub watertight: bool,
    /// Pieces that do not share a vertex.
    pub components: usize,
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
    let mut edges = Vec::with_capacity(surface.triangles.len() * 3);
    let mut degenerate = 0;
    let mut out_of_range = 0;
    let mut volume = 0.0;
    for (number, triangle) in surface.triangles.iter().enumerate() {
        let Some(corners) = surface.corners(*triangle) else {
            out_of_range += 1;
            continue;
        };
        let normal = cross(corners);
        let area = (normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]).sqrt() / 2.0;
        if area.is_nan() || area <= SMALLEST_AREA {
            degenerate += 1;
        }
        volume += signed_volume(corners);
        for side in 0..3 {
            let (from, to) = (triangle[side], triangle[(side + 1) % 3]);
            // The two corners of this triangle that lie on the edge, the one at the smaller vertex first.
            let ends = (index(number * 3 + side), index(number * 3 + (side + 1) % 3));
            let forward = from < to;
            edges.push(Edge {
                vertices: if forward { (from, to) } else { (to, from) },
                forward,
                corners: if forward { ends } else { (ends.1, ends.0) },
            });
        }
    }
    edges.sort_unstable();

    let mut fans = Sets::new(surface.triangles.len() * 3);
    let mut open_edges = 0;
    for shared in edges.chunk_by(|a, b| a.vertices == b.vertices) {
        if let [a, b] = shared
            && a.forward != b.forward
        {
            fans.join(a.corners.0, b.corners.0);
            fans.join(a.corners.1, b.corners.1);
        } else {
            open_edges += 1;
        }
    }
    let (pinched_vertices, components) = pieces(surface, &mut fans);
    Check {
        faces: surface.triangles.len(),
        vertices: surface.positions.len(),
        watertight: !surface.triangles.is_empty() && open_edges + pinched_vertices + degenerate + out_of_range == 0,
        components,
        degenerate,
        out_of_range,
        open_edges,
        pinched_vertices,
        volume,
    }
}

/// Is one side of a triangle, ordered so that the sides on one edge come together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    vertices: (u32, u32),
    forward: bool,
    corners: (u32, u32),
}

/// Counts the vertices that have not exactly one fan of triangles, and the pieces of the surface.
fn pieces(surface: &Surface, fans: &mut Sets) -> (usize, usize) {
    let mut fan_of = vec![None; surface.positions.len()];
    let mut pinched = vec![false; surface.positions.len()];
    let mut parts = Sets::new(surface.positions.len());
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
    let mut unused = 0;
    let mut components = 0;
    for (vertex, fan) in fan_of.iter().enumerate() {
        if fan.is_none() {
            unused += 1;
        } else if parts.root(index(vertex)) == index(vertex) {
            components += 1;
        }
    }
    (pinched.into_iter().filter(|is| *is).count() + unused, components)
}

fn signed_volume(corners: [[f32; 3]; 3]) -> f64 {
    let [a, b, c] = corners.map(|corner| corner.map(f64::from));
    (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6.0
}

/// Is a union-find over numbered things.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..index(count)).collect())
    }

    fn root(&mut self, mut item: u32) -> u32 {
        while self.0[at(item)] != item {
            // Halves the path on the way.
            self.0[at(item)] = self.0[at(self.0[at(item)])];
            item = self.0[at(item)];
        }
        item
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The smaller number stays the root: the answer does not depend on the order of joins.
        self.0[at(a.max(b))] = a.min(b);
    }
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
