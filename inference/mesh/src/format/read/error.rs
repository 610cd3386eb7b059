//! What keeps bytes from being read as a GLB.

use thiserror::Error;

use super::{MOST_BYTES, MOST_CODED_BYTES, MOST_DESCRIPTION_BYTES, MOST_TEXTURE_SIDE, MOST_TRIANGLES};

/// What keeps a GLB from being read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file is too large to be looked at.
    #[error("the file is {bytes} bytes; at most {MOST_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The file does not begin as a GLB of version 2.
    #[error("the {bytes} bytes do not begin as a GLB of version 2")]
    NotGlb {
        /// Its size.
        bytes: usize,
    },
    /// A length in the file is not that of what follows.
    #[error("{what} should be {stated} bytes long, but there are {there}")]
    Length {
        /// The file or one of its chunks.
        what: &'static str,
        /// What the file says.
        stated: usize,
        /// What there is.
        there: usize,
    },
    /// The description is missing, or not the first chunk.
    #[error("the file has no JSON chunk at its beginning")]
    NoDescription,
    /// The description is too long.
    #[error("the description is {bytes} bytes; at most {MOST_DESCRIPTION_BYTES} are read")]
    LongDescription {
        /// Its size.
        bytes: usize,
    },
    /// The description is not JSON, or not of glTF's shape.
    #[error("the description is not that of a glTF file")]
    Description(#[source] serde_json::Error),
    /// The file needs something that is not supported.
    #[error("the file needs {what}, which is not supported")]
    Unsupported {
        /// What it needs.
        what: String,
    },
    /// One part names another that does not exist.
    #[error("{what} {index} is named, but there are {count}")]
    Missing {
        /// The kind of part.
        what: &'static str,
        /// The number named.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A primitive has no positions, or an accessor or view lacks what it needs to be one.
    #[error("{what} {index} has no {part}")]
    Incomplete {
        /// The kind of part.
        what: &'static str,
        /// Which one.
        index: usize,
        /// What it lacks.
        part: &'static str,
    },
    /// Something reaches beyond its container.
    #[error("{what} {index} ends at byte {end}, but there are {there}")]
    Beyond {
        /// The kind of part.
        what: &'static str,
        /// Which one.
        index: usize,
        /// Where it would end.
        end: u64,
        /// What there is.
        there: usize,
    },
    /// An accessor has another type than its use asks for.
    #[error("accessor {index} is {kind} of component type {component}; that is no {used}")]
    Type {
        /// Which one.
        index: usize,
        /// Its type.
        kind: String,
        /// Its component type.
        component: u32,
        /// What it is used as.
        used: &'static str,
    },
    /// The attributes of a primitive are not of one length.
    #[error("a primitive has {positions} positions, but {there} of {attribute}")]
    Uneven {
        /// Its positions.
        positions: usize,
        /// The other attribute.
        attribute: String,
        /// Its count.
        there: usize,
    },
    /// An index has no vertex.
    #[error("index {index} is used, but the primitive has {vertices} vertices")]
    IndexOutOfRange {
        /// The index.
        index: u32,
        /// The vertices.
        vertices: usize,
    },
    /// The corners are no whole triangles.
    #[error("{corners} corners do not make whole triangles")]
    Corners {
        /// How many there are.
        corners: usize,
    },
    /// There are too many triangles, or corners to make them of.
    #[error("the scene has {triangles} triangles or more; at most {MOST_TRIANGLES} are read")]
    TooManyTriangles {
        /// Where counting stopped.
        triangles: usize,
    },
    /// There are no triangles.
    #[error("the scene has no triangles")]
    Empty,
    /// The nodes go in a circle, or one hangs in two places.
    #[error("node {node} hangs in more than one place")]
    Tangled {
        /// Which one.
        node: usize,
    },
    /// A position, place in the texture or transform is infinite or not a number.
    #[error("{what} {index} is not finite")]
    NotFinite {
        /// The kind of part.
        what: &'static str,
        /// Which one.
        index: usize,
    },
    /// Coded data would be too large.
    #[error("coded view {view} would be {bytes} bytes with those before it; at most {MOST_CODED_BYTES} are decoded")]
    Decoded {
        /// Which one.
        view: usize,
        /// Its size.
        bytes: u64,
    },
    /// Coded data is broken.
    #[error("coded view {view} cannot be decoded")]
    Coded {
        /// Which one.
        view: usize,
    },
    /// The texture is too large.
    #[error("texture {image} is {width} by {height} pixels; at most {MOST_TEXTURE_SIDE} a side are read")]
    TextureTooLarge {
        /// Which one.
        image: usize,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The texture cannot be decoded.
    #[error("texture {image} cannot be decoded")]
    Texture {
        /// Which one.
        image: usize,
        /// What its decoder said.
        #[source]
        source: image::ImageError,
    },
}
