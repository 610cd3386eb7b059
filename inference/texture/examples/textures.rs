//! Unwraps and bakes one surface, and prints what each took; for `compare/compare.py`.
//!
//! `textures MODEL.glb PHOTO.png SIZE FOLDER [RUNS]`: the photo is square, straight alpha, and sees the model from the front
//! without perspective, one longest side across. Lines: `unwrap MS`, `bake MS` (means), and the `charts`' triangles.
//! FOLDER gets the texture, and the charts as points.f32 (pairs) and triangles.u32 (triples).

use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use inference_mesh::format::read_glb;
use inference_mesh::{Camera, Colours, ColoursError, Spot};
use inference_texture::{Photo, bake, unwrap};

/// How often each step is run, unless it is said.
const RUNS: u32 = 5;

/// Is what an engine without colours of its own knows.
struct Grey;

impl Colours for Grey {
    fn paint(&self, spots: &[Spot], colours: &mut [[f32; 3]]) -> Result<(), ColoursError> {
        debug_assert_eq!(spots.len(), colours.len());
        colours.fill([0.5; 3]);
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "an example's answer")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, photo, size, folder, runs @ ..] = arguments.as_slice() else {
        return Err("textures MODEL.glb PHOTO.png SIZE FOLDER [RUNS]".into());
    };
    let runs = runs.first().map_or(Ok(RUNS), |runs| runs.parse())?;
    let surface = read_glb(&fs::read(model)?)?.model.surface;
    let image = image::open(photo)?.into_rgba8();
    let size = size.parse()?;
    let front = Camera {
        origin: [0.0, 0.5, 2.0],
        right: [1.0, 0.0, 0.0],
        down: [0.0, -1.0, 0.0],
        forward: [0.0, 0.0, -1.0],
        perspective: false,
    };
    let photo = Photo { image: &image, camera: front };

    let (charts, took) = timed(runs, || unwrap(&surface, size))?;
    println!("unwrap {took:.1}");
    let (texture, took) = timed(runs, || bake(&surface, &charts, size, &Grey, Some(&photo)))?;
    println!("bake {took:.1}");
    println!("charts {}", charts.triangles.len());

    let folder = Path::new(folder);
    texture.save(folder.join("texture.png"))?;
    let points: Vec<u8> = charts.points.iter().flatten().flat_map(|part| part.to_le_bytes()).collect();
    let corners: Vec<u8> = charts.triangles.iter().flatten().flat_map(|corner| corner.to_le_bytes()).collect();
    fs::write(folder.join("points.f32"), points)?;
    Ok(fs::write(folder.join("triangles.u32"), corners)?)
}

/// Runs a step several times after a first time that does not count; gives its last answer and its mean milliseconds.
fn timed<T, E>(runs: u32, mut step: impl FnMut() -> Result<T, E>) -> Result<(T, f64), E> {
    let mut answer = step()?;
    let clock = Instant::now();
    for _ in 0..runs {
        answer = step()?;
    }
    Ok((answer, clock.elapsed().as_secs_f64() * 1000.0 / f64::from(runs.max(1))))
}
