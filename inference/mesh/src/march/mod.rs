//! Marching cubes: the closed surface between the inside and the outside of a field.

pub(crate) mod cases;

use crate::Surface;
use crate::number::{index, real};
use cases::{Cases, edge_ends};

/// Keeps a crossing this far from both ends of its grid edge, so that no two vertices meet and no triangle is flat.
const SHORTEST: f32 = 0.02;

/// Makes the surface between the inside and the outside of a grid of `size` nodes, in grid units.
///
/// `inside` says whether a node is within the body. `cut` says how far along the edge from a node to its next one on
/// an axis (0, 1 or 2) the surface lies, 0 at the node and 1 at the next; it is asked only where the two differ.
/// Being asked for the place, and not interpolating it, the caller can give the exact one.
///
/// Closed and manifold if no node on the border of the grid is inside. Vertices come layer by layer in z, so the same
/// field gives the same surface, in the same order.
pub fn march(size: [usize; 3], inside: impl Fn([usize; 3]) -> bool, cut: impl Fn([usize; 3], usize) -> f32) -> Surface {
    let [width, height, depth] = size;
    let mut surface = Surface::default();
    if width < 2 || height < 2 || depth < 2 {
        return surface;
    }
    let cases = Cases::new();
    let crossing = |node: [usize; 3], axis: usize| {
        let t = cut(node, axis);
        let mut place = node.map(real);
        // A NaN is taken as the middle.
        place[axis] += if t.is_nan() { 0.5 } else { t.clamp(SHORTEST, 1.0 - SHORTEST) };
        place
    };

    let mut lower = Layer::read(size, 0, &inside, &crossing, &mut surface.positions);
    let mut rising = vec![0_u32; width * height];
    for z in 0..depth - 1 {
        let upper = Layer::read(size, z + 1, &inside, &crossing, &mut surface.positions);
        for (at, vertex) in rising.iter_mut().enumerate() {
            if lower.inside[at] != upper.inside[at] {
                *vertex = index(surface.positions.len());
                surface.positions.push(crossing([at % width, at / width, z], 2));
            }
        }
        for y in 0..height - 1 {
            for x in 0..width - 1 {
                let at = y * width + x;
                let corners = [at, at + 1, at + width, at + width + 1];
                let mut case = 0;
                for (bit, corner) in corners.into_iter().enumerate() {
                    case |= usize::from(lower.inside[corner]) << bit;
                    case |= usize::from(upper.inside[corner]) << (bit + 4);
                }
                for triangle in cases.of(case) {
                    surface.triangles.push(triangle.map(|edge| {
                        let (start, axis) = edge_ends(edge);
                        let corner = corners[start & 3];
                        let layer = if start & 4 == 0 { &lower } else { &upper };
                        match axis {
                            0 => layer.along_x[corner],
                            1 => layer.along_y[corner],
                            _ => rising[corner],
                        }
                    }));
                }
            }
        }
        lower = upper;
    }
    surface
}

/// Is one layer of nodes: which are inside, and the vertices on the edges within the layer.
struct Layer {
    inside: Vec<bool>,
    along_x: Vec<u32>,
    along_y: Vec<u32>,
}

impl Layer {
    fn read(
        [width, height, _]: [usize; 3],
        z: usize,
        inside: &impl Fn([usize; 3]) -> bool,
        crossing: &impl Fn([usize; 3], usize) -> [f32; 3],
        positions: &mut Vec<[f32; 3]>,
    ) -> Self {
        let mut within = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                within.push(inside([x, y, z]));
            }
        }
        let mut along_x = vec![0; width * height];
        let mut along_y = vec![0; width * height];
        for y in 0..height {
            for x in 0..width {
                let at = y * width + x;
                if x + 1 < width && within[at] != within[at + 1] {
                    along_x[at] = index(positions.len());
                    positions.push(crossing([x, y, z], 0));
                }
                if y + 1 < height && within[at] != within[at + width] {
                    along_y[at] = index(positions.len());
                    positions.push(crossing([x, y, z], 1));
                }
            }
        }
        Self { inside: within, along_x, along_y }
    }
}

#[cfg(test)]
mod tests {
    use super::march;
    use crate::check::check_surface;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const SIDE: usize = 7;

    fn within([x, y, z]: [usize; 3], bits: &[bool]) -> bool {
        let border = [x, y, z].iter().any(|c| *c == 0 || *c == SIDE - 1);
        !border && bits[(z * SIDE + y) * SIDE + x]
    }

    #[test]
    fn a_single_node_becomes_an_outward_octahedron() {
        let surface = march([3; 3], |node| node == [1; 3], |_, _| 0.5);
        let check = check_surface(&surface);
        assert_eq!((surface.positions.len(), surface.triangles.len()), (6, 8));
        assert!(check.watertight && (check.volume - 1.0 / 6.0).abs() < 1e-6, "{check:?}");
    }

    #[test]
    fn two_nodes_that_touch_by_a_corner_stay_apart() {
        let surface = march([4; 3], |node| node == [1; 3] || node == [2; 3], |_, _| 0.5);
        let check = check_surface(&surface);
        assert!(check.watertight && check.components == 2, "{check:?}");
    }

    #[test]
    fn a_grid_too_small_for_a_cell_gives_nothing() {
        assert!(march([1, 9, 9], |_| true, |_, _| 0.5).triangles.is_empty());
    }

    proptest! {
        #[test]
        fn any_field_gives_a_closed_manifold(
            bits in vec(any::<bool>(), SIDE * SIDE * SIDE),
            cuts in vec(-0.5_f32..1.5, 64),
        ) {
            let cut = |[x, y, z]: [usize; 3], axis: usize| cuts[(x * 7 + y * 11 + z * 13 + axis * 17) % 64];
            let surface = march([SIDE; 3], |node| within(node, &bits), cut);
            let check = check_surface(&surface);
            prop_assert!(surface.triangles.is_empty() || check.watertight, "{check:?}");
            prop_assert!(surface.triangles.is_empty() || check.volume > 0.0, "{check:?}");
        }
    }
}
