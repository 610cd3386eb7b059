//! Makes the model of a framed cut-out and pictures of it from four sides:
//! `cargo run -p inference-relief --profile local --example look -- cutout.png folder`.

use inference_mesh::Paint;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

/// The texture's side in pixels, as the service has it by default.
const TEXTURE_PX: u32 = 1024;

/// The side of each picture in pixels, as the service has its preview.
const PICTURE_PX: u32 = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(photo), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("expected a framed cut-out and a folder".into());
    };
    let framed = image::open(photo)?.to_rgba8();
    let mut log = std::io::stderr();
    let mut since = Instant::now();
    let mut took = |step: &str| {
        let written = writeln!(log, "{step}: {} ms", since.elapsed().as_millis());
        since = Instant::now();
        written
    };
    let model = inference_relief::reconstruct(&framed, TEXTURE_PX)?;
    took("reconstruct")?;
    let glb = inference_mesh::glb(&model, &serde_json::Value::Null)?;
    took("glb")?;
    let check = inference_mesh::check(&model);
    took("check")?;
    std::fs::create_dir_all(&folder)?;
    inference_render::preview(&model, PICTURE_PX).save(folder.join("preview.png"))?;
    took("preview")?;
    for (name, yaw) in [("front", 0.0), ("side-40", 40.0), ("side-90", 90.0), ("back", 180.0)] {
        inference_render::view(&model, PICTURE_PX, yaw, 10.0).save(folder.join(name).with_extension("png"))?;
    }
    if let Paint::Texture { image, .. } = &model.paint {
        image.save(folder.join("texture.png"))?;
    }
    std::fs::write(folder.join("model.glb"), &glb)?;
    writeln!(std::io::stderr(), "{} bytes, {check:?}", glb.len())?;
    Ok(())
}
