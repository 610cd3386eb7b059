//! The closed surface around the outline, and where each of its vertices lies in the texture.

use inference_mesh::{Charts, Surface, march};

use crate::atlas::Atlas;
use crate::number::smooth;
use crate::silhouette::Silhouette;
use inference_mesh::number::{floor, real};

/// The front's height, as a share of the inflated one: with the back's it makes a bar as thick as it is wide.
const FRONT: f32 = 0.85;

/// The back's height, as a share of the inflated one: what is photographed mostly faces the camera, and a flatter back
/// shows less of what nobody has seen.
const BACK: f32 = 0.6;

/// How far inwards the photo is read where the surface turns away, in cells: the outermost pixels hold some of the
/// background, and they would be stretched over the whole side.
pub(crate) const PULL: f32 = 2.0;

/// Is the surface in cells, its z measured from the plane of the outline.
pub(crate) struct Body {
    /// The welded surface: x to the right and y up from the lowest left node.
    pub(crate) surface: Surface,
}

/// Makes the surface where z² is the inflated height, each half with its own share of it.
pub(crate) fn build(silhouette: &Silhouette, height: &[f32]) -> Body {
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
    Body { surface }
}

/// Lays the front half over the photo and the back half over the chart of the back, both seen straight on.
pub(crate) fn charts(body: &Body, silhouette: &Silhouette, atlas: &Atlas) -> Charts {
    let surface = &body.surface;
    let normals = surface.normals();
    let mut points = Vec::with_capacity(surface.positions.len() * 2);
    for (position, normal) in surface.positions.iter().zip(&normals) {
        let place = pulled(silhouette, [position[0], real(silhouette.height - 1) - position[1]], *normal);
        // Each vertex has a point in both charts; only those of the outline need both.
        points.push(atlas.front.point(place));
        points.push(atlas.back.point(place));
    }
    let on_front = |vertex: u32| surface.positions.get(index(vertex)).is_some_and(|place| place[2] > 0.0);
    let triangles = surface
        .triangles
        .iter()
        .map(|triangle| {
            // The plane of the outline is a layer of the grid, so no triangle has vertices on both of its sides.
            let side = u32::from(!triangle.iter().any(|vertex| on_front(*vertex)));
            triangle.map(|vertex| vertex * 2 + side)
        })
        .collect();
    Charts { points, triangles }
}

/// Moves a place of the grid inwards where the surface turns away from the camera.
fn pulled(silhouette: &Silhouette, place: [f32; 2], normal: [f32; 3]) -> [f32; 2] {
    let sideways = normal[0].hypot(normal[1]);
    let amount = PULL * smooth(0.5, 1.0, sideways);
    if amount <= 0.0 {
        return place;
    }
    // The photo's y runs down, the model's up.
    let inward = [-normal[0] / sideways, normal[1] / sideways];
    // A part narrower than the pull is not crossed: there the coverage falls again.
    let covered: f32 = [1.0_f32, 2.0, 3.0]
        .iter()
        .map(|third| {
            let step = amount * third / 3.0;
            silhouette.cover_at(place[0] + inward[0] * step, place[1] + inward[1] * step)
        })
        .sum();
    let amount = amount * covered / 3.0;
    [place[0] + inward[0] * amount, place[1] + inward[1] * amount]
}

fn index(vertex: u32) -> usize {
    usize::try_from(vertex).unwrap_or(usize::MAX)
}
