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

/// Refuses outputs that would overwrite an input or each other, before any work is done.
pub(crate) fn check_outputs(inputs: &[&Path], outputs: &[&Path]) -> Result<(), Fault> {
    for (at, output) in outputs.iter().enumerate() {
        if inputs.iter().chain(&outputs[..at]).any(|other| is_same_file(output, other)) {
            return Err(Fault::SameFile { path: output.into() });
        }
    }
    Ok(())
}

/// Tells whether two paths lead to one file, however they are spelled: what is not there yet by its place, what is there
/// by what it is as well, since it may have several names.
fn is_same_file(one: &Path, other: &Path) -> bool {
    place(one) == place(other) || identity(one).is_some_and(|found| Some(found) == identity(other))
}

/// The one spelling of where a file is or will be; the path itself if it has no directory.
fn place(path: &Path) -> PathBuf {
    let directory = directory(path).canonicalize().ok();
    directory.zip(path.file_name()).map_or_else(|| path.into(), |(directory, name)| directory.join(name))
}

/// Device and number of a file that is there, behind all links.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file whole or not at all: beside its place first, then renamed.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".imageto3d-").tempfile_in(directory(path))?;
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
