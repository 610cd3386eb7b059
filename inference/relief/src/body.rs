//! The closed surface around the outline.

use inference_mesh::number::{floor, real};
use inference_mesh::{Surface, march};

use crate::silhouette::Silhouette;

/// The front's height, as a share of the inflated one: with the back's it makes a bar as thick as it is wide.
const FRONT: f32 = 0.85;

/// The back's height, as a share of the inflated one: what is photographed mostly faces the camera, and a flatter back
/// shows less of what nobody has seen.
const BACK: f32 = 0.6;

/// Makes the surface where z² is the inflated height, each half with its own share of it; in cells, x to the right and
/// y up from the lowest left node, z from the plane of the outline.
pub(crate) fn build(silhouette: &Silhouette, height: &[f32]) -> Surface {
    let highest = height.iter().copied().fold(0.0, f32::max).sqrt();
    let layers = |share: f32| floor(share * highest) + 2;
    let (behind, before) = (layers(BACK), layers(FRONT));
    let size = [silhouette.width, silhouette.height, behind + before + 1];
    // The photo's rows run down, the model's y runs up.
    let height_at = |x: usize, y: usize| height[(silhouette.height - 1 - y) * silhouette.width + x];
    let share = |z: usize| if z < behind { BACK } else { FRONT };
    let off_plane = |z: usize| real(z) - real(behind);
    // Above 0 inside, and linear in the height, so that the outline is cut where the height is 0.
    let within = |[x, y, z]: [usize; 3]| height_at(x, y) - (off_plane(z) / share(z)).powi(2);

    let mut surface = march(
        size,
        |node| within(node) > 0.0,
        |[x, y, z], axis| {
            if axis == 2 {
                let high = height_at(x, y).max(0.0).sqrt();
                let crossing = if z < behind { -BACK * high } else { FRONT * high };
                return crossing - off_plane(z);
            }
            let next = if axis == 0 { [x + 1, y, z] } else { [x, y + 1, z] };
            let (here, there) = (within([x, y, z]), within(next));
            here / (here - there)
        },
    );
    for position in &mut surface.positions {
        position[2] -= real(behind);
    }
    surface
}
