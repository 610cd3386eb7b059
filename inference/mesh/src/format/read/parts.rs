//! The primitives of a scene, each with its places, triangles and what colours it.

use super::accessor::{File, MOST_ELEMENTS};
use super::description::{Primitive, part, unsupported};
use super::scene::{Transform, meshes};
use super::{MOST_TRIANGLES, ReadError};
use crate::number::{at, index};

/// More primitives than this are not read: empty ones would take time for nothing.
const MOST_PRIMITIVES: usize = 4096;

/// Is one primitive of one node, in the place that the node gives it.
pub(super) struct Part {
    /// Its places.
    pub(super) positions: Vec<[f32; 3]>,
    /// Its triangles over its own places; every index has one.
    pub(super) triangles: Vec<[u32; 3]>,
    /// For each place, where it lies in the texture.
    pub(super) points: Option<Vec<[f32; 2]>>,
    /// For each place, its linear colour.
    pub(super) colours: Option<Vec<[f32; 4]>>,
    /// What else colours it.
    pub(super) look: Look,
}

/// Is what one material says of the colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// The linear colour that all else is multiplied by.
    pub(super) factor: [f32; 3],
    /// The picture, and what comes beyond its edges along u and v.
    pub(super) image: Option<(usize, [Wrap; 2])>,
}

/// Says what lies beyond a texture's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    /// The edge goes on.
    Clamp,
    /// The texture begins again.
    Repeat,
    /// The texture begins again, turned round every other time.
    Mirror,
}

/// Gathers what the scene shows; counts the triangles first.
pub(super) fn gather(file: &File) -> Result<Vec<Part>, ReadError> {
    let mut shown = Vec::new();
    let (mut corners, mut vertices) = (0_usize, 0_usize);
    for (number, transform) in meshes(&file.description)? {
        for primitive in &part(&file.description.meshes, number, "mesh")?.primitives {
            let positions = *primitive.attributes.get("POSITION").ok_or(ReadError::Incomplete {
                what: "a primitive of mesh",
                index: number,
                part: "positions",
            })?;
            vertices += file.count(positions)?;
            corners += file.count(primitive.indices.unwrap_or(positions))?;
            // Shared vertices are fewer than corners; were they more, they would take memory for nothing.
            if corners.max(vertices) > MOST_ELEMENTS {
                return Err(ReadError::TooManyTriangles { triangles: corners.max(vertices) / 3 });
            }
            if shown.len() == MOST_PRIMITIVES {
                return Err(unsupported(format!("more than {MOST_PRIMITIVES} primitives")));
            }
            shown.push((primitive, positions, transform));
        }
    }
    if corners > MOST_TRIANGLES * 3 {
        return Err(ReadError::TooManyTriangles { triangles: corners / 3 });
    }
    if corners == 0 {
        return Err(ReadError::Empty);
    }
    shown.into_iter().map(|(primitive, positions, transform)| read(file, primitive, positions, &transform)).collect()
}

fn read(file: &File, primitive: &Primitive, accessor: usize, transform: &Transform) -> Result<Part, ReadError> {
    if !primitive.targets.is_empty() {
        return Err(unsupported("morph targets"));
    }
    if let Some(mode) = primitive.mode.filter(|mode| *mode != TRIANGLES) {
        return Err(unsupported(format!("a primitive of mode {mode}")));
    }
    let read: Vec<[f32; 3]> = file.reals(accessor, &["VEC3"], "list of positions")?;
    // Negative zero becomes zero, or places that are the same would not weld.
    let positions: Vec<_> = read.into_iter().map(|position| transform.of(position).map(|part| part + 0.0)).collect();
    all_finite(&positions, "position")?;
    let corners = match primitive.indices {
        Some(indices) => file.indices(indices)?,
        None => (0..index(positions.len())).collect(),
    };
    let triangles = triangles(&corners, positions.len(), transform.mirrors())?;
    let (look, set) = look(file, primitive)?;
    let points: Option<Vec<[f32; 2]>> = match look.image {
        Some(_) => attribute(file, primitive, &format!("TEXCOORD_{set}"), &["VEC2"], positions.len())?,
        None => None,
    };
    all_finite(points.as_deref().unwrap_or_default(), "place in the texture of vertex")?;
    let colours = attribute(file, primitive, "COLOR_0", &["VEC3", "VEC4"], positions.len())?;
    // A texture without places in it shows nowhere.
    let image = look.image.filter(|_| points.is_some());
    Ok(Part { positions, triangles, points, colours, look: Look { image, ..look } })
}

fn triangles(corners: &[u32], vertices: usize, mirrored: bool) -> Result<Vec<[u32; 3]>, ReadError> {
    if let Some(index) = corners.iter().find(|corner| at(**corner) >= vertices) {
        return Err(ReadError::IndexOutOfRange { index: *index, vertices });
    }
    let (triangles, rest) = corners.as_chunks::<3>();
    if !rest.is_empty() {
        return Err(ReadError::Corners { corners: corners.len() });
    }
    Ok(triangles.iter().map(|[a, b, c]| if mirrored { [*a, *c, *b] } else { [*a, *b, *c] }).collect())
}

/// Reads an attribute of a primitive, if it has it, as many as it has positions.
fn attribute<const PARTS: usize>(
    file: &File,
    primitive: &Primitive,
    name: &str,
    kinds: &[&str],
    positions: usize,
) -> Result<Option<Vec<[f32; PARTS]>>, ReadError> {
    let Some(accessor) = primitive.attributes.get(name) else { return Ok(None) };
    let there = file.count(*accessor)?;
    if there != positions {
        return Err(ReadError::Uneven { positions, attribute: name.to_owned(), there });
    }
    file.reals(*accessor, kinds, "list of colours or places in a texture").map(Some)
}

/// Says what a primitive's material makes of its colour, and which of its sets of places in the texture it takes.
fn look(file: &File, primitive: &Primitive) -> Result<(Look, usize), ReadError> {
    let plain = (Look { factor: [1.0; 3], image: None }, 0);
    let Some(material) = primitive.material else { return Ok(plain) };
    let surfacing = &part(&file.description.materials, material, "material")?.pbr_metallic_roughness;
    let [red, green, blue, _] = surfacing.base_color_factor.unwrap_or([1.0; 4]);
    let factor = [red, green, blue].map(|part| part.clamp(0.0, 1.0));
    let Some(used) = &surfacing.base_color_texture else { return Ok((Look { factor, image: None }, 0)) };
    if used.extensions.transform.is_some() {
        return Err(unsupported("the extension KHR_texture_transform"));
    }
    let texture = part(&file.description.textures, used.index, "texture")?;
    let webp = texture.extensions.webp.as_ref().map(|webp| webp.source);
    let lacks = ReadError::Incomplete { what: "texture", index: used.index, part: "picture" };
    let image = texture.source.or(webp).ok_or(lacks)?;
    let wraps = match texture.sampler {
        None => [Wrap::Repeat; 2],
        Some(sampler) => {
            let sampler = part(&file.description.samplers, sampler, "sampler")?;
            [sampler.wrap_s, sampler.wrap_t].map(wrap)
        }
    };
    Ok((Look { factor, image: Some((image, wraps)) }, used.tex_coord))
}

fn wrap(number: Option<u32>) -> Wrap {
    match number {
        Some(CLAMP_TO_EDGE) => Wrap::Clamp,
        Some(MIRRORED_REPEAT) => Wrap::Mirror,
        _ => Wrap::Repeat,
    }
}

fn all_finite<const PARTS: usize>(places: &[[f32; PARTS]], what: &'static str) -> Result<(), ReadError> {
    match places.iter().position(|place| !place.iter().all(|part| part.is_finite())) {
        Some(index) => Err(ReadError::NotFinite { what, index }),
        None => Ok(()),
    }
}

// Numbers of the glTF 2.0 specification.
const TRIANGLES: u32 = 4;
const CLAMP_TO_EDGE: u32 = 33071;
const MIRRORED_REPEAT: u32 = 33648;
