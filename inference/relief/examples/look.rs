//! Makes the shape of a framed cut-out and pictures of it from four sides, with colours at its vertices:
//! `cargo run -p inference-relief --profile local --example look -- cutout.png folder`.

use inference_mesh::number::byte;
use inference_mesh::{Model, Paint, Spot};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

/// The side of each picture in pixels, as the service has its preview.
const PICTURE_PX: u32 = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(photo), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("expected a framed cut-out and a folder".into());
    };
    let mut shape = inference_relief::reconstruct(&image::open(photo)?.to_rgba8())?;
    let places = shape.surface.positions.iter().zip(shape.surface.normals());
    let spots: Vec<Spot> = places.map(|(position, normal)| Spot { position: *position, normal }).collect();
    let mut colours = vec![[0.0; 3]; spots.len()];
    shape.colours.paint(&spots, &mut colours)?;
    shape.surface.stand();
    let paint = Paint::Vertices(colours.into_iter().map(|colour| colour.map(|part| byte(part * 255.0))).collect());
    let model = Model { surface: shape.surface, paint };
    std::fs::create_dir_all(&folder)?;
    for (name, yaw) in [("front", 0.0), ("side-40", 40.0), ("side-90", 90.0), ("back", 180.0)] {
        inference_render::view(&model, PICTURE_PX, yaw, 10.0).save(folder.join(name).with_extension("png"))?;
    }
    std::fs::write(folder.join("model.glb"), inference_mesh::glb(&model, &serde_json::Value::Null)?)?;
    writeln!(std::io::stdout(), "{:?}", inference_mesh::check(&model))?;
    Ok(())
}
