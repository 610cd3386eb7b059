//! TripoSR's weights and configuration: files that somebody put on a disk.

use fuzz_bounds::Target;
use inference_triposr::{Config, Weights, WeightsError};
use std::cell::OnceCell;
use std::io::{Cursor, Write};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

thread_local! {
    /// Where the files lie for a moment.
    static FOLDER: OnceCell<Option<TempDir>> = const { OnceCell::new() };
}

/// A whole checkpoint.
pub const CHECKPOINT: Target = Target {
    name: "checkpoint",
    longest: 64 * 1024,
    most: 256 << 10,
    most_per_byte: 128,
    most_ms: 1000,
    body: |bytes| open("model.ckpt", bytes),
};

/// The pickle in a checkpoint that is sound otherwise.
pub const PICKLE: Target = Target {
    name: "pickle",
    longest: 16 * 1024,
    most: 256 << 10,
    most_per_byte: 128,
    most_ms: 1000,
    body: |bytes| open("model.ckpt", &archive(bytes).unwrap_or_default()),
};

/// A whole safetensors file.
pub const SAFETENSORS: Target = Target {
    name: "safetensors",
    longest: 64 * 1024,
    most: 256 << 10,
    most_per_byte: 128,
    most_ms: 1000,
    body: |bytes| open("model.safetensors", bytes),
};

/// The configuration's page of YAML.
pub const CONFIG: Target =
    Target { name: "config", longest: 64 * 1024, most: 1 << 20, most_per_byte: 32, most_ms: 1000, body: config };

fn open(name: &str, bytes: &[u8]) {
    FOLDER.with(|folder| {
        // In memory where there is such a folder: a file is written for each input.
        let make = || tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).ok();
        let Some(folder) = folder.get_or_init(make) else { return };
        let path = folder.path().join(name);
        let written = std::fs::write(&path, bytes);
        assert!(written.is_ok(), "no file to read: {written:?}");
        let weights = Weights::open(folder.path());
        let removed = std::fs::remove_file(&path);
        assert!(removed.is_ok(), "the file stays: {removed:?}");
        match weights {
            Ok(weights) => {
                assert_eq!(weights.sha256().len(), 64);
                let finite = weights.check_finite();
                assert!(matches!(finite, Ok(()) | Err(WeightsError::NotFinite { .. })), "{finite:?}");
            }
            Err(refused) => assert!(!refused.to_string().is_empty()),
        }
    });
}

/// The archive as PyTorch writes it, with two files of six numbers.
fn archive(pickle: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let files: [(&str, &[u8]); 4] =
        [("data.pkl", pickle), ("byteorder", b"little"), ("data/0", &[0; 24]), ("data/1", &[0; 24])];
    for (name, content) in files {
        archive.start_file(format!("archive/{name}"), stored)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(config) = Config::read(text) else { return };
    // The largest sizes that are taken; whatever is made of them fits into a machine.
    let sizes = &config.image_tokenizer;
    assert!(config.cond_image_size <= 1024 && sizes.hidden_size <= 2048 && sizes.intermediate_size <= 16_384);
    assert!(
        config.tokenizer.plane_size <= 128 && config.backbone.in_channels <= 2048 && config.backbone.num_layers <= 64
    );
    assert!(config.renderer.radius.is_finite() && config.renderer.density_bias.is_finite());
}
