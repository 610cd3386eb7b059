//! Our side of `inference/training/parity`: every stage of a photo to a file, or parts of a run as they are asked for.
//!
//!     parity stages DIRECTORY PHOTO.png OURS.safetensors [RESOLUTION [DEVICE]]
//!     parity serve DIRECTORY PHOTO.png [RESOLUTION [DEVICE]]      reads a part's name a line, answers with its seconds
//!
//! DEVICE is `cpu`; built with `--features cuda` also `f32`, `tf32` or `bf16` of a GPU.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use image::RgbaImage;
#[cfg(feature = "cuda")]
use inference_triposr::Precision;
use inference_triposr::{Part, Place, Settings, TripoSr};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        // Every node where surfaces are compared; as products do it where time is.
        ["stages", directory, photo, ours, ref rest @ ..] => {
            stages(&open(directory, photo, rest)?, ours, &settings(rest, true)?)
        }
        ["serve", directory, photo, ref rest @ ..] => serve(directory, photo, rest),
        _ => Err("parity stages DIRECTORY PHOTO.png OURS.safetensors | parity serve DIRECTORY PHOTO.png".into()),
    }
}

fn settings(rest: &[&str], exact: bool) -> Result<Settings, Box<dyn Error>> {
    let resolution = rest.first().map_or(Ok(256), |text| text.parse())?;
    Ok(Settings { resolution, exact, ..Settings::default() })
}

fn place(rest: &[&str]) -> Result<Place, Box<dyn Error>> {
    match rest.get(1).copied().unwrap_or("cpu") {
        "cpu" => Ok(Place::Cpu),
        #[cfg(feature = "cuda")]
        "f32" => Ok(Place::Gpu(Precision::Single)),
        #[cfg(feature = "cuda")]
        "tf32" => Ok(Place::Gpu(Precision::Tf32)),
        #[cfg(feature = "cuda")]
        "bf16" => Ok(Place::Gpu(Precision::Half)),
        other => Err(format!("{other} is no device of this program").into()),
    }
}

fn open(directory: &str, photo: &str, rest: &[&str]) -> Result<(TripoSr, RgbaImage), Box<dyn Error>> {
    let engine = TripoSr::load_to(Path::new(directory), place(rest)?)?;
    Ok((engine, image::open(photo)?.into_rgba8()))
}

fn stages((engine, photo): &(TripoSr, RgbaImage), ours: &str, settings: &Settings) -> Result<(), Box<dyn Error>> {
    let mut found: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
    let points = points();
    let mut take = |name: &str, shape: &[usize], numbers: &[f32]| {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        found.insert(name.into(), (shape.to_vec(), bytes));
    };
    engine.stages(photo, settings, &points, &mut take)?;
    take("points", &[points.len(), 3], points.as_flattened());
    let views = found.iter().map(|(name, (shape, bytes))| {
        Ok::<_, Box<dyn Error>>((name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes)?))
    });
    std::fs::write(ours, serialize(views.collect::<Result<Vec<_>, _>>()?, None)?)?;
    Ok(())
}

/// Points in and around the cube, in no order.
fn points() -> Vec<[f32; 3]> {
    let share = |at: u16, step: u16| f32::from(at.wrapping_mul(step)) / 32768.0 - 1.0;
    (0..20_000).map(|at| [share(at, 40_503), share(at, 25_033), share(at, 15_459)]).collect()
}

fn serve(directory: &str, photo: &str, rest: &[&str]) -> Result<(), Box<dyn Error>> {
    let settings = settings(rest, false)?;
    let start = Instant::now();
    let (engine, photo) = open(directory, photo, rest)?;
    let mut answer = std::io::stdout();
    writeln!(answer, r#"{{"device":"{}","load_s":{}}}"#, engine.device(), start.elapsed().as_secs_f64())?;
    let mut run = engine.parts(&photo, &settings)?;
    for line in std::io::stdin().lock().lines() {
        let part = match line?.as_str() {
            "encoder" => Part::Encoder,
            "block" => Part::Block,
            "backbone" => Part::Backbone,
            "dense" => Part::Dense,
            "sparse" => Part::Sparse,
            "request" => Part::Request,
            other => return Err(format!("{other} is no part of a run").into()),
        };
        let (start, cpu) = (Instant::now(), cpu_s()?);
        run(part)?;
        let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_s()? - cpu);
        writeln!(answer, r#"{{"wall_s":{wall},"cpu_s":{cpu},"peak_kb":{}}}"#, peak_kb()?)?;
        answer.flush()?;
    }
    Ok(())
}

/// The processor's seconds of this process, of Linux's hundredths.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}

fn peak_kb() -> Result<u64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
