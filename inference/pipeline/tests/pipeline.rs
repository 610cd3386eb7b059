//! Real photos through the whole pipeline.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

use inference_pipeline::{
    Coat, EngineName, Limits, MAX_ANSWER_BYTES, Options, Outcome, Pipeline, PipelineError, Problem, Stage,
};
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
        assert_eq!(report["bytes"]["preview"], outcome.preview_webp.len());
        assert_eq!(report["bytes"]["turntable"], outcome.turntable_webp.len());
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
    assert_eq!(
        fields(&report),
        "bytes camera device engine engine_version hashes input model options seed timings_ms v"
    );
    assert_eq!(
        fields(&report["options"]),
        "engine exact faces flat_base foreground_percent height_mm paint remove_background resolution seed smooth symmetry texture_size threshold v"
    );
    assert_eq!(fields(&report["input"]), "format height sha256 transparent width");
    assert_eq!(
        fields(&report["model"]),
        "bytes cavities components faces pieces_removed simplification_error size texture_size vertices volume watertight"
    );
    assert_eq!(fields(&report["timings_ms"]), "decode encode foreground mesh pictures reconstruct texture total");
    assert_eq!(fields(&report["hashes"]), "engine_weights_sha256 foreground_weights_sha256 model_sha256");
}

#[test]
fn the_same_photo_and_options_give_the_same_bytes_whatever_the_generation() {
    let options = Options { texture_size: 512, ..Options::default() };
    let named = Options { generation: Some("gen_other".into()), ..options.clone() };
    let first = run("coffee.png", "image/png", &options);
    let second = run("coffee.png", "image/png", &named);
    assert!(first.glb == second.glb && first.preview_webp == second.preview_webp);
    assert!(first.turntable_webp == second.turntable_webp);
    let wider = run("coffee.png", "image/png", &Options { foreground_percent: 60, ..options });
    assert!(first.glb != wider.glb);
}

#[test]
fn every_choice_of_shape_and_colour_gives_a_closed_model_within_its_faces() {
    let usual = Options { texture_size: 512, ..Options::default() };
    let choices = [
        Options { faces: 100, ..usual.clone() },
        Options { faces: 1000, symmetry: true, flat_base: true, smooth: 5, ..usual.clone() },
        Options { faces: 500_000, paint: Coat::Vertices, ..usual },
    ];
    for options in choices {
        let report = run("mushroom-with-alpha.png", "image/png", &options).report;
        assert!(report.model.watertight && report.model.cavities == 0, "{options:?}: {:?}", report.model);
        assert!(report.model.faces <= usize::try_from(options.faces).unwrap());
        let size = if options.paint == Coat::Texture { 512 } else { 0 };
        assert_eq!(report.model.texture_size, size);
    }
}

/// How well the bare colours of the model, seen from where the photo was taken, agree with the photo, in decibels.
fn front_psnr(outcome: &inference_pipeline::Outcome, photo: &image::RgbaImage) -> f64 {
    let model = inference_mesh::format::read_glb(&outcome.glb).unwrap().model;
    let seen = inference_render::photo_view(&model, &outcome.report.camera, photo.width());
    let (mut sum, mut count) = (0.0, 0.0);
    for (seen, photo) in seen.pixels().zip(photo.pixels()) {
        if seen.0[3] == 255 && photo.0[3] == 255 {
            for channel in 0..3 {
                sum += (f64::from(seen.0[channel]) - f64::from(photo.0[channel])).powi(2);
                count += 1.0;
            }
        }
    }
    assert!(count > 10_000.0, "the model covers {count} samples of the photo");
    10.0 * (255.0 * 255.0 * count / f64::max(sum, 1.0)).log10()
}

#[test]
fn the_front_of_the_model_is_the_front_of_the_photo() {
    let bytes = photo("mushroom-with-alpha.png");
    let decoded = inference_image::decode(&bytes, "image/png", &Limits::default()).unwrap();
    let framed = inference_image::frame(&decoded.pixels, 85, inference_image::MAX_FRAME_SIDE).unwrap().pixels;
    let outcome = run("mushroom-with-alpha.png", "image/png", &Options::default());
    let (right, mirrored) =
        (front_psnr(&outcome, &framed), front_psnr(&outcome, &image::imageops::flip_horizontal(&framed)));
    assert!(right > 25.0, "{right} dB");
    assert!(mirrored < right - 6.0, "{right} dB, and mirrored {mirrored} dB");
}

#[test]
fn the_archive_holds_the_files_stored_and_always_in_the_same_way() {
    let outcome = run("mushroom-with-alpha.png", "image/png", &Options::default());
    let zip = outcome.zip().unwrap();
    assert_eq!(zip, outcome.zip().unwrap());
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let files = [
        ("model.glb", outcome.glb.clone()),
        ("preview.webp", outcome.preview_webp.clone()),
        ("turntable.webp", outcome.turntable_webp.clone()),
    ];
    for (name, content) in files.into_iter().chain([("report.json", outcome.report_json().unwrap())]) {
        let mut file = archive.by_name(name).unwrap();
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        let mut read = Vec::new();
        file.read_to_end(&mut read).unwrap();
        assert!(read == content, "{name}");
    }
    assert_eq!(archive.len(), 4);
}

#[test]
fn an_archive_beyond_what_can_be_sent_is_refused_with_its_bytes() {
    let mut outcome = run("mushroom-with-alpha.png", "image/png", &Options { texture_size: 512, ..Options::default() });
    let beside = outcome.zip().unwrap().len() - outcome.glb.len();
    outcome.glb.resize(MAX_ANSWER_BYTES - beside, 0);
    assert_eq!(outcome.zip().unwrap().len(), MAX_ANSWER_BYTES, "the pictures are counted");
    outcome.glb.push(0);
    let problem = Problem::from(&outcome.zip().unwrap_err());
    assert_eq!((problem.status, problem.kind), (422, "/problems/model-too-large"));
    assert_eq!(
        problem.detail,
        "The model with its pictures would have 25000001 bytes; at most 25000000 can be sent. Choose fewer faces or a \
         smaller texture."
    );
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

#[test]
fn a_shape_of_too_many_pieces_says_how_many_faces_it_needs() {
    let mut dots = image::RgbaImage::new(600, 600);
    for (x, y, pixel) in dots.enumerate_pixels_mut() {
        let (across, down) = (x % 100, y % 100);
        let inside = (20..80).contains(&across) && (20..80).contains(&down);
        *pixel = image::Rgba([200, 80, 40, if inside { 255 } else { 0 }]);
    }
    let mut png = Cursor::new(Vec::new());
    dots.write_to(&mut png, image::ImageFormat::Png).unwrap();
    // The baseline makes all of them alike.
    let options = Options { faces: 100, engine: Some(EngineName::Inflate), ..Options::default() };
    let refused = PIPELINE.run(png.get_ref(), "image/png", &options, &mut |_| {}).unwrap_err();
    let PipelineError::OutOfReach { faces: 100, reached } = refused else { panic!("{refused}") };
    assert!(reached >= 36 * 4, "{reached}");
    assert_eq!((Problem::from(&refused).status, Problem::from(&refused).kind), (422, "/problems/faces-out-of-reach"));
    let enough = Options { faces: u32::try_from(reached).unwrap(), ..options };
    assert!(PIPELINE.run(png.get_ref(), "image/png", &enough, &mut |_| {}).is_ok());
}
