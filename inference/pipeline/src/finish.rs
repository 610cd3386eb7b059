//! From an engine's raw shape to the model that is kept: the same for every engine.

use crate::error::PipelineError;
use crate::options::{Coat, Options};
use image::RgbaImage;
use inference_mesh::simplify::SimplifyError;
use inference_mesh::{Paint, Shape, Surface, clean, flat_base, mirror, simplify, smooth};
use inference_texture::{Photo, bake, unwrap, vertex_colours};

/// The share of the height that a flat base presses flat: more would cut off feet, less would rock.
const FLAT_SHARE: f32 = 0.03;

/// Is a surface in its final form, still in the engine's space.
pub(crate) struct Form {
    pub(crate) surface: Surface,
    /// Floaters and cavities that were taken away.
    pub(crate) removed: usize,
    /// How far simplification moved the surface at most, in longest sides.
    pub(crate) error: f32,
}

/// Cleans, smooths, mirrors, flattens and simplifies, in this order and as far as the options ask.
pub(crate) fn form(shape: &Shape, framed: &RgbaImage, options: &Options) -> Result<Form, PipelineError> {
    let cleaned = clean(&shape.surface);
    let mut removed = cleaned.pieces_removed + cleaned.cavities_removed;
    let mut surface = cleaned.surface;
    if options.smooth > 0 {
        surface = smooth(&surface, usize::try_from(options.smooth).unwrap_or(usize::MAX));
    }
    if options.symmetry {
        let (low, high) = surface.bounds();
        // The plane may cut small pieces off.
        let halves = clean(&mirror(&surface, f32::midpoint(low[0], high[0])).map_err(broken)?);
        removed += halves.pieces_removed + halves.cavities_removed;
        surface = halves.surface;
    }
    if options.flat_base {
        surface = flat_base(&surface, FLAT_SHARE).map_err(broken)?;
    }
    let faces = usize::try_from(options.faces).unwrap_or(usize::MAX);
    let colours = match options.paint {
        // Colours at the vertices are only as fine as the vertices: their borders have to stay.
        Coat::Vertices => {
            let colours = vertex_colours(&surface, &*shape.colours, photo(shape, framed).as_ref());
            Some(linear(&colours.map_err(broken)?))
        }
        Coat::Texture => None,
    };
    let simple = simplify(&surface, faces, colours.as_deref()).map_err(|fault| match fault {
        SimplifyError::OutOfReach { faces, reached, .. } => PipelineError::OutOfReach { faces, reached },
        fault => broken(fault),
    })?;
    Ok(Form { surface: simple.surface, removed, error: simple.error })
}

/// Colours a form from the photo where it is seen and may be used, and from the engine elsewhere.
pub(crate) fn coat(
    surface: &Surface,
    shape: &Shape,
    framed: &RgbaImage,
    options: &Options,
) -> Result<Paint, PipelineError> {
    let photo = photo(shape, framed);
    match options.paint {
        Coat::Vertices => {
            Ok(Paint::Vertices(vertex_colours(surface, &*shape.colours, photo.as_ref()).map_err(broken)?))
        }
        Coat::Texture => {
            let charts = unwrap(surface, options.texture_size).map_err(broken)?;
            let image =
                bake(surface, &charts, options.texture_size, &*shape.colours, photo.as_ref()).map_err(broken)?;
            Ok(Paint::Texture { charts, image })
        }
    }
}

/// The photo, if it may be laid over the shape.
fn photo<'a>(shape: &Shape, framed: &'a RgbaImage) -> Option<Photo<'a>> {
    shape.fits.then_some(Photo { image: framed, camera: shape.camera })
}

fn linear(colours: &[[u8; 3]]) -> Vec<[f32; 3]> {
    let table = inference_mesh::colour::linear_table();
    colours.iter().map(|colour| colour.map(|part| table[usize::from(part)])).collect()
}

fn broken(fault: impl std::fmt::Display) -> PipelineError {
    PipelineError::Finish(fault.to_string())
}
