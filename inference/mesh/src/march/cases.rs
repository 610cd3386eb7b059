//! The triangles of each of the 256 ways in which a cube's corners can be inside or outside, worked out, not copied.
//!
//! Corner `c` of a cube lies at (c & 1, c >> 1 & 1, c >> 2 & 1). On each face the surface leaves a line for every run
//! of inside corners, parting runs that meet only across a diagonal. The rule sees nothing but the face, so the two
//! cubes that share it draw the same lines and the surface closes; the lines of a cube link up into loops.

use std::array::from_fn;

/// Is an edge of the cube: four for each axis, numbered axis × 4 + place.
type Edge = usize;

/// Gives the corner at which an edge starts, and the axis it runs along.
pub(crate) fn edge_ends(edge: Edge) -> (usize, usize) {
    let (axis, place) = (edge / 4, edge % 4);
    let (first, second) = match axis {
        0 => (1, 2),
        1 => (0, 2),
        _ => (0, 1),
    };
    ((place & 1) << first | (place >> 1) << second, axis)
}

/// Holds the triangles of every case, as edges of the cube.
pub(crate) struct Cases(Vec<Vec<[Edge; 3]>>);

impl Cases {
    /// Works out all of them; some tens of microseconds.
    pub(crate) fn new() -> Self {
        let faces = faces();
        Self((0..256).map(|case| triangles(case, &faces)).collect())
    }

    /// Gives the triangles of the cube whose inside corners are the bits of `case`.
    pub(crate) fn of(&self, case: usize) -> &[[Edge; 3]] {
        self.0.get(case).map_or(&[], Vec::as_slice)
    }
}

/// Is a side of the cube: its corners anticlockwise seen from outside, and the edge that follows each corner.
struct Face {
    corners: [usize; 4],
    edges: [Edge; 4],
}

fn faces() -> [Face; 6] {
    from_fn(|face| {
        let (axis, far) = (face / 2, face % 2);
        let (u, v) = (1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3));
        let base = far << axis;
        let mut corners = [base, base | u, base | u | v, base | v];
        if far == 0 {
            corners.reverse();
        }
        Face { corners, edges: from_fn(|i| edge_between(corners[i], corners[(i + 1) % 4])) }
    })
}

fn edge_between(a: usize, b: usize) -> Edge {
    (0..12)
        .find(|edge| {
            let (start, axis) = edge_ends(*edge);
            start == (a & b) && start | 1 << axis == (a | b)
        })
        .unwrap_or(0)
}

fn triangles(case: usize, faces: &[Face; 6]) -> Vec<[Edge; 3]> {
    let is_in = |corner: usize| case >> corner & 1 == 1;
    let mut next: [Option<Edge>; 12] = [None; 12];
    for face in faces {
        for leaving in 0..4 {
            if !is_in(face.corners[leaving]) || is_in(face.corners[(leaving + 1) % 4]) {
                continue;
            }
            // Back to the start of this run of inside corners.
            let mut entering = leaving;
            while is_in(face.corners[entering]) {
                entering = (entering + 3) % 4;
            }
            next[face.edges[leaving]] = Some(face.edges[entering]);
        }
    }

    let mut found = Vec::new();
    for start in 0..12 {
        let mut ring = Vec::new();
        let mut edge = start;
        while let Some(following) = next[edge].take() {
            ring.push(edge);
            edge = following;
        }
        if ring.len() >= 3 {
            fill(&ring, faces, &mut found);
        }
    }
    found
}

/// Fills a ring with triangles; true if it could without a line inside a face of the cube.
///
/// Such a line could also be drawn by the neighbouring cube, and four triangles would meet at it. Every ring of the
/// 256 cases has a filling without one.
fn fill(ring: &[Edge], faces: &[Face; 6], found: &mut Vec<[Edge; 3]>) -> bool {
    if ring.len() < 3 {
        return true;
    }
    let last = ring.len() - 1;
    let shares_face = |a: Edge, b: Edge| faces.iter().any(|face| face.edges.contains(&a) && face.edges.contains(&b));
    for middle in 1..last {
        let first_line_is_flat = middle > 1 && shares_face(ring[0], ring[middle]);
        let second_line_is_flat = middle + 1 < last && shares_face(ring[middle], ring[last]);
        if first_line_is_flat || second_line_is_flat {
            continue;
        }
        let before = found.len();
        found.push([ring[0], ring[last], ring[middle]]);
        if fill(&ring[..=middle], faces, found) && fill(&ring[middle..], faces, found) {
            return true;
        }
        found.truncate(before);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{faces, fill, triangles};

    #[test]
    fn opposite_cases_cut_the_same_edges() {
        let faces = faces();
        for case in 0..256 {
            let edges = |case| {
                let mut edges: Vec<_> = triangles(case, &faces).into_iter().flatten().collect();
                edges.sort_unstable();
                edges.dedup();
                edges
            };
            assert_eq!(edges(case), edges(255 - case), "case {case}");
        }
    }

    #[test]
    fn the_empty_and_the_full_cube_have_no_surface() {
        let faces = faces();
        assert!(triangles(0, &faces).is_empty() && triangles(255, &faces).is_empty());
        assert!(fill(&[], &faces, &mut Vec::new()));
    }
}
