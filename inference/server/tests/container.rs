//! The container's contract against the real binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod common;

use common::{Reply, Server, get, invoke, local, photo, send, start, start_warm, start_with};
use std::io::{Cursor, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

const DEFAULTS: &str = r#"{"v":1}"#;

/// The whole of one PNG chunk; nothing here is decoded far enough to look at its checksum.
fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], name, body, &[0; 4]].concat()
}

fn claimed_png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &header), more.to_vec(), chunk(b"IDAT", &[0; 8]), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

fn assert_problem(reply: &Reply, status: u16, kind: &str, name: &str) {
    let body = reply.json();
    assert_eq!((reply.status, body["type"].as_str()), (status, Some(kind)), "{name}: {body}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{name}");
    assert_eq!(reply.header("content-length"), Some(reply.body.len().to_string().as_str()), "{name}");
    assert!(body["title"].is_string() && body["detail"].is_string() && body["status"].is_null(), "{name}: {body}");
}

fn bad_photos_are_refused_by_name(address: SocketAddr) {
    let coffee = photo("coffee.png");
    let webp = [b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".as_slice(), &[63, 0, 0, 63, 0, 0], &[0; 64]].concat();
    // 40 million black pixels in 40 KB would be allowed; ten times as many are not, however few bytes they take.
    let bomb = claimed_png(30_000, 30_000, &chunk(b"IDAT", &[0; 1000]));
    let cases: [(&str, &[u8], &str, u16, &str); 12] = [
        ("empty", &[], "image/png", 422, "photo-empty"),
        ("truncated", &coffee[..coffee.len() / 2], "image/png", 422, "photo-truncated"),
        ("not an image", b"hello, this is no picture", "image/png", 415, "photo-not-an-image"),
        ("png named jpeg", &coffee, "image/jpeg", 415, "photo-type-mismatch"),
        ("no type", &coffee, "", 415, "photo-type-mismatch"),
        ("0 × 0", &claimed_png(0, 0, &[]), "image/png", 422, "photo-too-many-pixels"),
        ("20000 × 20000", &claimed_png(20_000, 20_000, &[]), "image/png", 422, "photo-too-many-pixels"),
        ("bomb", &bomb, "image/png", 422, "photo-too-many-pixels"),
        ("animated webp", &webp, "image/webp", 422, "photo-animated"),
        ("animated png", &claimed_png(64, 64, &chunk(b"acTL", &[0; 8])), "image/png", 422, "photo-animated"),
        ("one byte too many", &vec![0xff; 10_485_761], "image/jpeg", 413, "photo-too-large"),
        ("broken pixels", &claimed_png(64, 64, &[]), "image/png", 415, "photo-not-an-image"),
    ];
    for (name, bytes, content_type, status, kind) in cases {
        let reply = invoke(address, bytes, content_type, DEFAULTS).unwrap();
        assert_problem(&reply, status, &format!("/problems/{kind}"), name);
    }
}

fn bad_options_are_refused_by_name(address: SocketAddr) {
    let cases = [
        (r#"{"v":2}"#, "`v`"),
        (r#"{"v":1,"foreground_percent":20}"#, "foreground_percent"),
        (r#"{"v":1,"texture_size":333}"#, "texture_size"),
        (r#"{"v":1,"engine":"magic"}"#, "magic"),
        (r#"{"v":1,"steps":3}"#, "steps"),
        ("not json", "cannot be read"),
    ];
    for (options, named) in cases {
        let reply = invoke(address, b"x", "image/png", options).unwrap();
        assert_problem(&reply, 400, "/problems/options-invalid", options);
        assert!(reply.json()["detail"].as_str().unwrap().contains(named), "{options}: {}", reply.json());
    }
}

fn other_paths_and_methods_are_refused(address: SocketAddr) {
    assert_problem(&get(address, "/").unwrap(), 404, "/problems/not-found", "/");
    let wrong = get(address, "/invocations").unwrap();
    assert_problem(&wrong, 405, "/problems/method-not-allowed", "GET /invocations");
    assert_eq!(wrong.header("allow"), Some("POST"));
    // A body of unknown length is taken all the same.
    let head = "POST /invocations HTTP/1.1\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n";
    let chunked = send(address, head, b"3\r\nabc\r\n0\r\n\r\n").unwrap();
    assert_problem(&chunked, 415, "/problems/photo-not-an-image", "chunked");
}

#[test]
fn a_photo_becomes_an_archive_and_everything_else_is_refused_by_name() {
    let server = start_warm();
    let ping = get(server.address, "/ping").unwrap();
    assert_eq!((ping.status, ping.body.len(), ping.header("content-length")), (200, 0, Some("0")));

    let options = r#"{"v":1,"generation":"gen_test","engine":"relief","texture_size":512}"#;
    let reply = invoke(server.address, &photo("coffee.png"), "image/png", options).unwrap();
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    assert_eq!(reply.header("content-type"), Some("application/zip"));
    assert_eq!(reply.header("content-length"), Some(reply.body.len().to_string().as_str()));
    assert_eq!(reply.header("transfer-encoding"), None);
    let mut archive = zip::ZipArchive::new(Cursor::new(reply.body)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["model.glb", "preview.webp", "turntable.webp", "report.json"]);
    let mut content = |name: &str| {
        let mut file = archive.by_name(name).unwrap();
        assert_eq!(file.compression(), zip::CompressionMethod::Stored);
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert!(content("model.glb").starts_with(b"glTF\x02\0\0\0"));
    assert_eq!(&content("preview.webp")[8..12], b"WEBP");
    let report: serde_json::Value = serde_json::from_slice(&content("report.json")).unwrap();
    assert_eq!(report["options"]["generation"], "gen_test");
    assert_eq!(report["model"]["bytes"], content("model.glb").len());
    assert_eq!(report["model"]["watertight"], true);

    bad_photos_are_refused_by_name(server.address);
    bad_options_are_refused_by_name(server.address);
    other_paths_and_methods_are_refused(server.address);
    assert_eq!(get(server.address, "/ping").unwrap().status, 200, "nothing of this broke the server");
}

#[test]
fn one_in_work_two_waiting_and_the_rest_is_told_to_come_back() {
    let server = start_warm();
    let coffee = photo("coffee.png");
    let address = server.address;
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..6).map(|_| scope.spawn(|| invoke(address, &coffee, "image/png", DEFAULTS).unwrap())).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let made = replies.iter().filter(|reply| reply.status == 200).count();
    let refused: Vec<&Reply> = replies.iter().filter(|reply| reply.status != 200).collect();
    // Two if all six came before the worker took the first out of the queue.
    assert!((2..=3).contains(&made), "{made} were made");
    for reply in refused {
        assert_problem(reply, 503, "/problems/busy", "the queue is full");
        assert!(reply.header("retry-after").is_some());
    }
}

#[test]
fn a_termination_signal_lets_the_model_in_work_finish_and_takes_nothing_new() {
    let mut server = start_warm();
    let coffee = photo("coffee.png");
    let address = server.address;
    std::thread::scope(|scope| {
        let in_work = scope.spawn(|| invoke(address, &coffee, "image/png", DEFAULTS).unwrap());
        server.wait_for("model begun");
        server.terminate();
        server.wait_for("draining: the model in work is finished, nothing new is taken");
        // Afterwards the port may be closed already; what must never come is a 200.
        if let Ok(ping) = get(address, "/ping") {
            assert_eq!(ping.status, 503);
        }
        if let Ok(late) = invoke(address, &coffee, "image/png", DEFAULTS) {
            assert_problem(&late, 503, "/problems/draining", "late");
        }
        assert_eq!(in_work.join().unwrap().status, 200);
    });
    let (status, rest) = server.end();
    assert!(status.success(), "{status}");
    assert!(rest.contains("ended"));
}

#[test]
fn before_it_is_warm_it_says_so_and_a_signal_ends_it() {
    let mut server = start();
    // Either the warm-up still runs, or this machine is very fast: both answers are right, a broken one is not.
    let ping = get(server.address, "/ping").unwrap();
    assert!([200, 503].contains(&ping.status));
    server.terminate();
    assert!(server.end().0.success());
}

/// A directory of weights whose `TripoSR` is what a test makes of the tiny one; gone with the test.
struct Models(PathBuf);

impl Models {
    fn with(name: &str, change: impl Fn(&Path)) -> Self {
        let models = std::env::temp_dir().join(format!("models-{name}-{}", std::process::id()));
        let triposr = models.join("triposr");
        std::fs::create_dir_all(&triposr).unwrap();
        std::fs::copy(local("models", "I3D_MODEL_DIR").join("u2netp.onnx"), models.join("u2netp.onnx")).unwrap();
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../triposr/tests/golden");
        for file in ["config.yaml", "model.ckpt"] {
            std::fs::copy(golden.join(file), triposr.join(file)).unwrap();
        }
        change(&triposr);
        Self(models)
    }
}

impl Drop for Models {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn with_weights_of_triposr_it_is_the_engine_and_relief_is_still_there() {
    let models = Models::with("good", |_| {});
    let mut server = start_with(&models.0);
    server.wait_for("warm");
    let cut_out = photo("mushroom-with-alpha.png");
    for (engine, options) in [
        ("triposr", r#"{"v":1,"resolution":64,"faces":2000,"texture_size":512}"#),
        ("relief", r#"{"v":1,"engine":"relief","faces":2000,"texture_size":512}"#),
        ("inflate", r#"{"v":1,"engine":"inflate","faces":2000,"texture_size":512}"#),
    ] {
        let reply = invoke(server.address, &cut_out, "image/png", options).unwrap();
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        let mut archive = zip::ZipArchive::new(Cursor::new(reply.body)).unwrap();
        let report: serde_json::Value = serde_json::from_reader(archive.by_name("report.json").unwrap()).unwrap();
        assert_eq!(report["engine"], engine);
        assert_eq!(report["model"]["watertight"], true, "{report}");
        assert_eq!(report["hashes"]["engine_weights_sha256"].is_string(), engine != "inflate", "{report}");
    }
}

/// What a test makes of a directory of weights.
type Change<'a> = &'a dyn Fn(&Path);

#[test]
fn with_weights_that_cannot_be_used_it_says_why_stays_and_turns_photos_away() {
    let shorten = |folder: &Path| {
        let whole = std::fs::read(folder.join("model.ckpt")).unwrap();
        std::fs::write(folder.join("model.ckpt"), &whole[..whole.len() / 2]).unwrap();
    };
    let other = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("config.yaml")).unwrap();
        std::fs::write(folder.join("config.yaml"), text.replace("plane_size: 8", "plane_size: 16")).unwrap();
    };
    let remove = |folder: &Path| std::fs::remove_file(folder.join("config.yaml")).unwrap();
    let cases: [(&str, Change<'_>, &str); 3] = [
        ("shortened", &shorten, "is not a file of weights"),
        ("other", &other, "tokenizer.embeddings is [3, 128, 8, 8], not [3, 128, 16, 16]"),
        ("removed", &remove, "config.yaml"),
    ];
    for (name, change, named) in cases {
        let models = Models::with(name, change);
        let mut server: Server = start_with(&models.0);
        let error = server.wait_for_error();
        assert!(error.contains("no model can be made") && error.contains(named), "{error}");
        assert_eq!(get(server.address, "/ping").unwrap().status, 503);
        let reply = invoke(server.address, &photo("coffee.png"), "image/png", DEFAULTS).unwrap();
        assert_problem(&reply, 503, "/problems/unable", name);
        server.terminate();
        assert!(server.end().0.success());
    }
}
