//! The pictures that are stored beside a model.

use crate::error::PipelineError;
use inference_mesh::Model;

/// The side of the preview in pixels.
const PREVIEW_SIDE: u32 = 512;

/// Of 100: at this quality nobody sees a difference.
const PREVIEW_QUALITY: u8 = 90;

/// The side of the turntable in pixels: a card of the library; larger ones take longer than the model.
const TURNTABLE_SIDE: u32 = 256;

/// Of 100: what moves need not be as sharp.
const TURNTABLE_QUALITY: u8 = 75;

/// Frames of one turn, and how long each is shown: a turn takes 3.6 seconds.
const FRAMES: u32 = 36;
const FRAME_MS: u32 = 100;

/// Renders the preview as WebP.
pub(crate) fn preview(model: &Model) -> Result<Vec<u8>, PipelineError> {
    let picture = inference_render::preview(model, PREVIEW_SIDE);
    inference_render::lossy_webp(&picture, PREVIEW_QUALITY).map_err(|fault| PipelineError::Answer(fault.to_string()))
}

/// Renders one turn as an animated WebP without end.
pub(crate) fn turntable(model: &Model) -> Result<Vec<u8>, PipelineError> {
    let frames = inference_render::turntable(model, TURNTABLE_SIDE, FRAMES);
    inference_render::animated_webp(&frames, FRAME_MS, TURNTABLE_QUALITY)
        .map_err(|fault| PipelineError::Answer(fault.to_string()))
}
