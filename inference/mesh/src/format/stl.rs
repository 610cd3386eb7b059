//! Binary STL: millimetres, Z up; a soup of triangles whose shared corners are the same bytes.

use super::ConvertError;
use super::place::{Up, placed, with_three_corners};
use crate::Model;
use crate::number::{at, index};
use crate::surface::cross;

/// The text in front: what wrote it. It may not begin with "solid", the first word of the other kind of STL.
const HEADER: &[u8] = b"ImageTo3D; millimetres, Z up";

/// Writes a model as STL.
pub(super) fn write(model: &Model, height_mm: u32) -> Result<Vec<u8>, ConvertError> {
    let positions = placed(&model.surface, Up::Z, height_mm, 1.0)?;
    let mut file = Vec::with_capacity(84 + 50 * model.surface.triangles.len());
    file.extend(HEADER);
    file.resize(80, 0);
    file.extend(index(with_three_corners(&model.surface).count()).to_le_bytes());
    for (_, triangle) in with_three_corners(&model.surface) {
        let corners = triangle.map(|vertex| positions[at(vertex)]);
        for part in [unit(cross(corners))].iter().chain(&corners).flatten() {
            file.extend(part.to_le_bytes());
        }
        file.extend([0, 0]);
    }
    Ok(file)
}

/// Gives a normal its length of 1; zeros, which mean "work it out", for a triangle without an area.
fn unit(normal: [f32; 3]) -> [f32; 3] {
    let length = normal.iter().map(|part| part * part).sum::<f32>().sqrt();
    if length > 0.0 && length.is_finite() { normal.map(|part| part / length + 0.0) } else { [0.0; 3] }
}
