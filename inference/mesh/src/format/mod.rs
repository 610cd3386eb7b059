//! The other formats of a model, each made from the bytes of its GLB: the model of record.
//!
//! A conversion changes the wrapping, never the shape: it repairs nothing, leaves nothing out (but triangles that name
//! one vertex twice, where a format forbids them), and gives the same bytes for the same GLB and options.

mod coder;
mod compact;
mod obj;
mod place;
mod ply;
mod read;
mod stl;
mod three_mf;
mod tint;
mod usdz;
mod zip;

pub use compact::{Compact, Savings, glb_compact};
pub use read::{
    MOST_BYTES, MOST_DESCRIPTION_BYTES, MOST_TEXTURE_SIDE, MOST_TRIANGLES, Picture, Read, ReadError, read_glb,
};

use thiserror::Error;

/// The lowest model that can be asked for, in millimetres.
pub const LEAST_HEIGHT_MM: u32 = 10;

/// The highest model that can be asked for, in millimetres.
pub const MOST_HEIGHT_MM: u32 = 1000;

/// Is a format that a model can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// The model of record, as it is.
    Glb,
    /// A smaller GLB for viewers on the web: quantised, coded with meshopt, the texture as WebP.
    GlbCompact,
    /// Wavefront OBJ with its material and texture, in a ZIP: for modelling programs.
    Obj,
    /// Binary PLY with a colour for each vertex: for scanning programs and research.
    Ply,
    /// Binary STL in millimetres, Z up: for printing, without colour.
    Stl,
    /// 3MF in millimetres, Z up, with colours: for printing.
    ThreeMf,
    /// USDZ in its real size: for augmented reality on Apple's devices.
    Usdz,
}

impl Format {
    /// Every format, the model of record first.
    pub const ALL: [Self; 7] =
        [Self::Glb, Self::GlbCompact, Self::Obj, Self::Ply, Self::Stl, Self::ThreeMf, Self::Usdz];

    /// Gives the format's short name, as it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Glb => "glb",
            Self::GlbCompact => "glb-compact",
            Self::Obj => "obj",
            Self::Ply => "ply",
            Self::Stl => "stl",
            Self::ThreeMf => "3mf",
            Self::Usdz => "usdz",
        }
    }

    /// Gives the name that a file of this format is handed over under.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Glb => "model.glb",
            Self::GlbCompact => "model-compact.glb",
            Self::Obj => "model-obj.zip",
            Self::Ply => "model.ply",
            Self::Stl => "model.stl",
            Self::ThreeMf => "model.3mf",
            Self::Usdz => "model.usdz",
        }
    }

    /// Gives the format's media type, as registered; PLY has none, so it takes the one in use.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Glb | Self::GlbCompact => "model/gltf-binary",
            Self::Obj => "application/zip",
            Self::Ply => "application/x-ply",
            Self::Stl => "model/stl",
            Self::ThreeMf => "model/3mf",
            Self::Usdz => "model/vnd.usdz+zip",
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Says that no format has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no format is called {name:?}; there are glb, glb-compact, obj, ply, stl, 3mf and usdz")]
pub struct UnknownFormat {
    /// What was asked for; its first 40 characters.
    pub name: String,
}

impl std::str::FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| UnknownFormat { name: name.chars().take(40).collect() })
    }
}

/// Says how large the thing is to be in the formats that have a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvertOptions {
    /// The model's height (its extent along Y in the GLB) in millimetres; of STL, 3MF and USDZ.
    pub height_mm: u32,
}

impl Default for ConvertOptions {
    fn default() -> Self {
        Self { height_mm: 100 }
    }
}

/// What keeps a GLB from becoming another format.
#[derive(Debug, Error)]
pub enum ConvertError {
    /// The height is outside of what can be asked for.
    #[error("a height of {height_mm} mm was asked for; it must be {LEAST_HEIGHT_MM} to {MOST_HEIGHT_MM}")]
    Height {
        /// What was asked for.
        height_mm: u32,
    },
    /// The GLB cannot be read.
    #[error("the GLB cannot be read")]
    Read(#[from] ReadError),
    /// The model has no height to scale, or none that fits into 32-bit reals.
    #[error("the model is {height} units high and cannot be scaled to {height_mm} mm")]
    Unscalable {
        /// Its extent along Y.
        height: f64,
        /// What was asked for.
        height_mm: u32,
    },
    /// The texture could not be encoded.
    #[error("the texture could not be written as PNG")]
    Png(#[source] image::ImageError),
    /// The texture could not be encoded.
    #[error("the texture of {width} by {height} pixels could not be written as WebP")]
    WebP {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The geometry could not be coded.
    #[error("the geometry could not be coded with meshopt")]
    Meshopt(#[source] meshopt::Error),
    /// The compact file could not be put together.
    #[error("the compact GLB could not be written")]
    Pack(#[source] crate::MeshError),
    /// The archive would be larger than its format can say.
    #[error("the archive would be {bytes} bytes; it holds at most 4294967295")]
    TooLarge {
        /// Its size so far.
        bytes: usize,
    },
}

/// Makes a file of a format from the bytes of a GLB; the same input gives the same bytes.
///
/// Needs memory for about twelve times the GLB's vertices and its decoded texture. The GLB itself is only read, to be
/// sure that it is one, and given back as it is.
pub fn convert(glb: &[u8], format: Format, options: &ConvertOptions) -> Result<Vec<u8>, ConvertError> {
    let height_mm = options.height_mm;
    if !(LEAST_HEIGHT_MM..=MOST_HEIGHT_MM).contains(&height_mm) {
        return Err(ConvertError::Height { height_mm });
    }
    let read = read_glb(glb)?;
    match format {
        Format::Glb => Ok(glb.to_vec()),
        Format::GlbCompact => Ok(glb_compact(&read)?.bytes),
        Format::Obj => obj::write(&read.model),
        Format::Ply => Ok(ply::write(&read.model)),
        Format::Stl => stl::write(&read.model, height_mm),
        Format::ThreeMf => three_mf::write(&read.model, height_mm),
        Format::Usdz => usdz::write(&read, height_mm),
    }
}
