//! The model that every test key gets: a real one, made by our own command line of a cup of coffee, and no endpoint asked.
//!
//! `imageto3d coffee.png --faces 1000 --texture-size 512 -o model.glb --preview preview.webp --turntable turntable.webp
//! --report report.json` with the photo of `make photos` makes it anew.

use crate::results::Results;
use api::container::{MODEL, PREVIEW, REPORT, Report, TURNTABLE};
use cloud::CloudError;

const FILES: [(&str, &[u8]); 4] = [
    (MODEL, include_bytes!("sample/model.glb")),
    (PREVIEW, include_bytes!("sample/preview.webp")),
    (TURNTABLE, include_bytes!("sample/turntable.webp")),
    (REPORT, include_bytes!("sample/report.json")),
];

/// What to store, as if the container had answered with it.
pub(crate) fn results() -> Result<Results, CloudError> {
    let [.., (_, report)] = FILES;
    let report: Report = serde_json::from_slice(report)
        .map_err(|error| CloudError::Busy { operation: "read sample", code: error.to_string() })?;
    let files = FILES.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    Ok(Results { files, model: report.summary() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::container::RESULTS;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_sample_is_whole_closed_and_what_its_report_says() {
        let sample = results().unwrap();
        assert_eq!(sample.files.iter().map(|(name, _)| *name).collect::<Vec<_>>(), RESULTS);
        assert_eq!((&sample.model["watertight"], &sample.model["faces"]), (&true.into(), &1000.into()));
        let report: serde_json::Value = serde_json::from_slice(&sample.files[3].1).unwrap();
        assert_eq!(report["hashes"]["model_sha256"], format!("{:x}", Sha256::digest(&sample.files[0].1)));
    }
}
