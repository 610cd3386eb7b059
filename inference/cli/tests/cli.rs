//! The command as a person calls it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of the workspace's `.local`, or the one that the environment names.
#[expect(clippy::disallowed_methods, reason = "tests are started by hand and by make alike")]
fn local(name: &str, variable: &str) -> PathBuf {
    std::env::var(variable)
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local").join(name), PathBuf::from)
}

/// The command on this many processors; the libraries that count for themselves are told.
fn imageto3d(photo: &Path, output: &Path, more: &[&str], threads: &str) -> Output {
    let mut command = match only_processor().filter(|_| threads == "1") {
        Some(number) => {
            let mut bound = Command::new("taskset");
            bound.args(["--cpu-list", &number, env!("CARGO_BIN_EXE_imageto3d")]);
            bound
        }
        None => Command::new(env!("CARGO_BIN_EXE_imageto3d")),
    };
    command
        .arg(photo)
        .arg("-o")
        .arg(output)
        .arg("--models")
        .arg(local("models", "I3D_MODEL_DIR"))
        .args(more)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap()
}

/// The number of a processor that this test may use, where the system says (Linux).
fn only_processor() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    Some(allowed.trim().chars().take_while(char::is_ascii_digit).collect())
}

fn coffee() -> PathBuf {
    let path = local("photos", "I3D_PHOTO_DIR").join("coffee.png");
    assert!(path.is_file(), "{} is missing; run: python3 tests/photos/fetch-photos.py", path.display());
    path
}

fn names_in(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_photo_becomes_three_files_and_one_line_with_any_number_of_threads() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let (preview, report) = (at("p.webp"), at("r.json"));
    let more = ["--preview", preview.to_str().unwrap(), "--report", report.to_str().unwrap(), "--texture-size", "512"];
    let done = imageto3d(&coffee(), &at("one.glb"), &more, "1");
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.lines().count() == 1 && said.contains(" faces, watertight, "), "{said}");
    assert!(std::fs::read(at("one.glb")).unwrap().starts_with(b"glTF"));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["options"]["texture_size"], 512);
    assert_eq!(names_in(directory.path()), ["one.glb", "p.webp", "r.json"], "nothing temporary stays");

    let done = imageto3d(&coffee(), &at("three.glb"), &["--texture-size", "512"], "3");
    assert!(done.status.success());
    let same = std::fs::read(at("one.glb")).unwrap() == std::fs::read(at("three.glb")).unwrap();
    assert!(same, "the number of threads must not matter");
}

#[test]
fn every_fault_is_a_sentence_with_its_exit_code_and_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("model.glb");
    let text = local("models", "I3D_MODEL_DIR").join("u2netp.onnx");
    let missing = directory.path().join("missing.png");
    let cases: [(&Path, &[&str], i32, &str); 6] = [
        (&missing, &[], 1, "check the path of the photo"),
        (&text, &[], 1, "not a JPEG, PNG or WebP picture"),
        (&coffee(), &["--texture-size", "1000"], 2, "`texture_size` must be 512, 1024, 2048 or 4096, not 1000"),
        (&coffee(), &["--foreground-percent", "5"], 2, "`foreground_percent` must be from 50 to 100, not 5"),
        (&coffee(), &["--no-such-option"], 2, "--no-such-option"),
        (&coffee(), &["--report", output.to_str().unwrap()], 2, "is named twice"),
    ];
    for (photo, more, code, fragment) in cases {
        let done = imageto3d(photo, &output, more, "2");
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(code), "{said}");
        assert!(said.contains(fragment), "{said}");
        assert!(done.stdout.is_empty() && names_in(directory.path()).is_empty());
    }
}

#[test]
fn missing_weights_say_what_to_run() {
    let directory = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_imageto3d"))
        .arg(coffee())
        .arg("-o")
        .arg(directory.path().join("model.glb"))
        .arg("--models")
        .arg(directory.path())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8(done.stderr).unwrap().contains("python3 inference/image/fetch-u2netp.py"));
}
