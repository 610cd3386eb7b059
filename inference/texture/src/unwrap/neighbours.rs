//! Which triangle lies across each side of a triangle.

use inference_mesh::number::{at, index};

/// Says that nothing, or more than one triangle, lies across a side.
pub(super) const NONE: u32 = u32::MAX;

/// Gives, for each triangle, the triangle across its first, second and third side.
///
/// Two triangles are neighbours if they alone share an edge and run along it in opposite directions.
pub(super) fn neighbours(triangles: &[[u32; 3]]) -> Vec<[u32; 3]> {
    let mut sides = Vec::with_capacity(triangles.len() * 3);
    for (number, corners) in triangles.iter().enumerate() {
        for side in 0..3 {
            let (from, to) = (corners[side], corners[(side + 1) % 3]);
            sides.push((from.min(to), from.max(to), from < to, index(number), side));
        }
    }
    sides.sort_unstable();
    let mut across = vec![[NONE; 3]; triangles.len()];
    for shared in sides.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        if let [(_, _, false, first, first_side), (_, _, true, second, second_side)] = shared {
            across[at(*first)][*first_side] = *second;
            across[at(*second)][*second_side] = *first;
        }
    }
    across
}
