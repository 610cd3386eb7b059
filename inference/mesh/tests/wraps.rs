//! What vertices that lie beyond their texture's edge are coloured, in models of others.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{GrayImage, ImageFormat, Luma};
use inference_mesh::Paint;
use inference_mesh::format::read_glb;
use serde_json::json;
use std::io::Cursor;

/// Black on the left, white on the right.
fn texture() -> Vec<u8> {
    let picture = GrayImage::from_fn(32, 32, |x, _| if x < 16 { Luma([0]) } else { Luma([255]) });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A GLB of one white triangle with that texture, whose corners all lie at one place of it.
fn triangle(place: [f32; 2], wraps: [u32; 2]) -> Vec<u8> {
    let positions = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0_f32];
    let numbers = [positions.as_slice(), &[1.0; 9], [place; 3].as_flattened()].concat();
    let mut binary: Vec<u8> = numbers.into_iter().flat_map(f32::to_le_bytes).collect();
    let texture = texture();
    binary.extend(&texture);
    binary.resize(binary.len().next_multiple_of(4), 0);
    let list = |view: u32, kind: &str| json!({ "bufferView": view, "componentType": 5126, "count": 3, "type": kind });
    let mut description = serde_json::to_vec(&json!({
        "asset": { "version": "2.0" },
        "nodes": [{ "mesh": 0 }],
        "meshes": [{ "primitives": [{
            "attributes": { "POSITION": 0, "COLOR_0": 1, "TEXCOORD_0": 2 }, "material": 0,
        }] }],
        "materials": [{ "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } } }],
        "textures": [{ "source": 0, "sampler": 0 }],
        "samplers": [{ "wrapS": wraps[0], "wrapT": wraps[1] }],
        "images": [{ "bufferView": 3, "mimeType": "image/png" }],
        "accessors": [list(0, "VEC3"), list(1, "VEC3"), list(2, "VEC2")],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": 36 },
            { "buffer": 0, "byteOffset": 36, "byteLength": 36 },
            { "buffer": 0, "byteOffset": 72, "byteLength": 24 },
            { "buffer": 0, "byteOffset": 96, "byteLength": texture.len() },
        ],
        "buffers": [{ "byteLength": binary.len() }],
    }))
    .unwrap();
    description.resize(description.len().next_multiple_of(4), b' ');
    let chunk = |kind: &[u8], bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), kind, bytes].concat();
    let chunks = [chunk(b"JSON", &description), chunk(b"BIN\0", &binary)].concat();
    let length = u32::try_from(chunks.len() + 12).unwrap().to_le_bytes();
    [b"glTF\x02\0\0\0".as_slice(), &length, &chunks].concat()
}

/// Whether the triangle's corners came out white; they are that or black.
fn is_white(place: [f32; 2], wraps: [u32; 2]) -> bool {
    let Paint::Vertices(colours) = read_glb(&triangle(place, wraps)).unwrap().model.paint else {
        unreachable!("it has colours of vertices")
    };
    assert!(colours == [[0; 3]; 3] || colours == [[255; 3]; 3], "{colours:?}");
    colours[0] == [255; 3]
}

const CLAMP: u32 = 33071;
const MIRROR: u32 = 33648;
const REPEAT: u32 = 10497;

#[test]
fn a_vertex_beyond_the_edge_of_its_texture_shows_what_the_sampler_says() {
    for (u, clamped, mirrored, repeated) in [
        (0.0, false, false, false),
        (0.75, true, true, true),
        (1.0, true, true, true),
        (1.25, true, true, false),
        (1.75, true, false, true),
        (2.75, true, true, true),
        (-0.25, false, false, true),
        (-0.75, false, true, false),
    ] {
        let seen = [CLAMP, MIRROR, REPEAT].map(|wrap| is_white([u, 0.5], [wrap, REPEAT]));
        assert_eq!(seen, [clamped, mirrored, repeated], "at {u}");
    }
    assert!(is_white([1.25, 1.25], [CLAMP, REPEAT]) && !is_white([1.25, 1.25], [REPEAT, CLAMP]), "each axis its own");
}
