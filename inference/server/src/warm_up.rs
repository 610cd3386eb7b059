//! A first run before the first caller: pages in the weights, sizes the buffers, and proves that everything works.

use crate::worker::Job;
use bytes::Bytes;
use image::{ImageFormat, Rgba, RgbaImage};
use inference_pipeline::{Options, Pipeline, PipelineError};
use std::io::Cursor;

/// The side of the built-in picture in pixels.
const SIDE: u32 = 256;

/// Makes two models: one of a plain photo, which runs the network and may well find no object, and one of a cut-out,
/// which must give a model.
pub(crate) fn warm_up(pipeline: &Pipeline) -> Result<(), PipelineError> {
    let plain = crate::worker::run(pipeline, &job(&disc(255))?);
    match plain {
        Ok(_) | Err(PipelineError::Photo(_)) => {}
        Err(fault) => return Err(fault),
    }
    crate::worker::run(pipeline, &job(&disc(0))?).map(|_| ())
}

/// A red disc; its surroundings have the given alpha.
fn disc(background_alpha: u8) -> RgbaImage {
    RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x.abs_diff(SIDE / 2), y.abs_diff(SIDE / 2));
        if x * x + y * y < 90 * 90 { Rgba([200, 40, 30, 255]) } else { Rgba([235, 235, 235, background_alpha]) }
    })
}

fn job(picture: &RgbaImage) -> Result<Job, PipelineError> {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|fault| PipelineError::Answer(fault.to_string()))?;
    let options = Options { texture_size: 512, ..Options::default() };
    let (answer, _) = tokio::sync::oneshot::channel();
    Ok(Job { photo: Bytes::from(png.into_inner()), content_type: "image/png".into(), options, answer })
}
