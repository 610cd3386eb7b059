//! One photo to one model: a progress bar, the files, one line of report.

use crate::arguments::{EngineChoice, Make};
use crate::fault::Fault;
use crate::files::{check_outputs, content_type, write_atomically};
use indicatif::{ProgressBar, ProgressStyle};
use inference_pipeline::{Outcome, Pipeline, Stage, TripoSr};

pub(crate) fn make(arguments: &Make) -> Result<String, Fault> {
    let options = arguments.options();
    options.check().map_err(Fault::Options)?;
    check_outputs(&[&arguments.photo], &arguments.outputs())?;
    let photo =
        std::fs::read(&arguments.photo).map_err(|source| Fault::Photo { path: arguments.photo.clone(), source })?;
    let bar = bar(arguments.quiet);
    bar.set_message("loading");
    let mut pipeline = Pipeline::load(&arguments.models()).map_err(Fault::Models)?;
    if arguments.engine == EngineChoice::Triposr {
        let triposr = TripoSr::load(&arguments.weights()).map_err(Fault::Engine)?;
        pipeline = pipeline.with(triposr);
    }
    let outcome = pipeline
        .run(&photo, content_type(&photo), &options, &mut |stage| {
            bar.set_message(name(stage));
            bar.inc(1);
        })
        .map_err(|fault| Fault::Run { path: arguments.photo.clone(), fault });
    bar.finish_and_clear();
    let outcome = outcome?;
    write_atomically(&arguments.output, &outcome.glb)?;
    if let Some(path) = &arguments.preview {
        write_atomically(path, &outcome.preview_webp)?;
    }
    if let Some(path) = &arguments.turntable {
        write_atomically(path, &outcome.turntable_webp)?;
    }
    if let Some(path) = &arguments.report {
        let report = outcome.report_json().map_err(|fault| Fault::Run { path: arguments.photo.clone(), fault })?;
        write_atomically(path, &report)?;
    }
    Ok(summary(arguments, &outcome))
}

/// Everything about the model in one line.
fn summary(arguments: &Make, outcome: &Outcome) -> String {
    let model = &outcome.report.model;
    let closed = if model.watertight { "watertight" } else { "NOT watertight" };
    let (kilobytes, total) = (model.bytes / 1000, outcome.report.timings_ms.total);
    format!(
        "{}: {} faces, {closed}, {}.{:02} MB, {}.{:01} s",
        arguments.output.display(),
        model.faces,
        kilobytes / 1000,
        kilobytes % 1000 / 10,
        total / 1000,
        total % 1000 / 100
    )
}

/// A bar on a terminal; nothing when stderr goes elsewhere.
fn bar(quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let length = u64::try_from(Stage::ALL.len()).unwrap_or(u64::MAX);
    let bar = ProgressBar::new(length + 1);
    match ProgressStyle::with_template("{bar:24} {pos}/{len} {msg} ({elapsed})") {
        Ok(style) => bar.with_style(style),
        // The template is ours and right; without it the bar only looks plainer.
        Err(_) => bar,
    }
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Decode => "reading the photo",
        Stage::Foreground => "cutting out the object",
        Stage::Reconstruct => "making the shape",
        Stage::Mesh => "simplifying the shape",
        Stage::Texture => "painting it",
        Stage::Encode => "writing the model",
        Stage::Pictures => "taking pictures",
    }
}
