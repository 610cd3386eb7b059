//! Cuts and frames one photo, to look at: `cargo run -p inference-image --example cut -- photo.jpg out.png`.

use inference_image::{Foreground, Format, Limits, decode, frame};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, photo, out] = &arguments[..] else { return Err("usage: cut photo out.png".into()) };
    let bytes = std::fs::read(photo)?;
    let content_type = Format::sniff(&bytes).map_or("", Format::media_type);
    let start = Instant::now();
    let foreground = Foreground::load(Path::new(".local/models"))?;
    eprintln!("load {:?}", start.elapsed());
    for _ in 0..3 {
        let start = Instant::now();
        let photo = decode(&bytes, content_type, &Limits::default())?;
        eprintln!("decoded after {:?}", start.elapsed());
        let cut = foreground.cut(photo)?;
        eprintln!("cut after {:?}", start.elapsed());
        let framed = frame(&cut.pixels, 85, 2048)?;
        eprintln!("framed after {:?}", start.elapsed());
        framed.pixels.save(out)?;
    }
    Ok(())
}
