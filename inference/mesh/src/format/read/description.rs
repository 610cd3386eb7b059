//! The parts of a glTF description that a model is made of; all else is passed over.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::ReadError;

/// What a file may say that it needs, and be read; unlit changes the light only.
const SUPPORTED: [&str; 4] =
    ["KHR_mesh_quantization", "EXT_meshopt_compression", "EXT_texture_webp", "KHR_materials_unlit"];

/// Is the description of a file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Description {
    pub(super) asset: Asset,
    #[serde(default)]
    pub(super) extensions_required: Vec<String>,
    pub(super) scene: Option<usize>,
    #[serde(default)]
    pub(super) scenes: Vec<Scene>,
    #[serde(default)]
    pub(super) nodes: Vec<Node>,
    #[serde(default)]
    pub(super) meshes: Vec<Mesh>,
    #[serde(default)]
    pub(super) accessors: Vec<Accessor>,
    #[serde(default)]
    pub(super) buffer_views: Vec<View>,
    #[serde(default)]
    pub(super) buffers: Vec<Buffer>,
    #[serde(default)]
    pub(super) materials: Vec<Material>,
    #[serde(default)]
    pub(super) textures: Vec<Texture>,
    #[serde(default)]
    pub(super) samplers: Vec<Sampler>,
    #[serde(default)]
    pub(super) images: Vec<Image>,
}

#[derive(Deserialize)]
pub(super) struct Asset {
    pub(super) version: String,
    #[serde(default)]
    pub(super) extras: Value,
}

#[derive(Deserialize)]
pub(super) struct Scene {
    #[serde(default)]
    pub(super) nodes: Vec<usize>,
}

#[derive(Deserialize)]
pub(super) struct Node {
    #[serde(default)]
    pub(super) children: Vec<usize>,
    pub(super) mesh: Option<usize>,
    pub(super) skin: Option<usize>,
    pub(super) matrix: Option<[f64; 16]>,
    pub(super) translation: Option<[f64; 3]>,
    pub(super) rotation: Option<[f64; 4]>,
    pub(super) scale: Option<[f64; 3]>,
}

#[derive(Deserialize)]
pub(super) struct Mesh {
    #[serde(default)]
    pub(super) primitives: Vec<Primitive>,
}

#[derive(Deserialize)]
pub(super) struct Primitive {
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, usize>,
    pub(super) indices: Option<usize>,
    pub(super) material: Option<usize>,
    pub(super) mode: Option<u32>,
    #[serde(default)]
    pub(super) targets: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Accessor {
    pub(super) buffer_view: Option<usize>,
    #[serde(default)]
    pub(super) byte_offset: u64,
    pub(super) component_type: u32,
    #[serde(default)]
    pub(super) normalized: bool,
    pub(super) count: u64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) sparse: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View {
    pub(super) buffer: usize,
    #[serde(default)]
    pub(super) byte_offset: u64,
    pub(super) byte_length: u64,
    pub(super) byte_stride: Option<u64>,
    #[serde(default)]
    pub(super) extensions: ViewExtensions,
}

#[derive(Deserialize, Default)]
pub(super) struct ViewExtensions {
    #[serde(rename = "EXT_meshopt_compression")]
    pub(super) meshopt: Option<Coded>,
}

/// Says how a view is coded.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coded {
    pub(super) buffer: usize,
    #[serde(default)]
    pub(super) byte_offset: u64,
    pub(super) byte_length: u64,
    pub(super) byte_stride: u64,
    pub(super) count: u64,
    pub(super) mode: String,
    #[serde(default)]
    pub(super) filter: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Buffer {
    pub(super) uri: Option<serde::de::IgnoredAny>,
    pub(super) byte_length: u64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Material {
    #[serde(default)]
    pub(super) pbr_metallic_roughness: Surfacing,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Surfacing {
    pub(super) base_color_factor: Option<[f32; 4]>,
    pub(super) base_color_texture: Option<TextureUse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextureUse {
    pub(super) index: usize,
    #[serde(default)]
    pub(super) tex_coord: usize,
    #[serde(default)]
    pub(super) extensions: TextureUseExtensions,
}

#[derive(Deserialize, Default)]
pub(super) struct TextureUseExtensions {
    #[serde(rename = "KHR_texture_transform")]
    pub(super) transform: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct Texture {
    pub(super) source: Option<usize>,
    pub(super) sampler: Option<usize>,
    #[serde(default)]
    pub(super) extensions: TextureExtensions,
}

#[derive(Deserialize, Default)]
pub(super) struct TextureExtensions {
    #[serde(rename = "EXT_texture_webp")]
    pub(super) webp: Option<OtherSource>,
}

#[derive(Deserialize)]
pub(super) struct OtherSource {
    pub(super) source: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sampler {
    pub(super) wrap_s: Option<u32>,
    pub(super) wrap_t: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Image {
    pub(super) buffer_view: Option<usize>,
}

/// Reads the description, and refuses what it needs and we have not.
pub(super) fn parse(bytes: &[u8]) -> Result<Description, ReadError> {
    let description: Description = serde_json::from_slice(bytes).map_err(ReadError::Description)?;
    if !description.asset.version.starts_with("2.") {
        return Err(unsupported(format!("glTF version {}", first(&description.asset.version))));
    }
    let unknown = description.extensions_required.iter().find(|name| !SUPPORTED.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(unsupported(format!("the extension {}", first(name)))),
        None => Ok(description),
    }
}

/// Says that something is not supported.
pub(super) fn unsupported(what: impl Into<String>) -> ReadError {
    ReadError::Unsupported { what: what.into() }
}

/// Gives a part by its number, or says that it is missing.
pub(super) fn part<'a, T>(parts: &'a [T], index: usize, what: &'static str) -> Result<&'a T, ReadError> {
    parts.get(index).ok_or(ReadError::Missing { what, index, count: parts.len() })
}

/// Gives the beginning of a name from a file, short enough for a message.
pub(super) fn first(name: &str) -> String {
    name.chars().take(60).collect()
}
