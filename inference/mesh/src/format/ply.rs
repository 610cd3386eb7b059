//! Binary PLY: the GLB's own space, one colour for each vertex.

use super::tint::vertex_colours;
use crate::Model;

/// Writes a model as PLY, little endian: float x, y, z; uchar red, green, blue; faces as lists of int.
pub(super) fn write(model: &Model) -> Vec<u8> {
    let surface = &model.surface;
    let mut file = format!(
        "ply\nformat binary_little_endian 1.0\ncomment ImageTo3D; Y up, front towards +Z\n\
         element vertex {}\nproperty float x\nproperty float y\nproperty float z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\n\
         element face {}\nproperty list uchar int vertex_indices\nend_header\n",
        surface.positions.len(),
        surface.triangles.len()
    )
    .into_bytes();
    file.reserve(15 * surface.positions.len() + 13 * surface.triangles.len());
    for (position, colour) in surface.positions.iter().zip(vertex_colours(model)) {
        file.extend(position.iter().flat_map(|part| part.to_le_bytes()));
        file.extend(colour);
    }
    for triangle in &surface.triangles {
        file.push(3);
        file.extend(triangle.iter().flat_map(|vertex| vertex.to_le_bytes()));
    }
    file
}
