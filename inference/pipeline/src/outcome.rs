//! The files of one answer.

use crate::error::PipelineError;
use crate::report::Report;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The largest answer, in bytes: the endpoint's limit. Who asks takes no larger one (`shared/cloud/src/container.rs`; a
/// rule compares the two numbers).
pub const MAX_ANSWER_BYTES: usize = 25_000_000;

/// What one run made.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The model, binary glTF 2.0.
    pub glb: Vec<u8>,
    /// The preview, WebP.
    pub preview_webp: Vec<u8>,
    /// One turn of the model, animated WebP.
    pub turntable_webp: Vec<u8>,
    /// The report.
    pub report: Report,
}

impl Outcome {
    /// The report as JSON with a line break at its end.
    pub fn report_json(&self) -> Result<Vec<u8>, PipelineError> {
        let mut json =
            serde_json::to_vec_pretty(&self.report).map_err(|fault| PipelineError::Answer(fault.to_string()))?;
        json.push(b'\n');
        Ok(json)
    }

    /// The files as one archive. They are stored, not compressed: the receiver takes them out without a
    /// decompressor and without the bombs that come with one. The time stamps are always those of 1980-01-01. Larger than
    /// [`MAX_ANSWER_BYTES`] it could not be sent, and is refused.
    pub fn zip(&self) -> Result<Vec<u8>, PipelineError> {
        let fault = |fault: zip::result::ZipError| PipelineError::Answer(fault.to_string());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        let report = self.report_json()?;
        let files = [
            ("model.glb", &self.glb),
            ("preview.webp", &self.preview_webp),
            ("turntable.webp", &self.turntable_webp),
            ("report.json", &report),
        ];
        let bytes = files.iter().map(|(_, content)| content.len()).sum();
        let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes)));
        for (name, content) in files {
            archive.start_file(name, options).map_err(fault)?;
            archive.write_all(content).map_err(|fault| PipelineError::Answer(fault.to_string()))?;
        }
        let archive = archive.finish().map_err(fault)?.into_inner();
        if archive.len() > MAX_ANSWER_BYTES {
            let what = "model with its pictures";
            return Err(PipelineError::TooLarge { what, bytes: archive.len(), limit: MAX_ANSWER_BYTES });
        }
        Ok(archive)
    }
}
