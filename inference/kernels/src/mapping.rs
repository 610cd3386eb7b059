//! Files that are read in place.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

/// Is a file mapped into memory, read-only: opening copies nothing, and the operating system reads what is used.
#[derive(Debug)]
pub struct Mapping(memmap2::Mmap);

impl Mapping {
    /// Maps a file. It must not be changed or cut off as long as it is mapped: weights are replaced by renaming a new
    /// file over the old one, which leaves the mapped one as it was.
    #[expect(unsafe_code, reason = "a mapping is only as constant as its file")]
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the mapping is private and never written by us. That nobody else changes the file is what the
        // documentation asks for; whoever does may get other numbers or a SIGBUS, as with every mapped file.
        unsafe { memmap2::MmapOptions::new().map(&file) }.map(Self)
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
