//! Every stage of a tiny network against the same network in PyTorch: see `inference/training/parity`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use image::{RgbImage, RgbaImage};
use inference_mesh::Spot;
use inference_mesh::number::{floor, real};
use inference_triposr::{Settings, TripoSr, framed, resized};
use safetensors::{Dtype, SafeTensors};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// What PyTorch gave: shape and numbers of each stage.
struct Stages(Vec<u8>);

impl Stages {
    fn read() -> Self {
        Self(std::fs::read(golden().join("stages.safetensors")).unwrap())
    }

    fn bytes(&self, name: &str) -> (Vec<usize>, &[u8]) {
        let stages = SafeTensors::deserialize(&self.0).unwrap();
        let stage = stages.tensor(name).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        (stage.shape().to_vec(), stage.data())
    }

    fn numbers(&self, name: &str) -> (Vec<usize>, Vec<f32>) {
        let stages = SafeTensors::deserialize(&self.0).unwrap();
        let stage = stages.tensor(name).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(stage.dtype(), Dtype::F32, "{name}");
        let numbers = stage.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        (stage.shape().to_vec(), numbers.collect())
    }

    fn photo(&self, name: &str) -> RgbaImage {
        let (shape, bytes) = self.bytes(name);
        RgbaImage::from_raw(side(shape[1]), side(shape[0]), bytes.to_vec()).unwrap()
    }
}

fn side(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

/// The largest difference, as a share of the reference's root mean square.
fn off(found: &[f32], reference: &[f32]) -> f32 {
    assert_eq!(found.len(), reference.len());
    let count = real(reference.len());
    let size = (reference.iter().map(|x| x * x).sum::<f32>() / count).sqrt();
    found.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / size
}

#[track_caller]
fn assert_close(name: &str, found: &[f32], reference: &[f32], limit: f32) {
    let off = off(found, reference);
    assert!(off <= limit, "{name} is off by {off:e} of its size; at most {limit:e}");
}

#[test]
fn a_photo_is_framed_to_the_byte_and_resized_alike() {
    let stages = Stages::read();
    for name in ["", "small.", "same."] {
        let (square, _) = framed(&stages.photo(&format!("{name}photo")), 0.85).unwrap();
        let (shape, bytes) = stages.bytes(&format!("{name}framed"));
        let reference = RgbImage::from_raw(side(shape[1]), side(shape[0]), bytes.to_vec()).unwrap();
        assert!(square == reference, "{name}framed");
        let (_, reference) = stages.numbers(&format!("{name}input"));
        assert_close(&format!("{name}input"), &resized(&square, 64), &reference, 2e-6);
    }
}

/// Runs the whole network; gives each stage by its name.
fn run(exact: bool, points: &[[f32; 3]]) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
    let engine = TripoSr::load(&golden()).unwrap();
    let settings = Settings { resolution: 64, exact, ..Settings::default() };
    let mut found = BTreeMap::new();
    let mut take = |name: &str, shape: &[usize], numbers: &[f32]| {
        assert_eq!(numbers.len(), shape.iter().product::<usize>(), "{name}");
        found.insert(name.to_owned(), (shape.to_vec(), numbers.to_vec()));
    };
    engine.stages(&Stages::read().photo("photo"), &settings, points, &mut take).unwrap();
    found
}

fn triples(numbers: &[f32]) -> Vec<[f32; 3]> {
    numbers.as_chunks::<3>().0.to_vec()
}

#[test]
fn every_stage_of_the_network_is_pytorch_s() {
    let stages = Stages::read();
    let found = run(true, &triples(&stages.numbers("points").1));
    for name in [
        "tokens.embeddings",
        "tokens.layer.0",
        "tokens.layer.1",
        "tokens",
        "backbone.in",
        "backbone.block.0",
        "backbone.block.1",
        "backbone.out",
        "scene_codes",
    ] {
        let ((shape, reference), (own_shape, numbers)) = (stages.numbers(name), &found[name]);
        assert_eq!(*own_shape, shape, "{name}");
        assert_close(name, numbers, &reference, 2e-5);
    }
    // Ours is the density; the reference keeps the number before the exponential, and adds −1 later.
    let numbers: Vec<f32> = found["points.density"].1.iter().map(|density| density.ln() + 1.0).collect();
    assert_close("points.density", &numbers, &stages.numbers("points.density").1, 5e-5);
    assert_close("points.colour", &found["points.colour"].1, &stages.numbers("points.colour").1, 2e-5);
    assert_close("render", &found["render"].1, &stages.numbers("render").1, 1e-4);
}

/// The distance from each place to the nearest of the others, at most; places of 0.87 a side, in cells of `cell`.
fn farthest(from: &[[f32; 3]], to: &[[f32; 3]], cell: f32) -> f32 {
    let key = |place: &[f32; 3]| place.map(|part| inference_mesh::number::floor((part + 1.0) / cell));
    let mut cells: BTreeMap<[usize; 3], Vec<[f32; 3]>> = BTreeMap::new();
    for place in to {
        cells.entry(key(place)).or_default().push(*place);
    }
    let nearest = |place: &[f32; 3]| {
        let [x, y, z] = key(place);
        let mut best = f32::INFINITY;
        for near in (0..27).map(|at| [x + at % 3, y + at / 3 % 3, z + at / 9]) {
            for other in cells.get(&near.map(|part| part.saturating_sub(1))).into_iter().flatten() {
                let distance: f32 = (0..3).map(|axis| (place[axis] - other[axis]).powi(2)).sum();
                best = best.min(distance);
            }
        }
        best.sqrt()
    };
    from.iter().map(nearest).fold(0.0, f32::max)
}

#[test]
fn the_surface_is_pymcubes_s_within_half_a_voxel_and_the_sparse_one_is_a_part_of_it() {
    let stages = Stages::read();
    let reference = triples(&stages.numbers("mesh.vertices").1);
    let triangles = stages.bytes("mesh.triangles").0[0];
    let mut meshes = Vec::new();
    for exact in [true, false] {
        let engine = TripoSr::load(&golden()).unwrap();
        let mut mesh = (Vec::new(), 0);
        let settings = Settings { resolution: 64, exact, ..Settings::default() };
        let mut take = |name: &str, shape: &[usize], numbers: &[f32]| match name {
            "mesh.vertices" => mesh.0 = triples(numbers),
            "mesh.triangles" => mesh.1 = shape[0],
            _ => {}
        };
        engine.stages(&stages.photo("photo"), &settings, &[], &mut take).unwrap();
        meshes.push(mesh);
    }
    let (vertices, count) = &meshes[0];
    let voxel = 2.0 * 0.87 / 63.0;
    assert_eq!(vertices.len(), reference.len());
    // Where the corners of a cell's side leave it open which of them are joined, the reference joins others than we do;
    // ours is closed and manifold whatever they are.
    assert!(count.abs_diff(triangles) * 1000 <= triangles, "{count} triangles, not {triangles}");
    let off = farthest(vertices, &reference, 2.0 * voxel).max(farthest(&reference, vertices, 2.0 * voxel));
    assert!(off <= voxel / 2.0, "{} voxels apart", off / voxel);
    // What the sparse one lacks are specks between its nodes; all that it has is the dense one's, to the bit.
    let all: BTreeSet<_> = vertices.iter().map(|place| place.map(f32::to_bits)).collect();
    assert!(meshes[1].0.iter().all(|place| all.contains(&place.map(f32::to_bits))));
    let lacking = vertices.len() - meshes[1].0.len();
    assert!(lacking * 200 <= vertices.len(), "{lacking} of {}", vertices.len());
}

/// How alike two pictures are beyond their mean colours, from −1 to 1, where both show something.
fn alike(one: &[[f32; 3]], other: &[Option<[f32; 3]>]) -> f32 {
    let pairs: Vec<_> = one.iter().zip(other).filter_map(|(a, b)| b.map(|b| (*a, b))).collect();
    let count = real(pairs.len());
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for part in 0..3 {
        let means = pairs.iter().fold([0.0; 2], |sums, (a, b)| [sums[0] + a[part], sums[1] + b[part]]);
        let middle = means.map(|sum: f32| sum / count);
        for (a, b) in &pairs {
            let (a, b) = (a[part] - middle[0], b[part] - middle[1]);
            both += a * b;
            first += a * a;
            second += b * b;
        }
    }
    both / (first * second).sqrt()
}

#[test]
fn the_camera_sees_the_surface_as_the_reference_s_picture_from_the_front_shows_it() {
    let stages = Stages::read();
    let (shape, picture) = stages.numbers("render");
    let (side, picture) = (shape[0], triples(&picture));
    let engine = TripoSr::load(&golden()).unwrap();
    let settings = Settings { resolution: 64, ..Settings::default() };
    let (made, _) = engine.reconstruct(&stages.photo("photo"), &settings).unwrap();
    let spot = |place: &[f32; 3]| Spot { position: *place, normal: [0.0, 0.0, 1.0] };
    let spots: Vec<Spot> = made.surface.positions.iter().map(spot).collect();
    let mut colours = vec![[0.0; 3]; spots.len()];
    made.colours.paint(&spots, &mut colours).unwrap();
    // The nearest corner of each pixel, with the product's axes, or with some of them mirrored.
    let fits = |mirror: [f32; 3]| {
        let mut nearest = vec![f32::INFINITY; side * side];
        let mut seen = vec![None; side * side];
        for (spot, colour) in spots.iter().zip(&colours) {
            let view = made.camera.see([0, 1, 2].map(|axis: usize| spot.position[axis] * mirror[axis])).unwrap();
            let [column, row] = view.at.map(|part| floor(part * real(side)));
            if row < side && column < side && view.depth < nearest[row * side + column] {
                nearest[row * side + column] = view.depth;
                seen[row * side + column] = Some(*colour);
            }
        }
        alike(&picture, &seen)
    };
    let upright = fits([1.0; 3]);
    assert!(upright > 0.5, "alike by {upright}");
    for mirror in [[-1.0, 1.0, 1.0], [1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [-1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]] {
        let other = fits(mirror);
        assert!(other < upright / 2.0, "mirrored by {mirror:?} it is alike by {other}, as it is by {upright}");
    }
}
