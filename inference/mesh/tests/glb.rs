//! What we write, read again by another reader of glTF.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{Rgb, RgbImage};
use inference_mesh::{Charts, MeshError, Model, Paint, Surface, glb};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A tetrahedron of unit legs, its faces charted apart: every vertex lies on a seam.
fn tetrahedron() -> Model {
    let surface = Surface {
        positions: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
    };
    let charts = Charts {
        points: vec![[0.0, 0.0], [1.0, 0.0], [0.5, 1.0], [0.25, 0.5], [0.75, 0.5], [0.5, 0.0]],
        triangles: vec![[0, 1, 2], [3, 4, 5], [0, 1, 2], [3, 4, 5]],
    };
    Model { surface, paint: Paint::Texture { charts, image: RgbImage::from_pixel(16, 8, Rgb([200, 60, 30])) } }
}

fn charts(model: &mut Model) -> &mut Charts {
    let Paint::Texture { charts, .. } = &mut model.paint else { unreachable!("the tetrahedron has a texture") };
    charts
}

/// The corners of every triangle, as places, in order.
fn corners(surface: &Surface) -> Vec<[f32; 3]> {
    surface.triangles.iter().flatten().map(|vertex| surface.positions[usize::try_from(*vertex).unwrap()]).collect()
}

/// The places and texture points of every corner in a file, in order.
fn read(file: &[u8]) -> (Vec<[f32; 3]>, Vec<[f32; 2]>) {
    let (document, buffers, images) = gltf::import_slice(file).unwrap();
    assert_eq!((document.meshes().count(), images.len()), (1, 1));
    let primitive = document.meshes().next().unwrap().primitives().next().unwrap();
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let positions: Vec<_> = reader.read_positions().unwrap().collect();
    let normals: Vec<_> = reader.read_normals().unwrap().collect();
    let points: Vec<_> = reader.read_tex_coords(0).unwrap().into_f32().collect();
    assert!(positions.len() == normals.len() && positions.len() == points.len());
    for normal in normals {
        assert!((normal.iter().map(|part| part * part).sum::<f32>() - 1.0).abs() < 1e-5, "{normal:?} is not a unit");
    }
    let indices: Vec<_> = reader.read_indices().unwrap().into_u32().map(|v| usize::try_from(v).unwrap()).collect();
    (indices.iter().map(|v| positions[*v]).collect(), indices.iter().map(|v| points[*v]).collect())
}

#[test]
fn a_model_is_read_back_as_it_was_written() {
    let mut model = tetrahedron();
    let (positions, points) = read(&glb(&model, &Value::Null).unwrap());
    assert_eq!(positions, corners(&model.surface));
    let charts = charts(&mut model);
    let charted = charts.triangles.iter().flatten();
    let charted: Vec<_> = charted.map(|point| charts.points[usize::try_from(*point).unwrap()]).collect();
    assert_eq!(points, charted);
}

#[test]
fn a_file_says_its_length_and_its_parts_are_aligned() {
    let file = glb(&tetrahedron(), &json!({ "engine": "relief", "odd": "ÿ" })).unwrap();
    assert_eq!((&file[..4], file.len() % 4), (&b"glTF"[..], 0));
    assert_eq!(file[8..12], u32::try_from(file.len()).unwrap().to_le_bytes());
    let read = gltf::Gltf::from_slice(&file).unwrap();
    for view in read.views() {
        assert_eq!(view.offset() % 4, 0);
    }
    for accessor in read.accessors() {
        assert_eq!(accessor.view().unwrap().offset() % 4, 0);
    }
}

#[test]
fn extras_go_into_the_asset_and_null_leaves_none() {
    let description = |file: &[u8]| -> Value {
        let length = usize::try_from(u32::from_le_bytes(file[12..16].try_into().unwrap())).unwrap();
        serde_json::from_slice(&file[20..20 + length]).unwrap()
    };
    let with = glb(&tetrahedron(), &json!({ "seed": 7 })).unwrap();
    assert_eq!(description(&with)["asset"]["extras"], json!({ "seed": 7 }));
    let without = glb(&tetrahedron(), &Value::Null).unwrap();
    assert_eq!(description(&without)["asset"].get("extras"), None);
}

#[test]
fn a_seam_splits_a_vertex_but_not_its_normal() {
    let file = glb(&tetrahedron(), &Value::Null).unwrap();
    let (document, buffers, _) = gltf::import_slice(&file).unwrap();
    let primitive = document.meshes().next().unwrap().primitives().next().unwrap();
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let bits = |parts: [f32; 3]| parts.map(f32::to_bits);
    let places = reader.read_positions().unwrap().map(bits);
    let together: Vec<_> = places.zip(reader.read_normals().unwrap().map(bits)).collect();
    assert!(together.len() > 4);
    for (position, normal) in &together {
        assert!(together.iter().all(|(other, its)| other != position || its == normal));
    }
}

#[test]
fn more_than_65535_vertices_are_written_with_long_indices() {
    let mut model = tetrahedron();
    let one = model.surface.clone();
    for copy in 1..20_000_u32 {
        model.surface.positions.extend(one.positions.iter().map(|[x, y, z]| [x + 2.0, *y, *z]));
        model.surface.triangles.extend(one.triangles.iter().map(|triangle| triangle.map(|vertex| vertex + copy * 4)));
        charts(&mut model).triangles.extend_from_within(..4);
    }
    let (positions, _) = read(&glb(&model, &Value::Null).unwrap());
    assert_eq!(positions, corners(&model.surface));
}

#[test]
fn what_cannot_be_written_is_refused_with_its_numbers() {
    let refused = |change: fn(&mut Model)| {
        let mut model = tetrahedron();
        change(&mut model);
        glb(&model, &Value::Null).unwrap_err().to_string()
    };
    assert_eq!(refused(|m| m.surface.triangles.clear()), "the model has no triangles (4 vertices)");
    assert_eq!(refused(|m| m.surface.positions[2][1] = f32::NAN), "vertex 2 of 4 is not at a finite place");
    assert_eq!(refused(|m| m.surface.positions[3][0] = f32::INFINITY), "vertex 3 of 4 is not at a finite place");
    assert_eq!(refused(|m| charts(m).points[5][0] = 1.5), "texture point 5 of 6 is outside the texture");
    assert_eq!(refused(|m| m.surface.triangles[1][2] = 4), "triangle 1 names vertex 4, but there are 4");
    assert_eq!(refused(|m| charts(m).triangles[3][0] = 9), "triangle 3 names texture point 9, but there are 6");
    assert_eq!(refused(|m| charts(m).triangles.truncate(3)), "4 triangles, but charts for 3");
    let empty = |m: &mut Model| m.paint = Paint::Texture { charts: charts(m).clone(), image: RgbImage::new(0, 5) };
    assert_eq!(refused(empty), "the texture is 0 by 5 pixels");
    let few = |m: &mut Model| m.paint = Paint::Vertices(vec![[0; 3]; 3]);
    assert_eq!(refused(few), "4 vertices, but colours for 3");
    assert!(matches!(glb(&Model::default(), &Value::Null), Err(MeshError::Empty { vertices: 0 })));
}

#[test]
fn colours_of_vertices_are_written_linear() {
    let colours = [[0, 128, 255], [10, 20, 30], [255, 255, 255], [1, 2, 3]];
    let model = Model { paint: Paint::Vertices(colours.to_vec()), ..tetrahedron() };
    let (document, buffers, images) = gltf::import_slice(glb(&model, &Value::Null).unwrap()).unwrap();
    assert!(images.is_empty());
    let primitive = document.meshes().next().unwrap().primitives().next().unwrap();
    let read: Vec<_> = primitive.reader(|b| Some(&buffers[b.index()])).read_colors(0).unwrap().into_rgb_f32().collect();
    assert_eq!(read.len(), 4);
    let linear = inference_mesh::colour::linear_table();
    // The vertices are written in the order of the triangles: 0, 2, 1, 3.
    for (written, of) in read.iter().zip([0, 2, 1, 3]) {
        for channel in 0..3 {
            assert!((written[channel] - linear[usize::from(colours[of][channel])]).abs() < 1e-5);
        }
    }
}

proptest! {
    #[test]
    fn any_finite_places_survive_exactly(places in proptest::array::uniform4(proptest::array::uniform3(-1e6_f32..1e6))) {
        let mut model = tetrahedron();
        model.surface.positions = places.to_vec();
        let file = glb(&model, &Value::Null).unwrap();
        prop_assert_eq!(&file, &glb(&model, &Value::Null).unwrap());
        let (document, buffers, _) = gltf::import_slice(&file).unwrap();
        let primitive = document.meshes().next().unwrap().primitives().next().unwrap();
        let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
        let positions: Vec<_> = reader.read_positions().unwrap().collect();
        let indices: Vec<_> = reader.read_indices().unwrap().into_u32().collect();
        let read: Vec<_> = indices.iter().map(|v| positions[usize::try_from(*v).unwrap()]).collect();
        prop_assert_eq!(read, corners(&model.surface));
    }
}
