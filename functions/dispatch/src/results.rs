//! The container's answer: a ZIP with model, pictures and report.

use api::container::{REPORT, RESULTS, Report};
use cloud::ContainerFault;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipReadOptions;
use zip::read::Config;
use zip::result::{ZipError, ZipResult};
use zip::unstable::read::ZipIterable;

/// The most bytes of one file; a stored ZIP cannot hold more than it is long, so this only stops a hostile header.
const MAX_FILE_BYTES: u64 = 25_000_000;

/// The most files; the container sends four. `ZipArchive` would make room for as many as the archive says it has.
const MAX_FILES: usize = 16;

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
    pub fn read(zip: &[u8]) -> Result<Self, ContainerFault> {
        let broke = |message: String| ContainerFault::Broke { status: 200, message };
        let mut found = unpacked(zip).map_err(|error| broke(format!("no ZIP: {error}")))?;
        let file = |name| match found.remove(name) {
            Some(bytes) if !bytes.is_empty() => Ok((name, bytes)),
            _ => Err(broke(format!("{name} is missing or empty"))),
        };
        let files = RESULTS.into_iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let report = files.last().map_or(&[][..], |(_, report)| report);
        let report: Report = serde_json::from_slice(report).map_err(|error| broke(format!("{REPORT}: {error}")))?;
        Ok(Self { files, model: report.summary() })
    }
}

/// The results among the archive's files, read one after the other.
fn unpacked(zip: &[u8]) -> ZipResult<HashMap<String, Vec<u8>>> {
    let mut archive = ZipIterable::try_new(Cursor::new(zip), Config::default())?;
    if archive.len() > MAX_FILES {
        return Err(ZipError::InvalidArchive(format!("{} files; at most {MAX_FILES}", archive.len()).into()));
    }
    let mut entries = archive.files_with_reader(Cursor::new(zip), ZipReadOptions::new())?;
    let mut found = HashMap::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.name()?.into_owned();
        if RESULTS.contains(&name.as_str()) {
            let mut bytes = Vec::new();
            entry.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
            found.insert(name, bytes);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::container::{MODEL, PREVIEW, TURNTABLE};
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    const WHOLE: [(&str, &[u8]); 4] = [
        (REPORT, br#"{"v":1,"engine":"relief","model":{"faces":12}}"#),
        (MODEL, b"glTF"),
        (PREVIEW, b"RIFF"),
        (TURNTABLE, b"RIFF"),
    ];

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
        let results = Results::read(&zip(&WHOLE)).unwrap();
        assert_eq!(results.files[0], (MODEL, b"glTF".to_vec()));
        assert_eq!(results.files[3].0, REPORT);
        assert_eq!((&results.model["faces"], &results.model["engine"]), (&12.into(), &"relief".into()));
    }

    #[test]
    fn a_broken_answer_is_the_containers_fault() {
        let empty = zip(&[(MODEL, b""), (PREVIEW, b"x"), (TURNTABLE, b"x"), (REPORT, b"{}")]);
        let names: Vec<_> = (WHOLE.len()..=MAX_FILES).map(|number| number.to_string()).collect();
        let others = names.iter().map(|name| (name.as_str(), &b"x"[..]));
        let many = zip(&WHOLE.into_iter().chain(others).collect::<Vec<_>>());
        for answer in [vec![], b"PK\x03\x04".to_vec(), zip(&[(MODEL, b"x")]), empty, many] {
            assert!(matches!(Results::read(&answer), Err(ContainerFault::Broke { .. })));
        }
    }
}
