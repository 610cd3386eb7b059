//! Makes the baselines of the score from a view of `inference/render/examples/views.rs`: the best that two layers of
//! depth can be, and a flat card.
//!
//! `cargo run --profile local -p inference-relief --example layers -- PHOTO VIEWS_BIN RECORD TANGENT oracle|card MODEL.glb`
//!
//! Beside the model goes a JSON with the camera that took the photo.

use std::error::Error;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use inference_mesh::number::byte;
use inference_mesh::{Model, Paint, Spot};
use inference_relief::{Layers, from_layers};

/// The side of a view in pixels, and in how many parts depths are counted: as they were written.
const SIDE: usize = 128;
const DEPTH_PARTS: f32 = 8192.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [photo, views, record, tangent, kind, model] = arguments.as_slice() else {
        return Err("expected PHOTO VIEWS_BIN RECORD TANGENT oracle|card MODEL.glb".into());
    };
    let photo = image::open(photo)?.to_rgba8();
    let mut bytes = vec![0; SIDE * SIDE * 14];
    let start = record.parse::<u64>()? * u64::try_from(bytes.len())?;
    fs::File::open(views)?.read_exact_at(&mut bytes, start)?;
    let mut layers = layers(&bytes, tangent.parse()?);
    if kind == "card" {
        layers.first.fill(0.0);
        layers.last.fill(0.0);
    }
    let mut shape = from_layers(&photo, &layers)?;
    let places = shape.surface.positions.iter().zip(shape.surface.normals());
    let spots: Vec<Spot> = places.map(|(position, normal)| Spot { position: *position, normal }).collect();
    let mut colours = vec![[0.0; 3]; spots.len()];
    shape.colours.paint(&spots, &mut colours)?;
    let moved = shape.surface.stand();
    let paint = Paint::Vertices(colours.into_iter().map(|colour| colour.map(|part| byte(part * 255.0))).collect());
    let path = PathBuf::from(model);
    fs::write(&path, inference_mesh::glb(&Model { surface: shape.surface, paint }, &serde_json::Value::Null)?)?;
    let camera = serde_json::json!({ "camera": shape.camera.moved(moved) });
    fs::write(path.with_extension("json"), serde_json::to_vec(&camera)?)?;
    Ok(())
}

fn layers(bytes: &[u8], tangent: f32) -> Layers {
    let plane = |first: usize| &bytes[first * SIDE * SIDE..];
    let depths = |first: usize| -> Vec<f32> {
        let (pairs, _) = plane(first)[..SIDE * SIDE * 2].as_chunks::<2>();
        pairs.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / DEPTH_PARTS).collect()
    };
    let (first, last) = (depths(10), depths(12));
    let back = |pixel: usize| [4, 5, 6].map(|channel| f32::from(plane(channel)[pixel]) / 255.0);
    Layers {
        side: SIDE,
        tangent,
        back: (0..SIDE * SIDE).map(back).collect(),
        // Nothing lies exactly on the middle plane with both its layers.
        seen: first.iter().zip(&last).map(|(first, last)| first.to_bits() != 0 || last.to_bits() != 0).collect(),
        first,
        last,
    }
}
