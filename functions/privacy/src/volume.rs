//! One file of an export while it grows, and when it has enough.

use crate::archive::Archive;
use cloud::{CloudError, Objects};
use domain::{Timestamp, after, plan};

/// The file.
pub(crate) struct Volume<'a> {
    pub(crate) archive: Archive<'a>,
    number: usize,
    begun: Timestamp,
}

impl<'a> Volume<'a> {
    /// Begins the export's file of this number.
    pub(crate) async fn begin(bucket: &'a Objects, key: &'a str, number: usize) -> Result<Self, CloudError> {
        Ok(Self { archive: Archive::begin(bucket, key).await?, number, begun: edge::now() })
    }

    /// What a part is called in here: all files of an export can be unpacked into one folder.
    pub(crate) fn name_of(&self, part: &str) -> String {
        format!("{part}-{}.json", self.number)
    }

    /// Whether what is left goes into the next file.
    pub(crate) fn is_full(&self) -> bool {
        self.archive.len() >= plan::EXPORT_FILE_BYTES || edge::now() >= after(self.begun, plan::EXPORT_FILE_S)
    }
}
