//! The colour of what was read: the file's own texture, a new one, or colours of vertices.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use super::accessor::File;
use super::description::{part, unsupported};
use super::parts::{Look, Part, Wrap};
use super::tiles::{self, Tile};
use super::weld::Welded;
use super::{MOST_TEXTURE_SIDE, Picture, ReadError};
use crate::Paint;
use crate::colour::{linear_table, stored_byte};
use crate::format::tint::sample;
use crate::number::at;

/// What a decoder may allocate: a progressive picture of the largest size, its coefficients included.
const MOST_DECODER_BYTES: u64 = 256 << 20;

/// How many materials are laid side by side: each decodes its picture.
const MOST_LOOKS: usize = 64;

/// Says how the welded surface is coloured, and gives the texture's file if it is used as it is.
pub(super) fn paint(file: &File, parts: &[Part], welded: &Welded) -> Result<(Paint, Option<Picture>), ReadError> {
    let textured = parts.iter().filter(|part| part.look.image.is_some()).count();
    let coloured = parts.iter().any(|part| part.colours.is_some());
    if textured > MOST_LOOKS && coloured {
        return Err(unsupported(format!("more than {MOST_LOOKS} textured primitives beside colours of vertices")));
    }
    if textured == 0 || coloured {
        return Ok((Paint::Vertices(vertices(file, parts, welded)?), None));
    }
    let mut looks: Vec<Look> = Vec::new();
    for part in parts {
        if looks.len() <= MOST_LOOKS && !looks.contains(&part.look) {
            looks.push(part.look);
        }
    }
    if looks.len() > MOST_LOOKS {
        return Err(unsupported(format!("more than {MOST_LOOKS} materials beside textures")));
    }
    let most = tiles::most_side(looks.len());
    let mut made = Vec::with_capacity(looks.len());
    let mut file_of_one = None;
    for look in &looks {
        let own: Vec<&Part> = parts.iter().filter(|part| part.look == *look).collect();
        let (picture, encoded) = load(file, look)?;
        let (tile, untouched) = Tile::of(picture, look, &own, most);
        if untouched && looks.len() == 1 {
            file_of_one = encoded;
        }
        made.push(tile);
    }
    let tile_of: Vec<usize> =
        parts.iter().map(|part| looks.iter().position(|look| *look == part.look).unwrap_or(0)).collect();
    Ok((tiles::lay_out(made, parts, &tile_of), file_of_one))
}

/// Gives each vertex the colour of the corner that it was first seen as.
fn vertices(file: &File, parts: &[Part], welded: &Welded) -> Result<Vec<[u8; 3]>, ReadError> {
    let linear = linear_table();
    let mut colours = Vec::with_capacity(welded.first.len());
    // Vertices are numbered part by part, so that one picture at a time is decoded.
    let mut loaded: Option<(usize, RgbImage)> = None;
    for (number, corner) in &welded.first {
        let part = &parts[*number];
        let mut colour = part.look.factor;
        if let Some(own) = &part.colours {
            let own = own[at(*corner)];
            colour = [0, 1, 2].map(|channel| colour[channel] * own[channel]);
        }
        if let (Some(points), Some((image, wraps))) = (&part.points, part.look.image) {
            let picture = match loaded.take() {
                Some((known, picture)) if known == image => picture,
                _ => load(file, &part.look)?.0,
            };
            let point = points[at(*corner)];
            let seen = sample(&picture, [0, 1].map(|axis| within(point[axis], wraps[axis])), &linear);
            colour = [0, 1, 2].map(|channel| colour[channel] * seen[channel]);
            loaded = Some((image, picture));
        }
        colours.push(colour.map(stored_byte));
    }
    Ok(colours)
}

/// Brings a place along an axis into the picture: to where it shows the same.
fn within(place: f32, wrap: Wrap) -> f32 {
    // Both edges are within: the far one is not the near one, though a repeat begins there.
    if (0.0..=1.0).contains(&place) {
        return place;
    }
    match wrap {
        Wrap::Clamp => place.clamp(0.0, 1.0),
        Wrap::Repeat => place - place.floor(),
        // There and back again takes two.
        Wrap::Mirror => 1.0 - (place - 2.0 * (place / 2.0).floor() - 1.0).abs(),
    }
}

/// Decodes the picture of a look; one white pixel for a look without.
fn load(file: &File, look: &Look) -> Result<(RgbImage, Option<Picture>), ReadError> {
    let Some((index, _)) = look.image else { return Ok((RgbImage::from_pixel(1, 1, [255; 3].into()), None)) };
    let lacks = ReadError::Incomplete { what: "picture", index, part: "buffer view" };
    let view = part(&file.description.images, index, "picture")?.buffer_view.ok_or(lacks)?;
    let bytes = file.view(view)?.0;
    let failed = |source| ReadError::Texture { image: index, source };
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| failed(error.into()))?;
    let media_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::WebP) => "image/webp",
        // Any other format is refused by the next step: no decoder of it is built in.
        _ => "image/jpeg",
    };
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST_DECODER_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MOST_TEXTURE_SIDE || width.min(height) == 0 {
        return Err(ReadError::TextureTooLarge { image: index, width, height });
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(failed)?.into_rgb8();
    Ok((picture, Some(Picture { media_type, bytes: bytes.to_vec() })))
}
