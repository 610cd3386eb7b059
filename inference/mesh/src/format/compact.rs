//! The compact GLB: quantised, coded with meshopt, the texture as WebP; for viewers that know the extensions.

use image::RgbImage;
use serde::Serialize;
use serde_json::{Value, json};

use super::ConvertError;
use super::coder::{Coder, MESHOPT};
use super::read::Read;
use crate::colour::linear_table;
use crate::glb::{
    CLAMP_TO_EDGE, LINEAR, LINEAR_MIPMAP_LINEAR, ROUGHNESS, UNSIGNED_INT, UNSIGNED_SHORT, Vertex, add_attribute, split,
};
use crate::number::{at, index, word};
use crate::{Charts, Model, Paint};

/// The steps of a position along the longest side: 14 bits, 0.06 mm of a metre.
const STEPS: f32 = 16_383.0;

/// The bits of a normal's coordinates: shading needs no more.
const NORMAL_BITS: i32 = 8;

/// The quality of the WebP, of 100: at it a texture looks the same beside the JPEG, at about half its size.
const WEBP_QUALITY: f32 = 80.0;

// Numbers of the glTF 2.0 specification.
const BYTE: u32 = 5120;

/// Is a compact GLB, and what each part of the work saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compact {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it saves.
    pub savings: Savings,
}

/// Says how many bytes the parts of a model take, and took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Savings {
    /// Positions, normals, colours or places in the texture, and indices, as a plain GLB has them.
    pub plain_geometry: usize,
    /// The same, quantised (`KHR_mesh_quantization`).
    pub quantised_geometry: usize,
    /// The same, quantised and coded (`EXT_meshopt_compression`).
    pub coded_geometry: usize,
    /// The texture as it was; 0 for a model without, or one whose texture the file has not as it is.
    pub texture: usize,
    /// The texture as WebP (`EXT_texture_webp`); 0 for a model without.
    pub webp: usize,
}

/// Writes what was read as a compact GLB; the same input gives the same bytes on the same kind of processor.
///
/// It is for looking at: vertices nearer than a quantisation step (a sixteen-thousandth of the longest side) may come
/// to lie on one another, though the triangles still name them apart.
pub fn glb_compact(read: &Read) -> Result<Compact, ConvertError> {
    let (vertices, triangles) = ordered(&read.model);
    let mut file = Coder::default();
    let (places, origin, step) = positions(&read.model, &vertices);
    let positions = file.attribute(&places, 12)?;
    let normals = file.normals(&normals(&read.model, &vertices))?;
    let short = u16::try_from(vertices.len()).is_ok();
    let indices = file.triangles(&triangles, vertices.len(), short)?;
    let extent = |pick: fn(u16, u16) -> u16| {
        places.iter().copied().reduce(|a, b| [0, 1, 2, 3].map(|axis| pick(a[axis], b[axis]))).map(|of| of[..3].to_vec())
    };
    let count = vertices.len();
    let mut document = json!({
        "asset": { "version": "2.0", "generator": concat!("ImageTo3D ", env!("CARGO_PKG_VERSION")) },
        "extensionsUsed": ["KHR_mesh_quantization", MESHOPT],
        "extensionsRequired": ["KHR_mesh_quantization", MESHOPT],
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "mesh": 0, "name": "model", "translation": origin, "scale": [step, step, step] }],
        "meshes": [{ "name": "model", "primitives": [{
            "attributes": { "POSITION": 0, "NORMAL": 1 }, "indices": 2, "material": 0,
        }] }],
        "accessors": [
            { "bufferView": positions, "componentType": UNSIGNED_SHORT, "count": count, "type": "VEC3",
              "min": extent(u16::min), "max": extent(u16::max) },
            { "bufferView": normals, "componentType": BYTE, "normalized": true, "count": count, "type": "VEC3" },
            { "bufferView": indices, "componentType": if short { UNSIGNED_SHORT } else { UNSIGNED_INT },
              "count": triangles.len() * 3, "type": "SCALAR" },
        ],
        "materials": [{ "name": "photo", "pbrMetallicRoughness": {
            "metallicFactor": 0.0, "roughnessFactor": ROUGHNESS,
        } }],
    });
    let webp = match &read.model.paint {
        Paint::Texture { charts, image } => {
            let view = file.attribute(&points(&vertices, charts), 8)?;
            add_attribute(
                &mut document,
                "TEXCOORD_0",
                json!({
                    "bufferView": view, "componentType": UNSIGNED_SHORT, "normalized": true, "count": count, "type": "VEC2",
                }),
            );
            add_texture(&mut document, &mut file, &webp(image)?)
        }
        Paint::Vertices(colours) => {
            let view = file.attribute(&shades(&vertices, colours), 8)?;
            add_attribute(
                &mut document,
                "COLOR_0",
                json!({
                    "bufferView": view, "componentType": UNSIGNED_SHORT, "normalized": true, "count": count, "type": "VEC4",
                }),
            );
            0
        }
    };
    let texture = read.texture.as_ref().map_or(0, |texture| texture.bytes.len());
    let savings = Savings { texture, webp, ..file.savings };
    let bytes = file.finish(document, &read.extras)?;
    Ok(Compact { bytes, savings })
}

/// Splits vertices at seams, and puts triangles and vertices in the order that codes best.
fn ordered(model: &Model) -> (Vec<Vertex>, Vec<[u32; 3]>) {
    let (vertices, triangles) = split(model);
    let corners = meshopt::optimize_vertex_cache(triangles.as_flattened(), vertices.len());
    let mut numbers = vec![u32::MAX; vertices.len()];
    let mut ordered = Vec::with_capacity(vertices.len());
    let renumbered = corners.into_iter().map(|corner| {
        let number = &mut numbers[at(corner)];
        if *number == u32::MAX {
            *number = index(ordered.len());
            ordered.push(vertices[at(corner)]);
        }
        *number
    });
    let renumbered: Vec<u32> = renumbered.collect();
    (ordered, renumbered.as_chunks::<3>().0.to_vec())
}

/// Gives the quantised places, where their zero lies, and how long a step is.
fn positions(model: &Model, vertices: &[Vertex]) -> (Vec<[u16; 4]>, [f32; 3], f32) {
    let (low, high) = model.surface.bounds();
    let longest = (0..3).map(|axis| high[axis] / STEPS - low[axis] / STEPS).fold(0.0, f32::max);
    // A model of one place has no steps: any will do.
    let step = if longest > 0.0 { longest } else { 1.0 };
    let quantised = vertices.iter().map(|(vertex, _)| {
        let place = model.surface.positions[at(*vertex)];
        let [x, y, z] = [0, 1, 2].map(|axis| word((place[axis] / step - low[axis] / step).round() / 65_535.0));
        [x, y, z, 0]
    });
    (quantised.collect(), low, step)
}

fn normals(model: &Model, vertices: &[Vertex]) -> Vec<[i8; 4]> {
    let normals = model.surface.normals();
    let normals: Vec<_> =
        vertices.iter().map(|(vertex, _)| normals[at(*vertex)]).map(|[x, y, z]| [x, y, z, 0.0]).collect();
    meshopt::encode_filter_oct(&normals, NORMAL_BITS)
}

fn points(vertices: &[Vertex], charts: &Charts) -> Vec<[u16; 2]> {
    vertices.iter().map(|(_, point)| charts.points[at(*point)].map(word)).collect()
}

fn shades(vertices: &[Vertex], colours: &[[u8; 3]]) -> Vec<[u16; 4]> {
    let linear = linear_table();
    let shades = vertices.iter().map(|(vertex, _)| {
        let [red, green, blue] = colours[at(*vertex)].map(|part| word(linear[usize::from(part)]));
        [red, green, blue, u16::MAX]
    });
    shades.collect()
}

fn webp(image: &RgbImage) -> Result<Vec<u8>, ConvertError> {
    let (width, height) = image.dimensions();
    let encoded = webp::Encoder::from_rgb(image, width, height).encode_simple(false, WEBP_QUALITY);
    encoded.map(|bytes| bytes.to_vec()).map_err(|_| ConvertError::WebP { width, height })
}

fn add_texture(document: &mut Value, file: &mut Coder, webp: &[u8]) -> usize {
    let view = file.plain(webp);
    for list in ["extensionsUsed", "extensionsRequired"] {
        if let Some(list) = document[list].as_array_mut() {
            list.push(json!("EXT_texture_webp"));
        }
    }
    document["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = json!({ "index": 0 });
    document["textures"] = json!([{ "sampler": 0, "extensions": { "EXT_texture_webp": { "source": 0 } } }]);
    document["samplers"] = json!([{ "magFilter": LINEAR, "minFilter": LINEAR_MIPMAP_LINEAR,
                                    "wrapS": CLAMP_TO_EDGE, "wrapT": CLAMP_TO_EDGE }]);
    document["images"] = json!([{ "bufferView": view, "mimeType": "image/webp" }]);
    webp.len()
}
