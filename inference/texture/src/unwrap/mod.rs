//! Unwrapping: which part of the texture each triangle has.

mod flatten;
mod neighbours;
mod overlap;
mod pack;
mod segment;

pub(crate) use pack::PADDING_PX;

use inference_mesh::number::at;
use inference_mesh::{Charts, Surface};
use thiserror::Error;

use crate::vector::{cross, dot, less};
use crate::{LARGEST_TEXTURE_PX, MOST_TRIANGLES, SMALLEST_TEXTURE_PX};

/// What keeps a surface from being unwrapped.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum UnwrapError {
    /// The texture is too small or too large.
    #[error(
        "a texture of {texture_size} pixels was asked for; it may have {SMALLEST_TEXTURE_PX} to {LARGEST_TEXTURE_PX}"
    )]
    TextureSize {
        /// What was asked for, in pixels a side.
        texture_size: u32,
    },
    /// The surface has no triangle.
    #[error("the surface has no triangles ({vertices} vertices)")]
    Empty {
        /// Vertices of the surface.
        vertices: usize,
    },
    /// The surface has too many triangles.
    #[error("the surface has {triangles} triangles; {MOST_TRIANGLES} at most can be unwrapped")]
    TooManyTriangles {
        /// Triangles of the surface.
        triangles: usize,
    },
    /// A position is infinite or not a number.
    #[error("vertex {vertex} of {vertices} is not at a finite place")]
    NotFinite {
        /// The first such vertex.
        vertex: usize,
        /// Vertices of the surface.
        vertices: usize,
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
    /// No triangle has an area.
    #[error("none of the {triangles} triangles has an area")]
    Flat {
        /// Triangles of the surface.
        triangles: usize,
    },
    /// The surface falls into more charts than the texture has room for.
    #[error("{charts} charts do not fit into a texture of {texture_size} pixels")]
    TooManyCharts {
        /// Charts of the surface.
        charts: usize,
        /// What was asked for, in pixels a side.
        texture_size: u32,
    },
}

/// Lays a surface out over a square texture of `texture_size` pixels a side.
///
/// The triangles are gathered into patches that look one of six ways; each is laid flat as it is seen along its mean
/// normal, so that nothing is stretched more than five times; a patch that would hide part of itself is cut. The
/// charts are packed by xatlas with [`crate::PADDING_PX`] texels between them, as large as fits. Its own way of
/// finding charts was measured and not taken: it takes minutes where this takes seconds.
///
/// The same surface gives the same charts. Flat triangles get points without an area.
pub fn unwrap(surface: &Surface, texture_size: u32) -> Result<Charts, UnwrapError> {
    check(surface, texture_size)?;
    let positions = within_one(surface);
    let normal = |[a, b, c]: [[f32; 3]; 3]| cross(less(b, a), less(c, a));
    let corners = |triangle: &[u32; 3]| triangle.map(|vertex| positions[at(vertex)]);
    let normals: Vec<_> = surface.triangles.iter().map(|triangle| normal(corners(triangle))).collect();
    if normals.iter().all(|normal| dot(*normal, *normal) <= 0.0) {
        return Err(UnwrapError::Flat { triangles: normals.len() });
    }
    let across = neighbours::neighbours(&surface.triangles);
    let labels = segment::label(&normals, &across);
    let patches = segment::patches(&labels, &across);
    let known =
        flatten::Known { positions: &positions, triangles: &surface.triangles, normals: &normals, across: &across };
    pack::pack(&flatten::flatten(&known, &labels, &patches), texture_size)
}

fn check(surface: &Surface, texture_size: u32) -> Result<(), UnwrapError> {
    if !(SMALLEST_TEXTURE_PX..=LARGEST_TEXTURE_PX).contains(&texture_size) {
        return Err(UnwrapError::TextureSize { texture_size });
    }
    let vertices = surface.positions.len();
    if surface.triangles.is_empty() {
        return Err(UnwrapError::Empty { vertices });
    }
    if surface.triangles.len() > MOST_TRIANGLES {
        return Err(UnwrapError::TooManyTriangles { triangles: surface.triangles.len() });
    }
    if let Some(vertex) = surface.positions.iter().position(|place| place.iter().any(|part| !part.is_finite())) {
        return Err(UnwrapError::NotFinite { vertex, vertices });
    }
    for (triangle, corners) in surface.triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|corner| at(**corner) >= vertices) {
            return Err(UnwrapError::VertexOutOfRange { triangle, index: *index, vertices });
        }
    }
    Ok(())
}

/// Gives the positions with a longest side of 1, so that no product of them is out of range.
fn within_one(surface: &Surface) -> Vec<[f32; 3]> {
    let (low, high) = surface.bounds();
    // Halves, as the whole of a finite extent need not be finite.
    let longest = (0..3).map(|axis| high[axis] * 0.5 - low[axis] * 0.5).fold(0.0, f32::max);
    let scale = |place: [f32; 3]| [0, 1, 2].map(|axis| (place[axis] * 0.5 - low[axis] * 0.5) / longest);
    if longest > 0.0 {
        surface.positions.iter().map(|place| scale(*place)).collect()
    } else {
        surface.positions.clone()
    }
}
