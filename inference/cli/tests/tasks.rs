//! What is done with a model that is there, and which files are left alone.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

use inference_mesh::{Model, Paint, Surface, glb};
use std::path::Path;
use std::process::{Command, Output};

/// A tetrahedron.
fn model() -> Vec<u8> {
    let surface = Surface {
        positions: vec![[0.0; 3], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        triangles: vec![[0, 1, 2], [0, 2, 3], [0, 3, 1], [2, 1, 3]],
    };
    glb(&Model { surface, paint: Paint::Vertices(vec![[200, 90, 30]; 4]) }, &serde_json::Value::Null).unwrap()
}

/// The command, started in a directory.
fn imageto3d(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_imageto3d")).current_dir(directory).args(arguments).output().unwrap()
}

/// Asserts that wrong arguments are refused in a sentence.
fn refused(directory: &Path, arguments: &[&str], fragment: &str) {
    let done = imageto3d(directory, arguments);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains(fragment), "{arguments:?}: {said}");
}

#[test]
fn a_file_is_not_overwritten_under_another_spelling_or_name() {
    let directory = tempfile::tempdir().unwrap();
    let (here, at) = (directory.path(), |name: &str| directory.path().join(name));
    std::fs::create_dir(at("sub")).unwrap();
    std::fs::write(at("cup.glb"), model()).unwrap();
    std::fs::hard_link(at("cup.glb"), at("hard.glb")).unwrap();
    std::os::unix::fs::symlink("cup.glb", at("soft.glb")).unwrap();
    std::os::unix::fs::symlink("..", at("sub/up")).unwrap();
    let absolute = at("cup.glb");
    let spelled = [
        "cup.glb",
        "./cup.glb",
        "sub/../cup.glb",
        "sub/up/cup.glb",
        "hard.glb",
        "soft.glb",
        absolute.to_str().unwrap(),
    ];
    for other in spelled {
        for (from, to) in [("cup.glb", other), (other, "cup.glb")] {
            refused(here, &["convert", from, "-o", to], "is named twice");
            refused(here, &["render", from, "-o", to], "is named twice");
            refused(here, &[from, "-o", to], "is named twice");
            refused(here, &[from, "-o", "new.glb", "--preview", to], "is named twice");
        }
    }
    refused(here, &["cup.glb", "-o", "new", "--report", "sub/up/new"], "is named twice");
    assert!(std::fs::read(at("cup.glb")).unwrap() == model() && !at("new.glb").exists());

    std::fs::write(at("sub/cup.glb"), model()).unwrap();
    assert!(
        imageto3d(here, &["convert", "cup.glb", "-o", "sub/cup.glb"]).status.success(),
        "another file of that name"
    );
}

#[test]
fn a_model_that_cannot_be_converted_or_drawn_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let mut broken = model();
    broken[20] = b'[';
    std::fs::write(directory.path().join("broken.glb"), broken).unwrap();
    std::fs::write(directory.path().join("photo.glb"), "no model").unwrap();
    for (name, reason) in [
        ("photo.glb", "photo.glb: the GLB cannot be read: the 8 bytes do not begin as a GLB of version 2"),
        ("broken.glb", "broken.glb: the GLB cannot be read: the description is not that of a glTF file: "),
    ] {
        let done = imageto3d(directory.path(), &["convert", name, "-o", "model.stl"]);
        assert_eq!(done.status.code(), Some(1));
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(said.contains(reason) && said.len() > reason.len() + "imageto3d: ".len(), "{said}");
        let done = imageto3d(directory.path(), &["render", name, "-o", "model.png"]);
        let said = String::from_utf8(done.stderr).unwrap();
        let reason = reason.replace("the GLB cannot be read: ", "");
        assert!(said.contains(&reason), "{said}");
    }
}

#[test]
fn what_a_picture_would_pass_over_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("cup.glb"), model()).unwrap();
    std::fs::write(directory.path().join("report.json"), "{}").unwrap();
    let cases: [(&[&str], &str); 10] = [
        (&["--camera", "report.json"], "`camera` goes with `--kind` flat, depth or normals only"),
        (
            &["--camera", "report.json", "--kind", "turntable"],
            "`camera` goes with `--kind` flat, depth or normals only",
        ),
        (&["--camera", "report.json", "--kind", "flat", "--yaw", "3"], "cannot be used with '--yaw"),
        (&["--kind", "turntable", "--yaw", "3"], "`yaw` goes with `--kind` view, flat, depth or normals only"),
        (&["--kind", "turntable", "--pitch", "3"], "`pitch` goes with `--kind` view, flat, depth or normals only"),
        (&["--kind", "turntable", "--size", "1025"], "`size` must be from 16 to 1024, not 1025"),
        (&["--size", "4097"], "`size` must be from 16 to 4096, not 4097"),
        (&["--yaw", "nan"], "`yaw` must be from -3600 to 3600 degrees, not NaN"),
        (&["--pitch", "inf"], "`pitch` must be from -3600 to 3600 degrees, not inf"),
        (&["--yaw", "-3601"], "`yaw` must be from -3600 to 3600 degrees, not -3601"),
    ];
    for (more, fragment) in cases {
        refused(directory.path(), &[&["render", "cup.glb", "-o", "cup.webp"], more].concat(), fragment);
        assert!(!directory.path().join("cup.webp").exists());
    }
    let most = ["render", "cup.glb", "-o", "cup.webp", "--yaw", "-540", "--size", "64"];
    assert!(imageto3d(directory.path(), &most).status.success());
}
