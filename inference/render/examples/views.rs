//! Makes what the depth network learns from, and is scored with: views of every GLB of a folder, by a seed.
//!
//! `cargo run --release -p inference-render --example views -- OBJECTS OUT VIEWS SEED STRETCH [PHOTO_PX]`
//!
//! With a STRETCH above 0 each view shows its object stretched along its own three axes, by up to e^STRETCH to either side:
//! as if there were more objects.
//!
//! `OUT/views.bin` holds one record a view, [`SIDE`]² pixels in planes: colour and alpha (4 bytes), the last surface's
//! colour (3), the normal in the camera's space (3 signed bytes), first and last depth (2 × 2 bytes). `OUT/views.csv`
//! says of each record what it shows. With `PHOTO_PX` each view also becomes a PNG of that side and a camera in JSON.
//! Light is not in the pictures: training draws it anew each time it looks at a view.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use inference_mesh::format::read_glb;
use inference_mesh::number::{at, real};
use inference_mesh::{Camera, Model};
use inference_render::{Layers, draw_layers, framing_camera, photo_view};

/// The side of a view in pixels, and the share that the object's longer side fills: as the network frames a photo.
const SIDE: u32 = 128;
const FILLED: f32 = 112.0 / 128.0;

/// Depths are kept in these parts of the square's half width, from the object's middle plane.
const DEPTH_PARTS: f32 = 8192.0;
/// A view whose depths go beyond this is left out: an object seen along its length, which tells nothing of it.
const DEEPEST: f32 = 3.9;

/// The eye is lowest and highest at these pitches, in degrees.
const PITCH: [f32; 2] = [-15.0, 60.0];
/// Tangents of half the angle that the framed square takes up at the eye: an object photographed from afar or near.
const TANGENT: [f32; 2] = [0.14, 0.34];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [objects, out, views, seed, stretch, rest @ ..] = arguments.as_slice() else {
        return Err("expected OBJECTS OUT VIEWS SEED STRETCH [PHOTO_PX]".into());
    };
    let (views, seed, stretch): (usize, u64, f32) = (views.parse()?, seed.parse()?, stretch.parse()?);
    let photo_px: Option<u32> = rest.first().map(|side| side.parse()).transpose()?;
    let mut paths: Vec<PathBuf> =
        fs::read_dir(objects)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "glb"));
    paths.sort();
    fs::create_dir_all(out)?;
    let out = PathBuf::from(out);
    let bin = File::create(out.join("views.bin"))?;
    let job = Job { views, seed, stretch, photo_px, bin, out, rows: Mutex::default() };

    let (start, next) = (Instant::now(), AtomicUsize::new(0));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = paths.get(number) else { break };
                    if let Err(fault) = job.object(number, path) {
                        let _ = writeln!(std::io::stderr(), "{}: {fault}", path.display());
                    }
                }
            });
        }
    });
    let mut rows = job.rows.into_inner()?;
    rows.sort();
    let text: String = rows.into_iter().map(|(_, row)| row).collect();
    fs::write(job.out.join("views.csv"), format!("record,object,view,yaw,pitch,tangent,middle\n{text}"))?;
    let made = text.lines().count();
    writeln!(
        std::io::stdout(),
        "{made} views of {} objects, {:.1} a second",
        paths.len(),
        real(made) / start.elapsed().as_secs_f32()
    )?;
    Ok(())
}

struct Job {
    views: usize,
    seed: u64,
    stretch: f32,
    photo_px: Option<u32>,
    bin: File,
    out: PathBuf,
    rows: Mutex<Vec<(usize, String)>>,
}

impl Job {
    fn object(&self, number: usize, path: &Path) -> Result<(), Box<dyn Error>> {
        let model = read_glb(&fs::read(path)?)?.model;
        let name = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a name that is no text")?;
        for view in 0..self.views {
            let record = number * self.views + view;
            // Each view has its own dice, so that more views or objects do not change those before.
            let mut dice = Dice(
                self.seed.wrapping_mul(0x9E37_79B9)
                    ^ hash(name)
                    ^ u64::try_from(view)?.wrapping_mul(0xD1B5_4A32_D192_ED03),
            );
            let yaw = dice.between([0.0, 360.0]);
            // More often from a little above than from far above.
            let pitch = PITCH[0] + (PITCH[1] - PITCH[0]) * dice.between([0.0, 1.0]).powf(1.3);
            let distance = 0.57 / dice.between(TANGENT);
            let factors = [0; 3].map(|_: u8| dice.between([-self.stretch, self.stretch]).exp());
            let model = stretched(&model, factors);
            let camera = framing_camera(&model, [yaw, pitch], distance, FILLED);
            let layers = draw_layers(&model, &camera, SIDE, 1);
            let Some((bytes, middle)) = record_of(&layers, &camera) else { continue };
            self.bin.write_all_at(&bytes, u64::try_from(record * bytes.len())?)?;
            let tangent = 0.5 / length(sideways(camera.right, camera.forward));
            let row = format!("{record},{name},{view},{yaw:.3},{pitch:.3},{tangent:.5},{middle:.6}\n");
            self.rows.lock().map_err(|_| "another thread failed")?.push((record, row));
            if let Some(side) = self.photo_px {
                let photo = self.out.join(format!("{name}-{view}.png"));
                photo_view(&model, &camera, side).save(&photo)?;
                fs::write(photo.with_extension("json"), serde_json::to_vec(&serde_json::json!({ "camera": camera }))?)?;
            }
        }
        Ok(())
    }
}

fn stretched(model: &Model, factors: [f32; 3]) -> Model {
    let mut model = model.clone();
    for position in &mut model.surface.positions {
        *position = [0, 1, 2].map(|axis| position[axis] * factors[axis]);
    }
    model
}

/// Packs a view, and gives the depth of its middle plane; nothing for one that shows too little or is too deep.
fn record_of(layers: &Layers, camera: &Camera) -> Option<(Vec<u8>, f32)> {
    let depths: Vec<[f32; 2]> =
        layers.first.pixels().zip(layers.last.pixels()).map(|(a, b)| [a.0[0], b.0[0]]).collect();
    let seen: Vec<[f32; 2]> =
        depths.iter().copied().filter(|pair| pair.iter().all(|depth| depth.is_finite())).collect();
    if seen.len() < 200 {
        return None;
    }
    let middle = seen.iter().map(|[a, b]| f32::midpoint(*a, *b)).sum::<f32>() / real(seen.len());
    // Half of the square at the middle plane.
    let unit = 0.5 * middle / length(sideways(camera.right, camera.forward));
    let pixels = at(SIDE) * at(SIDE);
    let mut bytes = Vec::with_capacity(pixels * 14);
    for channel in 0..4 {
        bytes.extend(layers.front.pixels().map(|pixel| pixel.0[channel]));
    }
    for channel in 0..3 {
        bytes.extend(layers.back.pixels().map(|pixel| pixel.0[channel]));
    }
    let (right, down) = (unit_of(camera.right, camera.forward), unit_of(camera.down, camera.forward));
    for along in [right, down, camera.forward] {
        bytes.extend(layers.normals.pixels().map(|pixel| signed(dot(pixel.0, along)).to_le_bytes()[0]));
    }
    for side in 0..2 {
        for pair in &depths {
            let depth = if pair[side].is_finite() { (pair[side] - middle) / unit } else { 0.0 };
            if depth.abs() > DEEPEST {
                return None;
            }
            bytes.extend(parts(depth).to_le_bytes());
        }
    }
    Some((bytes, middle))
}

/// Gives the unit direction of a camera's arrow without what lies along the view: a shifted frame leans its arrows.
fn unit_of(arrow: [f32; 3], forward: [f32; 3]) -> [f32; 3] {
    let flat = sideways(arrow, forward);
    flat.map(|part| part / length(flat))
}

fn sideways(arrow: [f32; 3], forward: [f32; 3]) -> [f32; 3] {
    let along = dot(arrow, forward);
    std::array::from_fn(|axis| arrow[axis] - along * forward[axis])
}

fn length(arrow: [f32; 3]) -> f32 {
    dot(arrow, arrow).sqrt().max(f32::MIN_POSITIVE)
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[expect(clippy::cast_possible_truncation, reason = "from -1 to 1, and the cast saturates")]
fn signed(part: f32) -> i8 {
    (part * 127.0).round() as i8
}

#[expect(clippy::cast_possible_truncation, reason = "within DEEPEST, and the cast saturates")]
fn parts(depth: f32) -> i16 {
    (depth * DEPTH_PARTS).round() as i16
}

/// Gives a number of a name that stays the same: FNV-1a.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Throws the same numbers for the same seed: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn between(&mut self, [low, high]: [f32; 2]) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        let share = u16::try_from(bits >> 48).map_or(0.0, |part| f32::from(part) / 65_536.0);
        low + (high - low) * share
    }
}
