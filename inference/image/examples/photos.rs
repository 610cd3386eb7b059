//! Decodes a photo and makes it smaller, and prints what each took; for `compare/compare.py` and the budgets.
//!
//! `photos PHOTO SIDE RUNS OUT.png`: the longer side becomes SIDE, with the filter that framing takes. Lines: name, wall ms,
//! CPU ms (means of RUNS). OUT.png is the small picture.

use std::error::Error;
use std::time::Instant;
use std::{env, fs};

use image::imageops::{FilterType, resize};
use inference_image::{Format, Limits, decode};

#[expect(clippy::print_stdout, reason = "an example's answer")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, side, runs, out] = arguments.as_slice() else { return Err("photos PHOTO SIDE RUNS OUT.png".into()) };
    let (bytes, side, runs) = (fs::read(path)?, side.parse::<u32>()?, runs.parse()?);
    let content_type = Format::sniff(&bytes).map_or("", Format::media_type);

    let (photo, wall, cpu) = timed(runs, || decode(&bytes, content_type, &Limits::default()))?;
    println!("decode {wall:.3} {cpu:.3}");
    let (width, height) = photo.pixels.dimensions();
    let longer = width.max(height).max(1);
    let (width, height) = (width * side / longer, height * side / longer);
    let smaller = || Ok::<_, Box<dyn Error>>(resize(&photo.pixels, width, height, FilterType::Triangle));
    let (small, wall, cpu) = timed(runs, smaller)?;
    println!("resize {wall:.3} {cpu:.3}");
    Ok(small.save(out)?)
}

/// Runs a step some times after a first time that does not count; gives its last answer and its mean milliseconds.
fn timed<T, E>(runs: u32, mut step: impl FnMut() -> Result<T, E>) -> Result<(T, f64, f64), E> {
    let mut answer = step()?;
    let (clock, before) = (Instant::now(), processor_ms());
    for _ in 0..runs {
        answer = step()?;
    }
    let each = f64::from(runs.max(1));
    Ok((answer, clock.elapsed().as_secs_f64() * 1000.0 / each, (processor_ms() - before) / each))
}

/// Gives this thread's time on a processor so far, and nothing where the system does not say: all of it happens on this one.
fn processor_ms() -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = told.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default();
    nanoseconds / 1e6
}
