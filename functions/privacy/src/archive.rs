//! A ZIP that grows while it is already on its way to the bucket: never more than a piece of it is in memory.

use cloud::{CloudError, Objects, Parcel};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// What the writer has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Tray(Arc<Mutex<Vec<u8>>>);

impl Tray {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Tray {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive on its way.
pub(crate) struct Archive<'a> {
    parcel: Parcel<'a>,
    tray: Tray,
    zip: ZipWriter<StreamWriter<Tray>>,
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn broken(error: impl ToString) -> CloudError {
    CloudError::Refused { operation: "write archive", code: "Zip".to_owned(), message: error.to_string() }
}

impl<'a> Archive<'a> {
    pub(crate) async fn begin(bucket: &'a Objects, key: &'a str) -> Result<Self, CloudError> {
        let tray = Tray::default();
        let zip = ZipWriter::new_stream(tray.clone());
        Ok(Self { parcel: bucket.parcel(key, "application/zip").await?, tray, zip })
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> u64 {
        self.parcel.len()
    }

    /// Adds a file, stored as it is.
    pub(crate) async fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), CloudError> {
        self.open(name)?;
        self.write(bytes).await
    }

    /// Begins a file, which may be longer than memory.
    pub(crate) fn open(&mut self, name: &str) -> Result<(), CloudError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, options).map_err(broken)
    }

    /// Adds bytes to the file that was begun last.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), CloudError> {
        self.zip.write_all(bytes).map_err(broken)?;
        self.parcel.add(&self.tray.take()).await
    }

    /// Ends the archive; gives its size.
    pub(crate) async fn finish(mut self) -> Result<u64, CloudError> {
        self.zip.finish().map_err(broken)?;
        self.parcel.add(&self.tray.take()).await?;
        self.parcel.finish().await
    }
}
