//! GLB: read to make other formats of it.

use fuzz_bounds::Target;
use inference_mesh::format::{MOST_TRIANGLES, Read, read_glb};
use inference_mesh::{ConvertOptions, Format, MeshError, Model, Paint, convert, glb};

/// What is converted to every format here has at most so many triangles and pixels; the rest is only read.
const FEW: usize = 4096;

/// A whole file, if it begins like one; otherwise two bytes that say how long its description is, the description, and the
/// bytes: a file with sound lengths is made of them.
pub const GLB: Target = Target {
    name: "glb",
    longest: 64 * 1024,
    // A texture of 4096 by 4096 pixels is taken, and repeated ones are laid out on one as large.
    most: 400 << 20,
    most_per_byte: 1024,
    most_ms: 20_000,
    body: read,
};

fn read(bytes: &[u8]) {
    let whole = if bytes.starts_with(b"glTF") { bytes.to_vec() } else { file(bytes) };
    let Ok(read) = read_glb(&whole) else { return };
    sound(&read.model);
    match glb(&read.model, &read.extras) {
        Ok(again) => same(&read, &again),
        Err(refused) => {
            let is_known = matches!(refused, MeshError::Empty { .. } | MeshError::OffTexture { .. });
            assert!(is_known, "what was read cannot be written: {refused}");
        }
    }
}

fn sound(model: &Model) {
    let surface = &model.surface;
    let count = surface.positions.len();
    assert!(surface.triangles.len() <= MOST_TRIANGLES, "{} triangles", surface.triangles.len());
    assert!(surface.positions.as_flattened().iter().all(|part| part.is_finite()), "a place is none");
    let named = |corner: &u32, count: usize| usize::try_from(*corner).is_ok_and(|corner| corner < count);
    assert!(surface.triangles.as_flattened().iter().all(|corner| named(corner, count)), "a corner is none of {count}");
    match &model.paint {
        Paint::Vertices(colours) => assert_eq!(colours.len(), count, "each vertex has a colour"),
        Paint::Texture { charts, image } => {
            assert_eq!(charts.triangles.len(), surface.triangles.len(), "each triangle has a place in the texture");
            let points = charts.points.len();
            assert!(
                charts.triangles.as_flattened().iter().all(|corner| named(corner, points)),
                "none of {points} points"
            );
            assert!(image.width() <= 4096 && image.height() <= 4096, "{:?}", image.dimensions());
        }
    }
}

/// Written and read again it is the same, but for what the texture's encoder rounds; and it becomes every format.
fn same(read: &Read, written: &[u8]) {
    let pixels = match &read.model.paint {
        Paint::Texture { image, .. } => image.as_raw().len(),
        Paint::Vertices(_) => 0,
    };
    if read.model.surface.triangles.len() > FEW || pixels > FEW {
        return;
    }
    let again = read_glb(written);
    assert!(again.is_ok(), "what was written cannot be read: {:?}", again.err());
    let Ok(again) = again else { return };
    sound(&again.model);
    assert_eq!(again.model.surface.triangles.len(), read.model.surface.triangles.len());
    assert_eq!(again.extras, read.extras, "where it comes from stays with it");
    for format in Format::ALL {
        if let Ok(bytes) = convert(written, format, &ConvertOptions::default()) {
            assert!(!bytes.is_empty(), "an empty {format}");
        }
    }
}

/// A file whose lengths are right.
fn file(bytes: &[u8]) -> Vec<u8> {
    let [low, high, rest @ ..] = bytes else { return Vec::new() };
    let (description, binary) = rest.split_at(usize::from(u16::from_le_bytes([*low, *high])).min(rest.len()));
    let chunk = |kind: &[u8], contents: &[u8]| {
        let length = u32::try_from(contents.len()).unwrap_or(u32::MAX);
        [&length.to_le_bytes()[..], kind, contents].concat()
    };
    let chunks = [chunk(b"JSON", description), chunk(b"BIN\0", binary)].concat();
    let length = u32::try_from(12 + chunks.len()).unwrap_or(u32::MAX);
    [&b"glTF\x02\0\0\0"[..], &length.to_le_bytes(), &chunks].concat()
}
