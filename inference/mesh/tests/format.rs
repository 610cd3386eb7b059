//! Every format of a model, and what a reader of GLB must survive.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{Rgb, RgbImage};
use inference_mesh::format::{ConvertError, ConvertOptions, Format, ReadError, convert, glb_compact, read_glb};
use inference_mesh::{Charts, Model, Paint, Surface, check, glb};
use proptest::prelude::*;
use serde_json::{Value, json};

const OPTIONS: ConvertOptions = ConvertOptions { height_mm: 100 };

/// A tetrahedron of unit legs, its vertices named in the order of their first use, every one on a seam.
fn textured() -> Model {
    let surface = Surface {
        positions: vec![[0.0; 3], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        triangles: vec![[0, 1, 2], [0, 2, 3], [0, 3, 1], [2, 1, 3]],
    };
    let charts = Charts {
        points: vec![[0.0, 0.0], [1.0, 0.0], [0.5, 1.0], [0.25, 0.5], [0.75, 0.5], [0.5, 0.0]],
        triangles: vec![[0, 1, 2], [3, 4, 5], [0, 1, 2], [3, 4, 5]],
    };
    Model { surface, paint: Paint::Texture { charts, image: RgbImage::from_pixel(16, 8, Rgb([200, 60, 30])) } }
}

fn coloured() -> Model {
    Model { paint: Paint::Vertices(vec![[0, 1, 255], [10, 20, 30], [255, 255, 255], [200, 100, 3]]), ..textured() }
}

fn file(model: &Model) -> Vec<u8> {
    glb(model, &json!({ "seed": 7 })).unwrap()
}

/// A GLB of a description and bytes.
fn packed(description: &Value, binary: &[u8]) -> Vec<u8> {
    let mut json = serde_json::to_vec(description).unwrap();
    json.resize(json.len().next_multiple_of(4), b' ');
    let chunk = |kind: &[u8], bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), kind, bytes].concat();
    let chunks = [chunk(b"JSON", &json), chunk(b"BIN\0", binary)].concat();
    let length = u32::try_from(chunks.len() + 12).unwrap().to_le_bytes();
    [&b"glTF"[..], &2_u32.to_le_bytes(), &length, &chunks].concat()
}

/// The description and bytes of a GLB.
fn unpacked(file: &[u8]) -> (Value, Vec<u8>) {
    let length = usize::try_from(u32::from_le_bytes(file[12..16].try_into().unwrap())).unwrap();
    (serde_json::from_slice(&file[20..20 + length]).unwrap(), file[28 + length..].to_vec())
}

/// The same GLB with another description.
fn changed(file: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let (mut description, binary) = unpacked(file);
    change(&mut description);
    packed(&description, &binary)
}

#[test]
fn every_name_is_its_formats_and_no_other_is_known() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let refused = "blend".parse::<Format>().unwrap_err().to_string();
    assert_eq!(refused, "no format is called \"blend\"; there are glb, glb-compact, obj, ply, stl, 3mf and usdz");
}

#[test]
fn our_own_models_are_read_back_as_they_were() {
    let read = read_glb(&file(&coloured())).unwrap();
    assert_eq!((read.model, read.texture, read.extras), (coloured(), None, json!({ "seed": 7 })));

    let read = read_glb(&file(&textured())).unwrap();
    assert_eq!(read.model.surface, textured().surface);
    assert!(check(&read.model).watertight);
    assert_eq!(read.texture.unwrap().media_type, "image/jpeg");
    let Paint::Texture { charts, image } = read.model.paint else { unreachable!("it has a texture") };
    let Paint::Texture { charts: before, .. } = textured().paint else { unreachable!("it has a texture") };
    let points = |charts: &Charts| -> Vec<_> {
        charts.triangles.iter().flatten().map(|point| charts.points[usize::try_from(*point).unwrap()]).collect()
    };
    assert_eq!((points(&charts), image.dimensions()), (points(&before), (16, 8)));
}

#[test]
fn the_same_model_gives_the_same_bytes_in_every_format() {
    for model in [textured(), coloured()] {
        let glb = file(&model);
        for format in Format::ALL {
            let made = convert(&glb, format, &OPTIONS).unwrap();
            assert!(!made.is_empty());
            assert_eq!(made, convert(&glb, format, &OPTIONS).unwrap(), "{format}");
        }
    }
}

#[test]
fn a_compact_model_is_read_back_watertight_and_in_its_place() {
    for model in [textured(), coloured()] {
        let compact = glb_compact(&read_glb(&file(&model)).unwrap()).unwrap();
        let read = read_glb(&compact.bytes).unwrap();
        assert!(check(&read.model).watertight);
        assert_eq!(read.extras, json!({ "seed": 7 }));
        let (low, high) = read.model.surface.bounds();
        assert!(low.iter().all(|part| part.abs() < 1e-4) && high.iter().all(|part| (part - 1.0).abs() < 1e-4));
        assert!(compact.savings.coded_geometry > 0);
    }
}

/// The corners of an STL, triangle by triangle.
fn corners_of_stl(file: &[u8]) -> Vec<[[f32; 3]; 3]> {
    let triangle = |bytes: &[u8]| {
        [0, 1, 2].map(|corner| {
            [0, 1, 2].map(|axis| {
                let from = 12 + corner * 12 + axis * 4;
                f32::from_le_bytes(bytes[from..from + 4].try_into().unwrap())
            })
        })
    };
    file[84..].chunks_exact(50).map(triangle).collect()
}

#[test]
fn a_print_stands_on_the_bed_centred_with_its_front_towards_minus_y() {
    let stl = convert(&file(&textured()), Format::Stl, &ConvertOptions { height_mm: 80 }).unwrap();
    let corners = corners_of_stl(&stl);
    assert_eq!(corners.len(), 4);
    let surface = Surface { positions: corners.into_flattened(), triangles: Vec::new() };
    assert_eq!(surface.bounds(), ([-40.0, -40.0, 0.0], [40.0, 40.0, 80.0]));
    // The vertex at z = 1 was in front.
    assert!(surface.positions.contains(&[-40.0, -40.0, 0.0]));
}

#[test]
fn heights_out_of_bounds_and_flat_models_are_refused_with_their_numbers() {
    for height_mm in [0, 9, 1001, u32::MAX] {
        let refused = convert(&file(&textured()), Format::Stl, &ConvertOptions { height_mm }).unwrap_err();
        assert_eq!(refused.to_string(), format!("a height of {height_mm} mm was asked for; it must be 10 to 1000"));
    }
    let mut flat = coloured();
    flat.surface.positions.iter_mut().for_each(|position| position[1] = 0.5);
    for format in [Format::Stl, Format::ThreeMf, Format::Usdz] {
        let refused = convert(&file(&flat), format, &OPTIONS).unwrap_err();
        assert!(matches!(refused, ConvertError::Unscalable { height_mm: 100, .. }), "{refused}");
    }
    convert(&file(&flat), Format::Obj, &OPTIONS).unwrap();
    convert(&file(&flat), Format::GlbCompact, &OPTIONS).unwrap();
}

#[test]
fn neighbours_one_step_apart_stay_apart() {
    let step = |value: f32| f32::from_bits(value.to_bits() + 1);
    let mut model = coloured();
    for _ in 0..40 {
        let last = *model.surface.positions.last().unwrap();
        let vertex = u32::try_from(model.surface.positions.len()).unwrap();
        model.surface.positions.push(last.map(|part| if part == 0.0 { 0.0 } else { step(part) }));
        model.surface.triangles.push([0, 1, vertex]);
    }
    model.paint = Paint::Vertices(vec![[9; 3]; model.surface.positions.len()]);
    for height_mm in [10, 77, 100, 333, 1000] {
        let stl = convert(&file(&model), Format::Stl, &ConvertOptions { height_mm }).unwrap();
        let mut places: Vec<_> =
            corners_of_stl(&stl).into_flattened().into_iter().map(|place| place.map(f32::to_bits)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 44, "at {height_mm} mm");
    }
}

#[test]
fn open_and_flat_surfaces_are_converted_as_they_are() {
    let mut model = coloured();
    model.surface.triangles.truncate(2);
    model.surface.triangles.extend([[0, 0, 1], [0, 1, 2], [1, 0, 2]]);
    for format in Format::ALL {
        convert(&file(&model), format, &OPTIONS).unwrap();
    }
    assert_eq!(corners_of_stl(&convert(&file(&model), Format::Stl, &OPTIONS).unwrap()).len(), 4);
}

#[test]
fn nodes_move_scale_and_mirror_what_they_hold() {
    let moved = changed(&file(&coloured()), |description| {
        description["nodes"] = json!([
            { "children": [1], "translation": [1.0, 2.0, 3.0] },
            { "mesh": 0, "scale": [-2.0, 1.0, 1.0] },
        ]);
    });
    let read = read_glb(&moved).unwrap();
    assert_eq!(read.model.surface.bounds(), ([-1.0, 2.0, 3.0], [1.0, 3.0, 4.0]));
    let check = check(&read.model);
    assert!(check.watertight && check.volume > 0.0, "{check:?}");
}

#[test]
fn a_texture_that_repeats_is_laid_out_as_often_as_it_is_used() {
    let (mut description, mut binary) = unpacked(&file(&textured()));
    description["samplers"] = json!([{}]);
    let accessor =
        usize::try_from(description["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"].as_u64().unwrap());
    let accessor = &description["accessors"][accessor.unwrap()];
    let view = usize::try_from(accessor["bufferView"].as_u64().unwrap()).unwrap();
    let from = usize::try_from(description["bufferViews"][view]["byteOffset"].as_u64().unwrap()).unwrap();
    // The first point moves from (0, 0) to (2.5, 0): its triangles reach over three repeats.
    binary[from..from + 4].copy_from_slice(&2.5_f32.to_le_bytes());
    let read = read_glb(&packed(&description, &binary)).unwrap();
    let Paint::Texture { charts, image } = read.model.paint else { unreachable!("it has a texture") };
    assert_eq!((image.dimensions(), read.texture), ((48, 8), None));
    assert!((charts.points[0][0] - 2.5 / 3.0).abs() < 1e-6, "{:?}", charts.points[0]);
    assert!(charts.points.iter().flatten().all(|part| (0.0..=1.0).contains(part)));
}

#[test]
fn several_materials_are_laid_side_by_side() {
    let two = changed(&file(&textured()), |description| {
        let mut second = description["meshes"][0]["primitives"][0].clone();
        second["material"] = json!(1);
        description["materials"].as_array_mut().unwrap().push(json!({ "pbrMetallicRoughness": {
            "baseColorFactor": [0.0, 1.0, 0.0, 1.0],
        } }));
        description["meshes"][0]["primitives"].as_array_mut().unwrap().push(second);
    });
    let read = read_glb(&two).unwrap();
    let Paint::Texture { charts, image } = &read.model.paint else { unreachable!("it has a texture") };
    assert_eq!((charts.triangles.len(), read.model.surface.positions.len()), (8, 4));
    assert!(image.pixels().any(|pixel| pixel.0 == [0, 255, 0]), "the green of the second material is there");
    glb(&read.model, &Value::Null).unwrap();
}

/// A change to a file, and what the reader says of it.
type Case = (fn(&mut Value), &'static str);

#[test]
fn what_is_not_supported_is_named() {
    let refused = |change: fn(&mut Value)| read_glb(&changed(&file(&textured()), change)).unwrap_err().to_string();
    let cases: [Case; 10] = [
        (
            |d| d["extensionsRequired"] = json!(["KHR_draco_mesh_compression"]),
            "the file needs the extension KHR_draco_mesh_compression, which is not supported",
        ),
        (|d| d["nodes"][0]["skin"] = json!(0), "the file needs a skin, which is not supported"),
        (
            |d| d["meshes"][0]["primitives"][0]["targets"] = json!([{}]),
            "the file needs morph targets, which is not supported",
        ),
        (
            |d| d["meshes"][0]["primitives"][0]["mode"] = json!(1),
            "the file needs a primitive of mode 1, which is not supported",
        ),
        (|d| d["accessors"][0]["sparse"] = json!({}), "the file needs a sparse accessor, which is not supported"),
        (
            |d| d["buffers"][0]["uri"] = json!("a.bin"),
            "the file needs buffer 0, which is not in the file, which is not supported",
        ),
        (|d| d["nodes"][0]["children"] = json!([0]), "node 0 hangs in more than one place"),
        (|d| d["meshes"][0]["primitives"] = json!([]), "the scene has no triangles"),
        (|d| d["accessors"][2]["count"] = json!(11), "11 corners do not make whole triangles"),
        (
            |d| d["accessors"][0]["count"] = json!(10_000_000),
            "the scene has 1000001 triangles or more; at most 1000000 are read",
        ),
    ];
    for (change, message) in cases {
        assert_eq!(refused(change), message);
    }
}

#[test]
fn a_lie_about_ten_million_triangles_is_refused_before_anything_is_allocated() {
    for count in [30_000_000_u64, 2_999_999, u64::MAX] {
        let lie = changed(&file(&textured()), |description| description["accessors"][2]["count"] = json!(count));
        let refused = read_glb(&lie).unwrap_err();
        assert!(matches!(refused, ReadError::TooManyTriangles { .. } | ReadError::Beyond { .. }), "{refused}");
    }
    let compact = glb_compact(&read_glb(&file(&textured())).unwrap()).unwrap().bytes;
    let lie =
        changed(&compact, |d| d["bufferViews"][0]["extensions"]["EXT_meshopt_compression"]["count"] = json!(u64::MAX));
    assert!(matches!(read_glb(&lie).unwrap_err(), ReadError::Decoded { view: 0, .. }));
}

/// Converts what can be read; an error is as good, a panic is not.
fn survives(bytes: &[u8]) {
    if let Err(error) = read_glb(bytes) {
        assert!(!error.to_string().is_empty());
        return;
    }
    for format in Format::ALL {
        let _ = convert(bytes, format, &OPTIONS).map_err(|error| error.to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn corrupt_files_never_panic(
        which in 0_usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = match which {
            0 => file(&textured()),
            1 => file(&coloured()),
            _ => glb_compact(&read_glb(&file(&textured())).unwrap()).unwrap().bytes,
        };
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        survives(&bytes);
    }

    #[test]
    fn any_bytes_behind_a_true_header_never_panic(json in ".{0,200}", binary in proptest::collection::vec(any::<u8>(), 0..200)) {
        let description = serde_json::from_str(&json).unwrap_or(Value::String(json));
        survives(&packed(&description, &binary));
    }

    #[test]
    fn any_numbers_in_the_description_never_panic(
        place in any::<prop::sample::Index>(), which in 0_usize..3,
        value in prop_oneof![any::<u64>().prop_map(|n| json!(n)), (0_u64..300).prop_map(|n| json!(n)), any::<f64>().prop_map(|n| json!(n))],
    ) {
        let bytes = match which {
            0 => file(&textured()),
            1 => file(&coloured()),
            _ => glb_compact(&read_glb(&file(&textured())).unwrap()).unwrap().bytes,
        };
        survives(&changed(&bytes, |description| {
            let mut numbers = Vec::new();
            paths(description, String::new(), &mut numbers);
            let path = &numbers[place.index(numbers.len())];
            *description.pointer_mut(path).unwrap() = value.clone();
        }));
    }
}

/// Lists where the numbers of a description are.
fn paths(value: &Value, path: String, numbers: &mut Vec<String>) {
    match value {
        Value::Number(_) => numbers.push(path),
        Value::Array(list) => {
            for (number, item) in list.iter().enumerate() {
                paths(item, format!("{path}/{number}"), numbers);
            }
        }
        Value::Object(map) => {
            for (name, item) in map {
                paths(item, format!("{path}/{name}"), numbers);
            }
        }
        _ => {}
    }
}
