//! Reads a GLB into a model: ours exactly, others as far as a welded surface with one texture can hold them.
//!
//! Every primitive of the scene becomes part of one surface, welded where positions are the same bits. One texture with
//! a white factor stays as it is; several, or tinted ones, are laid side by side in a new one. Without a texture the
//! colours go to the vertices, and with colours of vertices *and* textures too, which loses the texture's detail. Where
//! welded corners of different colour meet, the first one counts. A texture that repeats is laid out as often as it is
//! used, up to 4096 pixels a side; further ones are cut at its edge. Alpha, normals, roughness, unlit, animations,
//! cameras and lights are passed over.
//!
//! Named errors, not half-truths: skins, morph targets, sparse accessors, other buffers than the file's own, Draco and
//! other required extensions, texture transforms, and primitives other than triangle lists.

mod accessor;
mod coded;
mod container;
mod description;
mod error;
mod parts;
mod picture;
mod scene;
mod tiles;
mod weld;

pub use error::ReadError;

use serde_json::Value;

use crate::Model;
use accessor::File;

/// The largest file that is read, in bytes.
pub const MOST_BYTES: usize = 64 << 20;

/// The longest description (the JSON chunk) that is read, in bytes: parsed, it takes some ten times as much memory.
pub const MOST_DESCRIPTION_BYTES: usize = 4 << 20;

/// The most triangles that are read.
pub const MOST_TRIANGLES: usize = 1_000_000;

/// The largest texture that is read, in pixels a side.
pub const MOST_TEXTURE_SIDE: u32 = 4096;

/// The most bytes that coded views may decode to, together.
const MOST_CODED_BYTES: u64 = 128 << 20;

/// Is what a GLB holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The welded model, in the file's own place and scale.
    pub model: Model,
    /// The file of its texture, if the model has it just as it is; a writer need not encode it again.
    pub texture: Option<Picture>,
    /// Where the model comes from: `asset.extras`, null if there is none.
    pub extras: Value,
}

/// Is an encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg`, `image/png` or `image/webp`: what its first bytes say, not what the file says of it.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads a GLB.
///
/// Survives any bytes: it holds at most [`MOST_BYTES`] of file, [`MOST_TRIANGLES`] triangles and
/// [`MOST_TEXTURE_SIDE`]² pixels, counts before it allocates, and names what is wrong. The surface is not repaired.
pub fn read_glb(bytes: &[u8]) -> Result<Read, ReadError> {
    let (description, binary) = container::open(bytes)?;
    let description = description::parse(description)?;
    let decoded = coded::decode(&description, binary)?;
    let mut file = File { description, binary, decoded };
    let parts = parts::gather(&file)?;
    let surface = weld::weld(&parts);
    let (paint, texture) = picture::paint(&file, &parts, &surface)?;
    let extras = std::mem::take(&mut file.description.asset.extras);
    Ok(Read { model: Model { surface: surface.surface, paint }, texture, extras })
}
