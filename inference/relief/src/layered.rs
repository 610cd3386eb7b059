//! The closed surface between two layers of depth, as an eye sees it.

use inference_mesh::number::{floor, real};
use inference_mesh::{Camera, Surface, march};

use crate::depth::{Layers, Square};
use crate::silhouette::Silhouette;

/// The least thickness in cells: a thinner part would fall between the nodes.
const THINNEST: f32 = 1.4;

/// Depths beyond this, in halves of the square, are cut off: with the tangents that we use they stay before the eye.
const DEEPEST: f32 = 2.5;

/// Is the way between the grid and the engine's space, in which far things have their true size.
///
/// The space is in cells, its origin in the middle of the square on the object's middle plane.
pub(crate) struct View {
    square: Square,
    /// How much larger what is one cell farther away is for the same place in the picture.
    growth: f32,
    /// The depth between the layers, for each node in cells.
    middle: Vec<f32>,
    size: [usize; 2],
}

impl View {
    /// Sees the grid of an outline through the eye of its layers.
    pub(crate) fn new(silhouette: &Silhouette, layers: &Layers, grids: &[Vec<f32>; 2]) -> Self {
        let square = Square::around(silhouette);
        Self {
            square,
            growth: layers.tangent / square.half,
            middle: grids[0].iter().zip(&grids[1]).map(|(first, last)| f32::midpoint(*first, *last)).collect(),
            size: [silhouette.width, silhouette.height],
        }
    }

    /// Moves a place of the grid, with a depth in cells, into space.
    fn place(&self, cell: [f32; 2], depth: f32) -> [f32; 3] {
        let grown = 1.0 + depth * self.growth;
        let [right, down] = [0, 1].map(|axis| (cell[axis] - self.square.middle[axis]) * grown);
        [right, -down, -depth]
    }

    /// Gives the place on the grid where a place in space is seen, and whether it lies on the far side of the object.
    pub(crate) fn find(&self, [x, y, z]: [f32; 3]) -> ([f32; 2], bool) {
        let grown = (1.0 - z * self.growth).max(0.01);
        let cell = [x / grown + self.square.middle[0], -y / grown + self.square.middle[1]];
        let [column, row] = [0, 1].map(|axis| floor(cell[axis] + 0.5).min(self.size[axis] - 1));
        (cell, -z > self.middle[row * self.size[0] + column])
    }

    /// Gives the camera that took the photo.
    pub(crate) fn camera(&self, silhouette: &Silhouette, side_px: f32) -> Camera {
        let away = 1.0 / self.growth;
        let scale = silhouette.cell_px / side_px * away;
        // The square's middle in the framed photo, from the photo's own.
        let shift = [0, 1]
            .map(|axis| (silhouette.origin_px[axis] + self.square.middle[axis] * silhouette.cell_px) / side_px - 0.5);
        Camera {
            origin: [0.0, 0.0, away],
            right: [scale, 0.0, -shift[0]],
            down: [0.0, -scale, -shift[1]],
            forward: [0.0, 0.0, -1.0],
            perspective: true,
        }
    }
}

/// Bounds what the layers say, so that the far one is behind the near one and both before the eye.
pub(crate) fn bounded(mut grids: [Vec<f32>; 2], silhouette: &Silhouette) -> [Vec<f32>; 2] {
    let most = DEEPEST * Square::around(silhouette).half;
    let [firsts, lasts] = &mut grids;
    for (first, last) in firsts.iter_mut().zip(lasts) {
        let bound = |depth: f32| if depth.is_nan() { 0.0 } else { depth.clamp(-most, most) };
        (*first, *last) = (bound(*first), bound(*last));
        let missing = (THINNEST - (*last - *first)).max(0.0) / 2.0;
        (*first, *last) = (*first - missing, *last + missing);
    }
    grids
}

/// Makes the surface between two layers of depth on the grid.
pub(crate) fn build(silhouette: &Silhouette, [first, last]: &[Vec<f32>; 2], view: &View) -> Surface {
    let width = silhouette.width;
    let inside = (0..first.len()).filter(|node| silhouette.is_inside(*node));
    let (mut nearest, mut farthest) = (f32::INFINITY, f32::NEG_INFINITY);
    for node in inside {
        (nearest, farthest) = (nearest.min(first[node]), farthest.max(last[node]));
    }
    if nearest > farthest {
        return Surface::default();
    }
    // Layers of nodes from behind the object to before it.
    let behind = farthest.ceil() + 1.0;
    let size = [width, silhouette.height, floor(behind - nearest) + 3];
    let node_at = |x: usize, y: usize| (silhouette.height - 1 - y) * width + x;
    let depth_at = |z: usize| behind - real(z);
    // Above 0 between the layers, and linear in both, so that a slope is cut where it is.
    let within = |node: usize, z: usize| (depth_at(z) - first[node]).min(last[node] - depth_at(z));

    let mut surface = march(
        size,
        |[x, y, z]| {
            let node = node_at(x, y);
            silhouette.is_inside(node) && within(node, z) > 0.0
        },
        |[x, y, z], axis| {
            let node = node_at(x, y);
            if axis == 2 {
                // The layer that lies between this node and the one before it.
                let to_last = depth_at(z) - last[node];
                return if (0.0..=1.0).contains(&to_last) { to_last } else { depth_at(z) - first[node] };
            }
            let next = if axis == 0 { node_at(x + 1, y) } else { node_at(x, y + 1) };
            match (silhouette.is_inside(node), silhouette.is_inside(next)) {
                (true, false) => silhouette.reach(node, next),
                (false, true) => 1.0 - silhouette.reach(next, node),
                _ => {
                    let (here, there) = (within(node, z), within(next, z));
                    here / (here - there)
                }
            }
        },
    );
    for position in &mut surface.positions {
        let [x, y, z] = *position;
        *position = view.place([x, real(silhouette.height - 1) - y], behind - z);
    }
    surface
}
