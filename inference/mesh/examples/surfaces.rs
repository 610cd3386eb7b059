//! Runs every step on one field, and prints what each took; for `compare/compare.py`.
//!
//! `surfaces FIELD WIDTH HEIGHT DEPTH LEVEL FOLDER FACES…`: FIELD holds little-endian f32 samples, x fastest. Every
//! surface is written to FOLDER as NAME.v (f32 triples) and NAME.t (u32 triples). Each line: name, wall ms, CPU ms,
//! vertices, triangles, error.

use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use inference_mesh::{Model, Paint, Surface, check, clean, field, flat_base, mirror, simplify, smooth};

/// How often each step is run; the times are means.
const RUNS: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, width, height, depth, level, folder, faces @ ..] = arguments.as_slice() else {
        return Err("surfaces FIELD WIDTH HEIGHT DEPTH LEVEL FOLDER FACES…".into());
    };
    let bytes = fs::read(path)?;
    let values: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let size = [width.parse()?, height.parse()?, depth.parse()?];
    let folder = Path::new(folder);

    let dense = timed(folder, "dense", || Ok((field::dense(&values, size, level.parse()?)?, 0.0)))?;
    let cleaned = timed(folder, "clean", || Ok((clean(&dense).surface, 0.0)))?;
    let smooth = timed(folder, "smooth", || Ok((smooth(&cleaned, 5), 0.0)))?;
    let model = Model { surface: smooth.clone(), paint: Paint::Vertices(Vec::new()) };
    timed(
        folder,
        "check",
        || if check(&model).watertight { Ok((Surface::default(), 0.0)) } else { Err("open".into()) },
    )?;
    let (low, high) = smooth.bounds();
    timed(folder, "mirror", || Ok((mirror(&smooth, f32::midpoint(low[0], high[0]))?, 0.0)))?;
    timed(folder, "base", || Ok((flat_base(&smooth, 0.03)?, 0.0)))?;
    for faces in faces {
        let count = faces.parse()?;
        timed(folder, &format!("simple{faces}"), || {
            let simple = simplify(&smooth, count, None)?;
            Ok((simple.surface, simple.error))
        })?;
    }
    Ok(())
}

/// Runs a step, prints what it took and writes its surface.
#[expect(clippy::print_stdout, reason = "an example's answer")]
fn timed(
    folder: &Path,
    name: &str,
    mut step: impl FnMut() -> Result<(Surface, f32), Box<dyn Error>>,
) -> Result<Surface, Box<dyn Error>> {
    let (mut surface, mut error) = step()?;
    let (wall, cpu) = (Instant::now(), ticks());
    for _ in 0..RUNS {
        (surface, error) = step()?;
    }
    let wall = wall.elapsed().as_secs_f64() * 1000.0 / f64::from(RUNS);
    let cpu = (ticks() - cpu) * 10.0 / f64::from(RUNS);
    let (vertices, triangles) = (surface.positions.len(), surface.triangles.len());
    println!("{name} {wall:.1} {cpu:.1} {vertices} {triangles} {error:.6}");
    let positions: Vec<u8> = surface.positions.iter().flatten().flat_map(|part| part.to_le_bytes()).collect();
    let corners: Vec<u8> = surface.triangles.iter().flatten().flat_map(|part| part.to_le_bytes()).collect();
    fs::write(folder.join(format!("{name}.v")), positions)?;
    fs::write(folder.join(format!("{name}.t")), corners)?;
    Ok(surface)
}

/// Gives the processor time of all threads so far, in hundredths of a second; 0 where the system does not say.
fn ticks() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // Fields 14 and 15 of the line; two are before the bracket.
    fields.iter().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum()
}
