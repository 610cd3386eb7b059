//! The container's answer: a ZIP with model, pictures and report.

use api::container::{REPORT, RESULTS, Report};
use cloud::ContainerFault;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most bytes of one file; a stored ZIP cannot hold more than it is long, so this only stops a hostile header.
const MAX_FILE_BYTES: u64 = 25_000_000;

/// What to store, the report last.
#[derive(Debug)]
pub struct Results {
    /// Names and bytes.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// The report's summary of the model.
    pub model: serde_json::Value,
}

impl Results {
    /// Reads the answer; one that does not read is the container's fault.
    pub fn read(zip: Vec<u8>) -> Result<Self, ContainerFault> {
        let broke = |message: String| ContainerFault::Broke { status: 200, message };
        let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(|error| broke(format!("no ZIP: {error}")))?;
        let mut file = |name: &'static str| {
            let entry = archive.by_name(name).map_err(|error| broke(format!("{name}: {error}")))?;
            let mut bytes = Vec::new();
            entry.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(|error| broke(format!("{name}: {error}")))?;
            if bytes.is_empty() { Err(broke(format!("{name} is empty"))) } else { Ok((name, bytes)) }
        };
        let files = RESULTS.into_iter().map(&mut file).collect::<Result<Vec<_>, _>>()?;
        let (_, report) = file(REPORT)?;
        let report: Report = serde_json::from_slice(&report).map_err(|error| broke(format!("{REPORT}: {error}")))?;
        Ok(Self { files, model: report.summary() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::container::{MODEL, PREVIEW, TURNTABLE};
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer
                .start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored))
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_whole_answer_is_read() {
        let report: &[u8] = br#"{"v":1,"engine":"relief","model":{"faces":12}}"#;
        let files: [(&str, &[u8]); 4] = [(REPORT, report), (MODEL, b"glTF"), (PREVIEW, b"RIFF"), (TURNTABLE, b"RIFF")];
        let results = Results::read(zip(&files)).unwrap();
        assert_eq!(results.files[0], (MODEL, b"glTF".to_vec()));
        assert_eq!(results.files[3].0, REPORT);
        assert_eq!((&results.model["faces"], &results.model["engine"]), (&12.into(), &"relief".into()));
    }

    #[test]
    fn a_broken_answer_is_the_containers_fault() {
        let empty = zip(&[(MODEL, b""), (PREVIEW, b"x"), (TURNTABLE, b"x"), (REPORT, b"{}")]);
        for answer in [vec![], b"PK\x03\x04".to_vec(), zip(&[(MODEL, b"x")]), empty] {
            assert!(matches!(Results::read(answer), Err(ContainerFault::Broke { .. })));
        }
    }
}
