//! One model as one binary glTF 2.0 file: a mesh, its material and its texture, and nothing to fetch.

use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};
use thiserror::Error;

use crate::Model;
use crate::number::{at, index};

/// The JPEG quality of the texture: beyond it the file grows faster than the picture gets better.
const TEXTURE_QUALITY: u8 = 90;

/// How rough the surface is, of 1: nothing in one photo says that a thing is glossy, and a gloss on a guess shows it.
const ROUGHNESS: f32 = 0.9;

/// A file of more bytes than this cannot be written: GLB counts in 32 bits.
const MOST_BYTES: usize = 0xFFFF_FFFF;

/// What keeps a model from being written.
#[derive(Debug, Error)]
pub enum MeshError {
    /// The surface has no triangle.
    #[error("the model has no triangles ({vertices} vertices)")]
    Empty {
        /// Vertices of the surface.
        vertices: usize,
    },
    /// A position is infinite or not a number.
    #[error("vertex {vertex} of {vertices} is not at a finite place")]
    NotFinite {
        /// The first such vertex.
        vertex: usize,
        /// Vertices of the surface.
        vertices: usize,
    },
    /// A place in the texture is outside of it, or not a number.
    #[error("texture point {point} of {points} is outside the texture")]
    OffTexture {
        /// The first such point.
        point: usize,
        /// Points of the charts.
        points: usize,
    },
    /// A triangle names a vertex that does not exist.
    #[error("triangle {triangle} names vertex {index}, but there are {vertices}")]
    VertexOutOfRange {
        /// The first such triangle.
        triangle: usize,
        /// What it names.
        index: u32,
        /// Vertices of the surface.
        vertices: usize,
    },
    /// A triangle names a texture point that does not exist.
    #[error("triangle {triangle} names texture point {index}, but there are {points}")]
    PointOutOfRange {
        /// The first such triangle.
        triangle: usize,
        /// What it names.
        index: u32,
        /// Points of the charts.
        points: usize,
    },
    /// The charts are of another surface.
    #[error("{triangles} triangles, but charts for {charted}")]
    Uncharted {
        /// Triangles of the surface.
        triangles: usize,
        /// Triangles of the charts.
        charted: usize,
    },
    /// The texture has no pixels.
    #[error("the texture is {width} by {height} pixels")]
    NoTexture {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The texture could not be encoded.
    #[error("the texture could not be written as JPEG")]
    Texture(#[source] image::ImageError),
    /// The file's description could not be written as JSON.
    #[error("the description of the model could not be written as JSON")]
    Description(#[source] serde_json::Error),
    /// The file would be larger than its format can say.
    #[error("the model would be {bytes} bytes; a GLB holds at most {MOST_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// Writes a model as GLB; the same model and extras give the same bytes.
///
/// `extras` is where the model comes from (engine, options, seed, hashes); it is stored as `asset.extras`, and left out
/// if null. Vertices on a texture seam are written once for each side, with one normal, so the seam does not shade.
pub fn glb(model: &Model, extras: &Value) -> Result<Vec<u8>, MeshError> {
    let (vertices, triangles) = split(model)?;
    let normals = model.surface.normals();
    let (low, high) = model.surface.bounds();

    let mut binary = Binary::default();
    let positions = vertices.iter().map(|(vertex, _)| model.surface.positions[at(*vertex)]);
    let positions = binary.view(positions.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let normals = vertices.iter().map(|(vertex, _)| normals[at(*vertex)]);
    let normals = binary.view(normals.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let points = vertices.iter().map(|(_, point)| model.charts.points[at(*point)]);
    let points = binary.view(points.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let corners = triangles.iter().flatten();
    // 65,535 is the restart mark of 16-bit indices, so it may not be a vertex.
    let short = u16::try_from(vertices.len()).is_ok();
    let indices = if short {
        binary.view(corners.flat_map(|v| u16::try_from(*v).unwrap_or(u16::MAX).to_le_bytes()), Some(INDEX_BUFFER))
    } else {
        binary.view(corners.flat_map(|v| v.to_le_bytes()), Some(INDEX_BUFFER))
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, TEXTURE_QUALITY)
        .encode_image(&model.texture)
        .map_err(MeshError::Texture)?;
    let texture = binary.view(jpeg, None);

    let count = vertices.len();
    let mut document = json!({
        "asset": { "version": "2.0", "generator": concat!("ImageTo3D ", env!("CARGO_PKG_VERSION")) },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "mesh": 0, "name": "model" }],
        "meshes": [{ "name": "model", "primitives": [{
            "attributes": { "POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2 }, "indices": 3, "material": 0,
        }] }],
        "accessors": [
            { "bufferView": positions, "componentType": FLOAT, "count": count, "type": "VEC3", "min": low, "max": high },
            { "bufferView": normals, "componentType": FLOAT, "count": count, "type": "VEC3" },
            { "bufferView": points, "componentType": FLOAT, "count": count, "type": "VEC2" },
            { "bufferView": indices, "componentType": if short { UNSIGNED_SHORT } else { UNSIGNED_INT },
              "count": triangles.len() * 3, "type": "SCALAR" },
        ],
        "materials": [{ "name": "photo", "pbrMetallicRoughness": {
            "baseColorTexture": { "index": 0 }, "metallicFactor": 0.0, "roughnessFactor": ROUGHNESS,
        } }],
        "textures": [{ "source": 0, "sampler": 0 }],
        "samplers": [{ "magFilter": LINEAR, "minFilter": LINEAR_MIPMAP_LINEAR,
                       "wrapS": CLAMP_TO_EDGE, "wrapT": CLAMP_TO_EDGE }],
        "images": [{ "bufferView": texture, "mimeType": "image/jpeg" }],
        "bufferViews": binary.views,
        "buffers": [{ "byteLength": binary.bytes.len() }],
    });
    if !extras.is_null() {
        document["asset"]["extras"] = extras.clone();
    }
    pack(serde_json::to_vec(&document).map_err(MeshError::Description)?, binary.bytes)
}

// Numbers of the glTF 2.0 specification.
const ARRAY_BUFFER: u32 = 34962;
const INDEX_BUFFER: u32 = 34963;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;
const LINEAR: u32 = 9729;
const LINEAR_MIPMAP_LINEAR: u32 = 9987;
const CLAMP_TO_EDGE: u32 = 33071;

/// Is a vertex of the file: a vertex of the surface with a point of the texture.
type Vertex = (u32, u32);

/// Says which vertices the file has, in the order of their first use, and its triangles over them; or what is wrong.
fn split(model: &Model) -> Result<(Vec<Vertex>, Vec<[u32; 3]>), MeshError> {
    let (surface, charts) = (&model.surface, &model.charts);
    let (vertices, points) = (surface.positions.len(), charts.points.len());
    if surface.triangles.is_empty() {
        return Err(MeshError::Empty { vertices });
    }
    if surface.triangles.len() != charts.triangles.len() {
        return Err(MeshError::Uncharted { triangles: surface.triangles.len(), charted: charts.triangles.len() });
    }
    let (width, height) = model.texture.dimensions();
    if width == 0 || height == 0 {
        return Err(MeshError::NoTexture { width, height });
    }
    if let Some(vertex) = surface.positions.iter().position(|place| !place.iter().all(|part| part.is_finite())) {
        return Err(MeshError::NotFinite { vertex, vertices });
    }
    if let Some(point) = charts.points.iter().position(|point| !point.iter().all(|part| (0.0..=1.0).contains(part))) {
        return Err(MeshError::OffTexture { point, points });
    }

    // Few vertices have more than one point, so a short list for each is searched, not a map.
    let mut written: Vec<Vec<(u32, u32)>> = vec![Vec::new(); vertices];
    let mut split = Vec::with_capacity(vertices);
    let mut triangles = Vec::with_capacity(surface.triangles.len());
    for (triangle, (corners, charted)) in surface.triangles.iter().zip(&charts.triangles).enumerate() {
        let mut named = [0; 3];
        for side in 0..3 {
            let (vertex, point) = (corners[side], charted[side]);
            let Some(known) = written.get_mut(at(vertex)) else {
                return Err(MeshError::VertexOutOfRange { triangle, index: vertex, vertices });
            };
            if at(point) >= points {
                return Err(MeshError::PointOutOfRange { triangle, index: point, points });
            }
            named[side] = if let Some((_, number)) = known.iter().find(|(other, _)| *other == point) {
                *number
            } else {
                let number = index(split.len());
                known.push((point, number));
                split.push((vertex, point));
                number
            };
        }
        triangles.push(named);
    }
    Ok((split, triangles))
}

/// Is the binary chunk, and the views into it.
#[derive(Default)]
struct Binary {
    bytes: Vec<u8>,
    views: Vec<Value>,
}

impl Binary {
    /// Appends a view, aligned to 4 bytes, and gives its number.
    fn view(&mut self, bytes: impl IntoIterator<Item = u8>, target: Option<u32>) -> usize {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        let mut view = json!({ "buffer": 0, "byteOffset": start, "byteLength": self.bytes.len() - start });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.views.push(view);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.views.len() - 1
    }
}

/// Puts the two chunks behind their headers.
fn pack(mut description: Vec<u8>, binary: Vec<u8>) -> Result<Vec<u8>, MeshError> {
    description.resize(description.len().next_multiple_of(4), b' ');
    let bytes = 12 + 8 + description.len() + 8 + binary.len();
    let total = u32::try_from(bytes).map_err(|_| MeshError::TooLarge { bytes })?;
    let mut file = Vec::with_capacity(bytes);
    file.extend(b"glTF");
    file.extend(2_u32.to_le_bytes());
    file.extend(total.to_le_bytes());
    for (kind, chunk) in [(b"JSON", description), (b"BIN\0", binary)] {
        file.extend(index(chunk.len()).to_le_bytes());
        file.extend(kind);
        file.extend(chunk);
    }
    Ok(file)
}
