//! Wavefront OBJ with its material and its texture as PNG, in a ZIP; in the GLB's own space.

use std::fmt::Write;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage};

use super::ConvertError;
use super::zip::Archive;
use crate::{Model, Paint};

/// What the OBJ and its parts say of themselves.
const HEAD: &str = "# ImageTo3D; Y up, front towards +Z\n";

/// Writes a model as a ZIP of `model.obj`, `model.mtl` and, if it has a texture, `texture.png`.
///
/// Without a texture, each vertex carries its colour after its place, as most programs read it.
pub(super) fn write(model: &Model) -> Result<Vec<u8>, ConvertError> {
    let mut archive = Archive::default();
    archive.deflated("model.obj", body(model).as_bytes())?;
    let map = if matches!(model.paint, Paint::Texture { .. }) { "map_Kd texture.png\n" } else { "" };
    archive.deflated(
        "model.mtl",
        format!("{HEAD}newmtl photo\nKa 0 0 0\nKd 1 1 1\nKs 0 0 0\nillum 1\n{map}").as_bytes(),
    )?;
    if let Paint::Texture { image, .. } = &model.paint {
        archive.deflated("texture.png", &png(image)?)?;
    }
    archive.finish()
}

fn body(model: &Model) -> String {
    let surface = &model.surface;
    let normals = surface.normals();
    let mut text = format!("{HEAD}mtllib model.mtl\no model\n");
    // Writing to a string cannot fail.
    for (vertex, [x, y, z]) in surface.positions.iter().enumerate() {
        let _ = match &model.paint {
            Paint::Vertices(colours) => {
                let [red, green, blue] = colours.get(vertex).unwrap_or(&[255; 3]).map(|part| f32::from(part) / 255.0);
                writeln!(text, "v {x} {y} {z} {red:.4} {green:.4} {blue:.4}")
            }
            Paint::Texture { .. } => writeln!(text, "v {x} {y} {z}"),
        };
    }
    if let Paint::Texture { charts, .. } = &model.paint {
        for [u, v] in &charts.points {
            // OBJ counts v from the bottom.
            let _ = writeln!(text, "vt {u} {}", 1.0 - v);
        }
    }
    for [x, y, z] in normals {
        let _ = writeln!(text, "vn {x:.5} {y:.5} {z:.5}");
    }
    text.push_str("usemtl photo\ns 1\n");
    let charted = match &model.paint {
        Paint::Texture { charts, .. } => charts.triangles.as_slice(),
        Paint::Vertices(_) => &[],
    };
    for (number, triangle) in surface.triangles.iter().enumerate() {
        text.push('f');
        for side in 0..3 {
            let vertex = u64::from(triangle[side]) + 1;
            let _ = match charted.get(number) {
                Some(points) => write!(text, " {vertex}/{}/{vertex}", u64::from(points[side]) + 1),
                None => write!(text, " {vertex}//{vertex}"),
            };
        }
        text.push('\n');
    }
    text
}

/// Encodes a texture as PNG.
pub(super) fn png(image: &RgbImage) -> Result<Vec<u8>, ConvertError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(image, image.width(), image.height(), ExtendedColorType::Rgb8)
        .map_err(ConvertError::Png)?;
    Ok(bytes)
}
