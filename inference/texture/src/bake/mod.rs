//! Painting: every texel gets the colour of the place of the surface that it shows.

mod bands;
mod blend;
mod depth;
mod fill;
mod photo;
mod texels;

use std::sync::OnceLock;

use image::RgbImage;
use inference_mesh::number::at;
use inference_mesh::{Charts, Colours, ColoursError, Spot, Surface};
use thiserror::Error;

pub use photo::Photo;

use crate::vector::turn;
use crate::{LARGEST_TEXTURE_PX, MOST_TRIANGLES, SMALLEST_TEXTURE_PX};
use blend::{Blender, Eye};
use texels::Layout;

/// What keeps a texture from being painted.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BakeError {
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
    #[error("the surface has {triangles} triangles; {MOST_TRIANGLES} at most can be painted")]
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
    /// The charts are of another surface.
    #[error("{triangles} triangles, but charts for {charted}")]
    Uncharted {
        /// Triangles of the surface.
        triangles: usize,
        /// Triangles of the charts.
        charted: usize,
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
    /// A place in the texture is outside of it, or not a number.
    #[error("texture point {point} of {points} is outside the texture")]
    OffTexture {
        /// The first such point.
        point: usize,
        /// Points of the charts.
        points: usize,
    },
    /// The engine stopped giving colours.
    #[error(transparent)]
    Colours(#[from] ColoursError),
    /// The photo is not square, or has no pixels.
    #[error("the photo is {width} by {height} pixels; it must be square and not empty")]
    PhotoNotSquare {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
}

/// Paints the texture of a surface: the photo where it saw the surface well, the engine's `colours` elsewhere.
///
/// Each texel that bilinear sampling of a triangle may read is asked for its place on the surface. The photo counts
/// the more the straighter it looked there, and nothing where something nearer hides the place or where the cut-out is
/// not surely the object. The two are mixed in linear light. The texels between the charts take the colours of their
/// neighbours, so no texel is empty. Works in bands of rows on every core; the result is the same on any number.
pub fn bake(
    surface: &Surface,
    charts: &Charts,
    texture_size: u32,
    colours: &dyn Colours,
    photo: Option<&Photo<'_>>,
) -> Result<RgbImage, BakeError> {
    check_surface(surface, texture_size)?;
    check_charts(surface, charts)?;
    let eye = photo.map(|photo| Eye::open(surface, photo)).transpose()?;
    let normals = surface.normals();
    let side = at(texture_size);
    let layout = Layout { surface, charts, normals: &normals, side };
    let blender = Blender::new(colours);
    let mut painted = vec![None; side * side];
    let fault = OnceLock::new();
    let rows: Vec<_> = (0..surface.triangles.len()).map(|triangle| layout.rows(triangle)).collect();
    bands::in_bands(&mut painted, side, &rows, |top, texels, triangles| {
        let band = layout.band(top, texels.len() / side, triangles, eye.as_ref());
        match blender.blend(eye.as_ref(), &band.spots, &band.footprints) {
            Ok(mixed) => {
                for (place, colour) in band.places.into_iter().zip(mixed) {
                    texels[place] = Some(colour);
                }
            }
            // One is enough: the device that failed is the same for all bands.
            Err(error) => drop(fault.set(error)),
        }
    });
    if let Some(error) = fault.into_inner() {
        return Err(error.into());
    }
    let mut known: Vec<_> = painted.iter().map(Option::is_some).collect();
    let mut texels: Vec<_> = painted.into_iter().map(Option::unwrap_or_default).collect();
    fill::fill(&mut texels, &mut known, side);
    let bytes = texels.into_iter().flatten().collect();
    Ok(RgbImage::from_raw(texture_size, texture_size, bytes).unwrap_or_default())
}

/// Gives each vertex the colour that [`bake`] would give its place.
///
/// The photo is averaged over the area around each vertex. Fails only if the engine does: a photo that is not square or is empty is not
/// used, triangles with an index out of range are passed over, and a vertex that is not at a finite place is black.
pub fn vertex_colours(
    surface: &Surface,
    colours: &dyn Colours,
    photo: Option<&Photo<'_>>,
) -> Result<Vec<[u8; 3]>, ColoursError> {
    let finite = |place: &[f32; 3]| place.iter().all(|part| part.is_finite());
    let sound = Surface {
        positions: surface.positions.iter().map(|place| if finite(place) { *place } else { [0.0; 3] }).collect(),
        triangles: surface
            .triangles
            .iter()
            .filter(|triangle| surface.corners(**triangle).is_some_and(|corners| corners.iter().all(finite)))
            .copied()
            .collect(),
    };
    let eye = photo.and_then(|photo| Eye::open(&sound, photo).ok());
    let normals = sound.normals();
    let spots: Vec<_> =
        sound.positions.iter().zip(normals).map(|(position, normal)| Spot { position: *position, normal }).collect();
    let footprints = eye.as_ref().map_or_else(|| vec![1.0; spots.len()], |eye| footprints(&sound, eye));
    let mut blended = Blender::new(colours).blend(eye.as_ref(), &spots, &footprints)?;
    for (colour, place) in blended.iter_mut().zip(&surface.positions) {
        if !finite(place) {
            *colour = [0; 3];
        }
    }
    Ok(blended)
}

/// Gives how many pixels of the photo a third of the triangles around each vertex covers on a side.
fn footprints(surface: &Surface, eye: &Eye) -> Vec<f32> {
    let seen: Vec<_> = surface.positions.iter().map(|place| eye.camera.see(*place).map(|seen| seen.at)).collect();
    let mut areas = vec![0.0_f32; surface.positions.len()];
    for triangle in &surface.triangles {
        if let [Some(a), Some(b), Some(c)] = triangle.map(|vertex| seen[at(vertex)]) {
            for vertex in triangle {
                areas[at(*vertex)] += turn(a, b, c).abs() / 6.0;
            }
        }
    }
    areas.into_iter().map(|area| (area.sqrt() * eye.side()).clamp(1.0, eye.side())).collect()
}

fn check_surface(surface: &Surface, texture_size: u32) -> Result<(), BakeError> {
    if !(SMALLEST_TEXTURE_PX..=LARGEST_TEXTURE_PX).contains(&texture_size) {
        return Err(BakeError::TextureSize { texture_size });
    }
    let vertices = surface.positions.len();
    if surface.triangles.is_empty() {
        return Err(BakeError::Empty { vertices });
    }
    if surface.triangles.len() > MOST_TRIANGLES {
        return Err(BakeError::TooManyTriangles { triangles: surface.triangles.len() });
    }
    if let Some(vertex) = surface.positions.iter().position(|place| place.iter().any(|part| !part.is_finite())) {
        return Err(BakeError::NotFinite { vertex, vertices });
    }
    for (triangle, corners) in surface.triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|corner| at(**corner) >= vertices) {
            return Err(BakeError::VertexOutOfRange { triangle, index: *index, vertices });
        }
    }
    Ok(())
}

fn check_charts(surface: &Surface, charts: &Charts) -> Result<(), BakeError> {
    let (triangles, charted) = (surface.triangles.len(), charts.triangles.len());
    if triangles != charted {
        return Err(BakeError::Uncharted { triangles, charted });
    }
    let points = charts.points.len();
    for (triangle, corners) in charts.triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|corner| at(**corner) >= points) {
            return Err(BakeError::PointOutOfRange { triangle, index: *index, points });
        }
    }
    let outside = |point: &[f32; 2]| !point.iter().all(|part| (0.0..=1.0).contains(part));
    charts.points.iter().position(outside).map_or(Ok(()), |point| Err(BakeError::OffTexture { point, points }))
}
