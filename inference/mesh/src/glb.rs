//! One model as one binary glTF 2.0 file: a mesh, its material and its colours, and nothing to fetch.

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};
use thiserror::Error;

use crate::colour::linear_table;
use crate::number::{at, index, word};
use crate::{Charts, Model, Paint};

/// The JPEG quality of the texture: beyond it the file grows faster than the picture gets better.
const TEXTURE_QUALITY: u8 = 90;

/// How rough the surface is, of 1: nothing in one photo says that a thing is glossy, and a gloss on a guess shows it.
pub(crate) const ROUGHNESS: f32 = 0.9;

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
    /// The colours are of another surface.
    #[error("{vertices} vertices, but colours for {coloured}")]
    Uncoloured {
        /// Vertices of the surface.
        vertices: usize,
        /// Colours given.
        coloured: usize,
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
    check_places(model)?;
    let (vertices, triangles) = split(model);
    let normals = model.surface.normals();
    let (low, high) = model.surface.bounds();
    let count = vertices.len();

    let mut binary = Binary::default();
    let positions = vertices.iter().map(|(vertex, _)| model.surface.positions[at(*vertex)]);
    let positions = binary.view(positions.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let normals = vertices.iter().map(|(vertex, _)| normals[at(*vertex)]);
    let normals = binary.view(normals.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let corners = triangles.iter().flatten();
    // 65,535 is the restart mark of 16-bit indices, so it may not be a vertex.
    let short = u16::try_from(count).is_ok();
    let indices = if short {
        binary.view(corners.flat_map(|v| u16::try_from(*v).unwrap_or(u16::MAX).to_le_bytes()), Some(INDEX_BUFFER))
    } else {
        binary.view(corners.flat_map(|v| v.to_le_bytes()), Some(INDEX_BUFFER))
    };

    let mut document = json!({
        "asset": { "version": "2.0", "generator": concat!("ImageTo3D ", env!("CARGO_PKG_VERSION")) },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "mesh": 0, "name": "model" }],
        "meshes": [{ "name": "model", "primitives": [{
            "attributes": { "POSITION": 0, "NORMAL": 1 }, "indices": 2, "material": 0,
        }] }],
        "accessors": [
            { "bufferView": positions, "componentType": FLOAT, "count": count, "type": "VEC3", "min": low, "max": high },
            { "bufferView": normals, "componentType": FLOAT, "count": count, "type": "VEC3" },
            { "bufferView": indices, "componentType": if short { UNSIGNED_SHORT } else { UNSIGNED_INT },
              "count": triangles.len() * 3, "type": "SCALAR" },
        ],
        "materials": [{ "name": "photo", "pbrMetallicRoughness": {
            "metallicFactor": 0.0, "roughnessFactor": ROUGHNESS,
        } }],
    });
    match &model.paint {
        Paint::Texture { charts, image } => add_texture(&mut document, &mut binary, &vertices, charts, image)?,
        Paint::Vertices(colours) => add_colours(&mut document, &mut binary, &vertices, colours),
    }
    document["bufferViews"] = Value::Array(binary.views);
    document["buffers"] = json!([{ "byteLength": binary.bytes.len() }]);
    if !extras.is_null() {
        document["asset"]["extras"] = extras.clone();
    }
    pack(serde_json::to_vec(&document).map_err(MeshError::Description)?, binary.bytes)
}

/// Adds the texture's points and its picture.
fn add_texture(
    document: &mut Value,
    binary: &mut Binary,
    vertices: &[Vertex],
    charts: &Charts,
    image: &RgbImage,
) -> Result<(), MeshError> {
    let points = vertices.iter().map(|(_, point)| charts.points[at(*point)]);
    let points = binary.view(points.flatten().flat_map(f32::to_le_bytes), Some(ARRAY_BUFFER));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, TEXTURE_QUALITY).encode_image(image).map_err(MeshError::Texture)?;
    let texture = binary.view(jpeg, None);
    add_attribute(
        document,
        "TEXCOORD_0",
        json!({
            "bufferView": points, "componentType": FLOAT, "count": vertices.len(), "type": "VEC2",
        }),
    );
    document["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = json!({ "index": 0 });
    document["textures"] = json!([{ "source": 0, "sampler": 0 }]);
    document["samplers"] = json!([{ "magFilter": LINEAR, "minFilter": LINEAR_MIPMAP_LINEAR,
                                    "wrapS": CLAMP_TO_EDGE, "wrapT": CLAMP_TO_EDGE }]);
    document["images"] = json!([{ "bufferView": texture, "mimeType": "image/jpeg" }]);
    Ok(())
}

/// Adds a colour for each vertex: linear, as glTF has it, and in 16 bits, because 8 would band in the dark.
fn add_colours(document: &mut Value, binary: &mut Binary, vertices: &[Vertex], colours: &[[u8; 3]]) {
    let linear = linear_table();
    let bytes = vertices.iter().flat_map(|(vertex, _)| {
        let [red, green, blue] = colours[at(*vertex)].map(|part| word(linear[usize::from(part)]));
        [red, green, blue, u16::MAX].into_iter().flat_map(u16::to_le_bytes)
    });
    let view = binary.view(bytes, Some(ARRAY_BUFFER));
    add_attribute(
        document,
        "COLOR_0",
        json!({
            "bufferView": view, "componentType": UNSIGNED_SHORT, "normalized": true, "count": vertices.len(), "type": "VEC4",
        }),
    );
}

pub(crate) fn add_attribute(document: &mut Value, name: &str, accessor: Value) {
    if let Some(accessors) = document["accessors"].as_array_mut() {
        let number = accessors.len();
        accessors.push(accessor);
        document["meshes"][0]["primitives"][0]["attributes"][name] = json!(number);
    }
}

// Numbers of the glTF 2.0 specification.
pub(crate) const ARRAY_BUFFER: u32 = 34962;
pub(crate) const INDEX_BUFFER: u32 = 34963;
pub(crate) const UNSIGNED_SHORT: u32 = 5123;
pub(crate) const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;
pub(crate) const LINEAR: u32 = 9729;
pub(crate) const LINEAR_MIPMAP_LINEAR: u32 = 9987;
pub(crate) const CLAMP_TO_EDGE: u32 = 33071;

/// Is a vertex of the file: a vertex of the surface with a point of the texture.
pub(crate) type Vertex = (u32, u32);

/// Refuses what no file of ours may hold, so that the writers need not look again.
fn check_places(model: &Model) -> Result<(), MeshError> {
    let surface = &model.surface;
    let vertices = surface.positions.len();
    if surface.triangles.is_empty() {
        return Err(MeshError::Empty { vertices });
    }
    if let Some(vertex) = surface.positions.iter().position(|place| !place.iter().all(|part| part.is_finite())) {
        return Err(MeshError::NotFinite { vertex, vertices });
    }
    for (triangle, corners) in surface.triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|vertex| at(**vertex) >= vertices) {
            return Err(MeshError::VertexOutOfRange { triangle, index: *index, vertices });
        }
    }
    match &model.paint {
        Paint::Texture { charts, image } => check_charts(charts, surface.triangles.len(), image.dimensions()),
        Paint::Vertices(colours) if colours.len() != vertices => {
            Err(MeshError::Uncoloured { vertices, coloured: colours.len() })
        }
        Paint::Vertices(_) => Ok(()),
    }
}

fn check_charts(charts: &Charts, triangles: usize, (width, height): (u32, u32)) -> Result<(), MeshError> {
    let points = charts.points.len();
    if triangles != charts.triangles.len() {
        return Err(MeshError::Uncharted { triangles, charted: charts.triangles.len() });
    }
    if width == 0 || height == 0 {
        return Err(MeshError::NoTexture { width, height });
    }
    if let Some(point) = charts.points.iter().position(|point| !point.iter().all(|part| (0.0..=1.0).contains(part))) {
        return Err(MeshError::OffTexture { point, points });
    }
    for (triangle, corners) in charts.triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|point| at(**point) >= points) {
            return Err(MeshError::PointOutOfRange { triangle, index: *index, points });
        }
    }
    Ok(())
}

/// Says which vertices the file has, in the order of their first use, and its triangles over them.
pub(crate) fn split(model: &Model) -> (Vec<Vertex>, Vec<[u32; 3]>) {
    let surface = &model.surface;
    let charted = match &model.paint {
        Paint::Texture { charts, .. } => &charts.triangles,
        // Without a texture nothing is split: the point is the vertex.
        Paint::Vertices(_) => &surface.triangles,
    };
    // Few vertices have more than one point, so a short list for each is searched, not a map.
    let mut written: Vec<Vec<(u32, u32)>> = vec![Vec::new(); surface.positions.len()];
    let mut split = Vec::with_capacity(surface.positions.len());
    let mut triangles = Vec::with_capacity(surface.triangles.len());
    for (corners, charted) in surface.triangles.iter().zip(charted) {
        let mut named = [0; 3];
        for side in 0..3 {
            let (vertex, point) = (corners[side], charted[side]);
            let known = &mut written[at(vertex)];
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
    (split, triangles)
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
pub(crate) fn pack(mut description: Vec<u8>, binary: Vec<u8>) -> Result<Vec<u8>, MeshError> {
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
