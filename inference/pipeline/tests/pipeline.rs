//! Real photos through the whole pipeline.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

use inference_pipeline::{Options, Outcome, Pipeline, PipelineError, Problem, Stage};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A directory of the workspace's `.local`, or the one that the environment names.
#[expect(clippy::disallowed_methods, reason = "tests are started by hand and by make alike")]
fn local(name: &str, variable: &str) -> PathBuf {
    std::env::var(variable)
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local").join(name), PathBuf::from)
}

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::load(&local("models", "I3D_MODEL_DIR")).unwrap_or_else(|fault| panic!("{fault}")));

fn photo(name: &str) -> Vec<u8> {
    let path = local("photos", "I3D_PHOTO_DIR").join(name);
    std::fs::read(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run: python3 tests/photos/fetch-photos.py", path.display()))
}

fn run(name: &str, content_type: &str, options: &Options) -> Outcome {
    PIPELINE.run(&photo(name), content_type, options, &mut |_| {}).unwrap()
}

#[test]
fn every_photo_becomes_a_closed_model_with_a_true_report() {
    for (name, content_type, format, transparent) in [
        ("coffee.png", "image/png", "png", false),
        ("rocket.jpg", "image/jpeg", "jpeg", false),
        ("mushroom-with-alpha.png", "image/png", "png", true),
    ] {
        let outcome = run(name, content_type, &Options::default());
        let report = serde_json::to_value(&outcome.report).unwrap();
        assert_eq!(report["model"]["watertight"], true, "{name}: {report}");
        assert!(report["model"]["faces"].as_u64().unwrap() > 1000, "{name}: {report}");
        assert_eq!(report["model"]["bytes"], outcome.glb.len());
        assert_eq!(report["preview"]["bytes"], outcome.preview_webp.len());
        assert_eq!(report["input"]["format"], format);
        assert_eq!(report["input"]["transparent"], transparent, "{name}");
        let length = u32::from_le_bytes(outcome.glb[8..12].try_into().unwrap());
        assert_eq!(usize::try_from(length).unwrap(), outcome.glb.len(), "the GLB says its own length");
    }
}

#[test]
fn the_report_has_exactly_the_fields_of_the_contract() {
    let report = serde_json::to_value(run("mushroom-with-alpha.png", "image/png", &Options::default()).report).unwrap();
    let fields = |value: &serde_json::Value| {
        let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(fields(&report), "engine engine_version hashes input model options preview seed timings_ms v");
    assert_eq!(fields(&report["options"]), "engine foreground_percent seed texture_size v");
    assert_eq!(fields(&report["input"]), "format height sha256 transparent width");
    assert_eq!(fields(&report["model"]), "bytes components faces texture_size vertices watertight");
    assert_eq!(fields(&report["timings_ms"]), "decode encode foreground preview reconstruct texture total");
    assert_eq!(fields(&report["hashes"]), "foreground_weights_sha256 model_sha256");
}

#[test]
fn the_same_photo_and_options_give_the_same_bytes_whatever_the_generation() {
    let options = Options { texture_size: 512, ..Options::default() };
    let named = Options { generation: Some("gen_other".into()), ..options.clone() };
    let first = run("coffee.png", "image/png", &options);
    let second = run("coffee.png", "image/png", &named);
    assert!(first.glb == second.glb && first.preview_webp == second.preview_webp);
    let wider = run("coffee.png", "image/png", &Options { foreground_percent: 60, ..options });
    assert!(first.glb != wider.glb);
}

#[test]
fn the_archive_holds_the_three_files_stored_and_always_in_the_same_way() {
    let outcome = run("mushroom-with-alpha.png", "image/png", &Options::default());
    let zip = outcome.zip().unwrap();
    assert_eq!(zip, outcome.zip().unwrap());
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let files = [("model.glb", outcome.glb.clone()), ("preview.webp", outcome.preview_webp.clone())];
    for (name, content) in files.into_iter().chain([("report.json", outcome.report_json().unwrap())]) {
        let mut file = archive.by_name(name).unwrap();
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        let mut read = Vec::new();
        file.read_to_end(&mut read).unwrap();
        assert!(read == content, "{name}");
    }
    assert_eq!(archive.len(), 3);
}

#[test]
fn the_stages_are_told_in_their_order_up_to_the_fault() {
    let mut told = Vec::new();
    let result = PIPELINE.run(&photo("mushroom-with-alpha.png"), "image/png", &Options::default(), &mut |stage| {
        told.push(stage);
    });
    assert!(result.is_ok());
    assert_eq!(told, Stage::ALL);
    told.clear();
    let refused = PIPELINE.run(b"no picture", "image/png", &Options::default(), &mut |stage| told.push(stage));
    assert_eq!(told, [Stage::Decode]);
    assert_eq!(Problem::from(&refused.unwrap_err()).status, 415);
}

#[test]
fn options_beyond_their_limits_never_reach_the_photo() {
    let options = Options { texture_size: 100_000, ..Options::default() };
    let refused = PIPELINE.run(b"", "", &options, &mut |_| panic!("no stage may begin")).unwrap_err();
    assert!(matches!(refused, PipelineError::Options(_)), "{refused}");
    assert_eq!(Problem::from(&refused).kind, "/problems/options-invalid");
}
