//! U²-Net-p: which part of a picture stands out. Runs in pure Rust on the processor.

use crate::error::WeightsError;
use crate::number::{float, index};
use image::imageops::FilterType;
use image::{RgbImage, imageops};
use std::path::Path;
use std::sync::Arc;
use tract_linalg::multithread::{Executor, multithread_tract_scope};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::model::TypedRunnableModel;

/// The side of the network's square input and output.
pub(crate) const SIDE: u32 = 320;

/// Mean and spread of natural pictures per channel (red, green, blue), which the network was trained with.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const SPREAD: [f32; 3] = [0.229, 0.224, 0.225];

/// The network, ready to run.
pub(crate) struct Network {
    plan: Arc<TypedRunnableModel>,
}

impl Network {
    /// Builds the network from the bytes of its ONNX file; `path` is for the error alone.
    pub(crate) fn build(onnx: &[u8], path: &Path) -> Result<Self, WeightsError> {
        let side = index(SIDE);
        let build = || -> TractResult<Arc<TypedRunnableModel>> {
            let mut model = tract_onnx::onnx().model_for_read(&mut &onnx[..])?;
            model.set_input_fact(0, f32::fact([1, 3, side, side]).into())?;
            // Outputs 1 to 6 are drafts that only training looks at.
            let fused = model.output_outlets()?.first().copied();
            model.select_output_outlets(fused.as_slice())?;
            model.into_optimized()?.into_runnable()
        };
        let plan =
            build().map_err(|fault| WeightsError::Unusable { path: path.into(), reason: format!("{fault:#}") })?;
        Ok(Self { plan })
    }

    /// Scores each cell of a [`SIDE`]² grid over the picture: 0 is background, 1 is object. Rows first.
    pub(crate) fn scores(&self, picture: &RgbImage) -> Result<Vec<f32>, String> {
        let input = tensor(picture).map_err(|fault| format!("{fault:#}"))?;
        let run = || -> TractResult<Vec<f32>> {
            let outputs = self.plan.run(tvec!(input.into()))?;
            let Some(fused) = outputs.first() else { return Ok(Vec::new()) };
            Ok(fused.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
        };
        // Threads share the rows of a product, never one sum: the result does not depend on their number.
        let scores = multithread_tract_scope(Executor::RayonGlobal, run).map_err(|fault| format!("{fault:#}"))?;
        let cells = index(SIDE) * index(SIDE);
        if scores.len() != cells || scores.iter().any(|score| !score.is_finite()) {
            return Err(format!("the network gave {} cells instead of {cells}, or not all are numbers", scores.len()));
        }
        Ok(scores)
    }
}

/// The picture as the network wants it: squeezed to a square, divided by its brightest value, normalised, channels
/// apart. `// [1, 3, 320, 320]`
fn tensor(picture: &RgbImage) -> TractResult<Tensor> {
    let small = imageops::resize(picture, SIDE, SIDE, FilterType::Lanczos3);
    let brightest = small.as_raw().iter().copied().max().unwrap_or(0).max(1);
    let scale = 1.0 / float(brightest.into());
    let side = index(SIDE);
    let mut values = Vec::with_capacity(3 * side * side);
    for channel in 0..3 {
        values.extend(
            small.pixels().map(|pixel| (f32::from(pixel.0[channel]) * scale - MEAN[channel]) / SPREAD[channel]),
        );
    }
    Tensor::from_shape(&[1, 3, side, side], &values)
}
