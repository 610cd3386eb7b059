//! Where photos and weights are.

use std::path::{Path, PathBuf};

/// A directory of the workspace's `.local`, or the one that the environment names.
#[expect(clippy::disallowed_methods, reason = "tests are started by hand and by make alike")]
pub(crate) fn local(name: &str, variable: &str) -> PathBuf {
    std::env::var(variable)
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local").join(name), PathBuf::from)
}

pub(crate) fn photo(name: &str) -> Vec<u8> {
    let path = local("photos", "I3D_PHOTO_DIR").join(name);
    std::fs::read(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run: python3 tests/photos/fetch-photos.py", path.display()))
}
