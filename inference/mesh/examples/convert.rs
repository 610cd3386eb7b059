//! Makes every format of a GLB: `cargo run -p inference-mesh --profile local --example convert -- model.glb folder 100`.
//! The number is the height in millimetres. Its standard output says what the compact GLB saves, as JSON.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use inference_mesh::format::{ConvertOptions, Format, convert, glb_compact, read_glb};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(glb), Some(folder), Some(height)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("expected a GLB, a folder and a height in millimetres".into());
    };
    let height_mm = height.to_str().ok_or("the height is no number")?.parse()?;
    let folder = PathBuf::from(folder);
    let glb = std::fs::read(glb)?;
    std::fs::create_dir_all(&folder)?;
    for format in Format::ALL {
        std::fs::write(folder.join(format.file_name()), convert(&glb, format, &ConvertOptions { height_mm })?)?;
    }
    let savings = glb_compact(&read_glb(&glb)?)?.savings;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&savings)?)?)
}
