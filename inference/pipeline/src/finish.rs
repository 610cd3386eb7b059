//! From an engine's raw shape to the model that is kept: the same for every engine.

use crate::error::PipelineError;
use crate::options::{Coat, Options};
use image::RgbaImage;
use inference_mesh::simplify::SimplifyError;
use inference_mesh::{Paint, Shape, Surface, chain, clean, flat_base, mirror, simplify, smooth};
use inference_texture::{BakeError, Photo, bake, unwrap, vertex_colours};

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
        Coat::Vertices => Some(linear(&vertex_colours(&surface, &*shape.colours, photo(shape, framed).as_ref())?)),
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
        Coat::Vertices => Ok(Paint::Vertices(vertex_colours(surface, &*shape.colours, photo.as_ref())?)),
        Coat::Texture => {
            let charts = unwrap(surface, options.texture_size).map_err(broken)?;
            let baked = bake(surface, &charts, options.texture_size, &*shape.colours, photo.as_ref());
            let image = baked.map_err(|fault| match fault {
                // Whether its device is gone decides over what comes after.
                BakeError::Colours(fault) => PipelineError::Colours(fault),
                fault => broken(fault),
            })?;
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

fn broken(fault: impl std::error::Error) -> PipelineError {
    PipelineError::Finish(chain(&fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use inference_mesh::{Camera, Colours, ColoursError, Spot};

    /// Fails as an engine whose device does not answer.
    struct Failing(ColoursError);

    impl Colours for Failing {
        fn paint(&self, _: &[Spot], _: &mut [[f32; 3]]) -> Result<(), ColoursError> {
            Err(self.0.clone())
        }
    }

    fn shape(is_device_gone: bool) -> Shape {
        let surface = Surface {
            positions: vec![[0.0; 3], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
            triangles: vec![[0, 1, 2], [0, 2, 3], [0, 3, 1], [2, 1, 3]],
        };
        let camera = Camera {
            origin: [0.0, 0.0, 3.0],
            right: [1.0, 0.0, 0.0],
            down: [0.0, -1.0, 0.0],
            forward: [0.0, 0.0, -1.0],
            perspective: true,
        };
        let colours = Box::new(Failing(ColoursError { reason: "gpu: lost".into(), is_device_gone }));
        Shape { surface, colours, camera, fits: false }
    }

    #[test]
    fn a_device_that_is_gone_while_painting_ends_the_process_and_one_that_failed_once_does_not() {
        let framed = RgbaImage::new(1, 1);
        for is_device_gone in [true, false] {
            let shape = shape(is_device_gone);
            for paint in [Coat::Texture, Coat::Vertices] {
                let options = Options { paint, texture_size: 512, ..Options::default() };
                let coated = coat(&shape.surface, &shape, &framed, &options).err();
                let formed = form(&shape, &framed, &options).err().filter(|_| paint == Coat::Vertices);
                assert!(formed.is_some() || paint == Coat::Texture, "colours are asked for before simplifying, too");
                for fault in coated.into_iter().chain(formed) {
                    assert_eq!(fault.is_final(), is_device_gone, "{paint:?}: {fault}");
                    assert_eq!(fault.to_string(), "the engine gives no colours: gpu: lost");
                }
            }
        }
    }
}
