//! The network finds the object in real photos, and says so when there is none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

use image::{ImageFormat, Rgb, RgbImage};
use inference_image::{CutError, Foreground, Limits, PhotoError, WeightsError, decode, frame};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A directory of the workspace's `.local`, or the one that the environment names.
#[expect(clippy::disallowed_methods, reason = "tests are started by hand and by make alike")]
fn local(name: &str, variable: &str) -> PathBuf {
    std::env::var(variable)
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local").join(name), PathBuf::from)
}

static FOREGROUND: LazyLock<Foreground> =
    LazyLock::new(|| Foreground::load(&local("models", "I3D_MODEL_DIR")).unwrap_or_else(|fault| panic!("{fault}")));

fn photo(name: &str, content_type: &str) -> inference_image::Photo {
    let path = local("photos", "I3D_PHOTO_DIR").join(name);
    let bytes = std::fs::read(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run: python3 tests/photos/fetch-photos.py", path.display()));
    decode(&bytes, content_type, &Limits::default()).unwrap()
}

#[test]
fn the_cup_is_cut_out_of_its_table() {
    let cut = FOREGROUND.cut(photo("coffee.png", "image/png")).unwrap();
    assert!(!cut.from_alpha);
    assert_eq!(cut.pixels.get_pixel(300, 200).0[3], 255, "the coffee is solid");
    for (x, y) in [(5, 5), (594, 5), (5, 394), (594, 394)] {
        assert!(cut.pixels.get_pixel(x, y).0[3] < 16, "the corner {x}, {y} is table");
    }
}

#[test]
fn a_photo_that_brings_its_transparency_keeps_it() {
    let original = photo("mushroom-with-alpha.png", "image/png");
    let cut = FOREGROUND.cut(original.clone()).unwrap();
    assert!(cut.from_alpha);
    assert_eq!(cut.pixels, original.pixels);
    let framed = frame(&cut.pixels, 85, 2048).unwrap().pixels;
    let green = framed.pixels().filter(|pixel| pixel.0[3] > 0 && pixel.0[1] > 200 && pixel.0[0] < 100).count();
    assert_eq!(green, 0, "the colour under the transparency does not show");
}

#[test]
fn the_same_photo_gives_the_same_cut() {
    let cut = || FOREGROUND.cut(photo("chelsea.png", "image/png")).unwrap().pixels;
    assert!(cut() == cut());
}

#[test]
fn a_bare_wall_has_no_object() {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(300, 200, Rgb([180, 180, 176])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let wall = decode(&bytes.into_inner(), "image/png", &Limits::default()).unwrap();
    let refused = FOREGROUND.cut(wall).unwrap_err();
    assert!(matches!(refused, CutError::Photo(PhotoError::NoObject { .. })), "{refused}");
}

#[test]
fn other_weights_are_refused_and_missing_ones_say_what_to_run() {
    let nowhere = Foreground::load(Path::new("/nonexistent")).err().unwrap();
    assert!(nowhere.to_string().contains("fetch-u2netp.py"), "{nowhere}");
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("u2netp.onnx"), b"other").unwrap();
    let other = Foreground::load(directory.path()).err().unwrap();
    assert!(matches!(other, WeightsError::Different { .. }), "{other}");
}
