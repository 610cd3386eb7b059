//! Which things belong together: union-find, and the pieces of a surface.

use crate::Surface;
use crate::number::{at, index};

/// Is a union-find over numbered things.
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    /// Starts with each of `count` things alone.
    pub(crate) fn new(count: usize) -> Self {
        Self((0..index(count)).collect())
    }

    /// Gives the smallest thing of the set that holds this one.
    pub(crate) fn root(&mut self, mut item: u32) -> u32 {
        while self.0[at(item)] != item {
            // Halves the path on the way.
            self.0[at(item)] = self.0[at(self.0[at(item)])];
            item = self.0[at(item)];
        }
        item
    }

    /// Puts two sets together.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The smaller number stays the root: the answer does not depend on the order of joins.
        self.0[at(a.max(b))] = a.min(b);
    }
}

/// Says for each vertex to which piece of the surface it belongs, and how many there are; indices must be in range.
///
/// Pieces are numbered by their smallest vertex; a vertex of no triangle is a piece of its own.
pub(crate) fn pieces(surface: &Surface) -> (Vec<u32>, usize) {
    let mut sets = Sets::new(surface.positions.len());
    for [a, b, c] in &surface.triangles {
        sets.join(*a, *b);
        sets.join(*a, *c);
    }
    let mut numbers = vec![0; surface.positions.len()];
    let mut count = 0;
    for vertex in 0..surface.positions.len() {
        let root = sets.root(index(vertex));
        if at(root) == vertex {
            numbers[vertex] = index(count);
            count += 1;
        } else {
            // The root is smaller, so its number is known.
            numbers[vertex] = numbers[at(root)];
        }
    }
    (numbers, count)
}

/// Gives the volume that each piece encloses, below 0 if it faces inwards.
pub(crate) fn volumes(surface: &Surface, pieces: &[u32], count: usize) -> Vec<f64> {
    let mut volumes = vec![0.0; count];
    for triangle in &surface.triangles {
        if let Some(corners) = surface.corners(*triangle) {
            volumes[at(pieces[at(triangle[0])])] += signed_volume(corners);
        }
    }
    volumes
}

/// Gives the volume between a triangle and the origin, above 0 if the triangle faces away from it.
pub(crate) fn signed_volume(corners: [[f32; 3]; 3]) -> f64 {
    let [a, b, c] = corners.map(|corner| corner.map(f64::from));
    (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6.0
}
