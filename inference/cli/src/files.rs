//! Files in and out.

use crate::fault::Fault;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The media type of a photo by its first bytes. The name of a file on a disk promises nothing; what is none of the
/// three formats is refused by the pipeline, which says so better.
pub(crate) fn content_type(photo: &[u8]) -> &'static str {
    inference_pipeline::Format::sniff(photo).map_or("", inference_pipeline::Format::media_type)
}

/// Reads a model.
pub(crate) fn read_model(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|source| Fault::Model { path: path.into(), source })
}

/// Writes a file whole or not at all: beside its place first, then renamed.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let write = || -> std::io::Result<()> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut file = tempfile::Builder::new().prefix(".imageto3d-").tempfile_in(directory)?;
        file.write_all(content)?;
        readable(file.as_file())?;
        file.persist(path).map_err(|fault| fault.error)?;
        Ok(())
    };
    write().map_err(|source| Fault::Write { path: path.into(), source })
}

/// A temporary file is private; a finished one is as readable as any other.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
