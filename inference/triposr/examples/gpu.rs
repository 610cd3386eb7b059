//! A GPU next to the CPU: how far each stage is off at each precision, how long requests take, and that memory stays.
//!
//!     gpu DIRECTORY PHOTO.png [RESOLUTION [REQUESTS]]
//!
//! Prints a table of the largest differences (÷ the CPU's root mean square), and one of times and memory. Needs
//! `--features cuda`, a driver of CUDA 13.0 or newer, and cuBLASLt 13 on the path of libraries.

#![expect(clippy::print_stdout, reason = "its tables are what it is for")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use image::RgbaImage;
use inference_triposr::{Part, Place, Precision, Settings, TripoSr};

/// Requests that are timed.
const TIMED: usize = 10;

type Stages = BTreeMap<String, Vec<f32>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, photo, rest @ ..] = &arguments[..] else {
        return Err("gpu DIRECTORY PHOTO.png [RESOLUTION [REQUESTS]]".into());
    };
    let resolution = rest.first().map_or(Ok(256), |text| text.parse())?;
    let requests = rest.get(1).map_or(Ok(TIMED), |text| text.parse())?;
    let settings = Settings { resolution, exact: true, ..Settings::default() };
    let (directory, photo) = (Path::new(directory), image::open(photo)?.into_rgba8());
    let wanted = stages(&TripoSr::load_to(directory, Place::Cpu)?, &photo, &settings)?;
    for precision in [Precision::Single, Precision::Tf32, Precision::Half] {
        let engine = TripoSr::load_to(directory, Place::Gpu(precision))?;
        println!("\n{}", engine.device());
        compare(&stages(&engine, &photo, &settings)?, &wanted);
        time(&engine, &photo, &settings, requests)?;
    }
    Ok(())
}

fn stages(engine: &TripoSr, photo: &RgbaImage, settings: &Settings) -> Result<Stages, Box<dyn Error>> {
    let share = |at: u16, step: u16| f32::from(at.wrapping_mul(step)) / 32768.0 - 1.0;
    let points: Vec<[f32; 3]> =
        (0..20_000).map(|at| [share(at, 40_503), share(at, 25_033), share(at, 15_459)]).collect();
    let mut found = Stages::new();
    let mut take = |name: &str, _: &[usize], numbers: &[f32]| drop(found.insert(name.into(), numbers.to_vec()));
    engine.stages(photo, settings, &points, &mut take)?;
    Ok(found)
}

fn compare(found: &Stages, wanted: &Stages) {
    for (name, wanted) in wanted {
        let found = &found[name];
        if found.len() != wanted.len() {
            // Meshes may have another vertex or two.
            println!("  {name:28} {} numbers, the CPU {}", found.len(), wanted.len());
            continue;
        }
        let squares: f64 = wanted.iter().map(|x| f64::from(*x).powi(2)).sum();
        let count = u32::try_from(wanted.len()).map_or(f64::INFINITY, f64::from);
        let off = found.iter().zip(wanted).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max);
        println!("  {name:28} {:.1e}", off / (squares / count).sqrt());
    }
}

fn time(engine: &TripoSr, photo: &RgbaImage, settings: &Settings, requests: usize) -> Result<(), Box<dyn Error>> {
    let mut run = engine.parts(photo, settings)?;
    for part in [Part::Encoder, Part::Block, Part::Backbone, Part::Dense, Part::Sparse, Part::Request] {
        run(part)?;
        let mut times = Vec::new();
        for _ in 0..TIMED {
            let start = Instant::now();
            run(part)?;
            times.push(start.elapsed());
        }
        let least = times.iter().min().copied().unwrap_or(Duration::ZERO);
        println!("  {part:?}: {:.1} ms, the least of {TIMED}", least.as_secs_f64() * 1000.0);
    }
    let before = engine.gpu_memory().ok_or("no GPU")??;
    for _ in 0..requests {
        run(Part::Request)?;
    }
    let [after, all] = engine.gpu_memory().ok_or("no GPU")??;
    println!(
        "  memory: {} MB before {requests} requests, {} MB after, of {} MB",
        before[0] >> 20,
        after >> 20,
        all >> 20
    );
    Ok(())
}
