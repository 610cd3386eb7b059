//! A ZIP archive without clock, owner or chance: only names and bytes.
//!
//! Its own writer, because USDZ wants every file to begin at a multiple of 64 bytes and neither compression nor data
//! descriptors, and because the same input must give the same bytes whatever deflate the rest of a build has chosen.

use super::ConvertError;

/// How hard deflate tries, of 10: what `zip` and `gzip` take by default.
const LEVEL: u8 = 6;

/// Files of a USDZ begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// The first day that a ZIP can say, 1 January 1980: year 0, month 1, day 1.
const FIRST_DAY: u16 = (1 << 5) | 1;

/// The identifier of the padding in an extra field; readers pass over those that they do not know.
const PADDING: u16 = 0x1986;

/// The version of the format that is needed to read it: 2.0, for deflate.
const VERSION: u16 = 20;

/// Marks names as UTF-8.
const UTF8: u16 = 1 << 11;

/// Is an archive in the making.
#[derive(Default)]
pub(super) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Archive {
    /// Adds a file, deflated if that makes it smaller.
    pub(super) fn deflated(&mut self, name: &str, contents: &[u8]) -> Result<(), ConvertError> {
        let packed = miniz_oxide::deflate::compress_to_vec(contents, LEVEL);
        if packed.len() < contents.len() {
            self.file(name, contents, Some(&packed), 0)
        } else {
            self.file(name, contents, None, 0)
        }
    }

    /// Adds a file as it is, beginning at a multiple of 64 bytes.
    pub(super) fn aligned(&mut self, name: &str, contents: &[u8]) -> Result<(), ConvertError> {
        let begins = self.bytes.len() + 30 + name.len();
        let padding = begins.next_multiple_of(ALIGNMENT) - begins;
        // A padding has four bytes of its own.
        self.file(name, contents, None, if (1..4).contains(&padding) { padding + ALIGNMENT } else { padding })
    }

    fn file(&mut self, name: &str, contents: &[u8], packed: Option<&[u8]>, padding: usize) -> Result<(), ConvertError> {
        let stored = packed.unwrap_or(contents);
        let mut common = Vec::with_capacity(26);
        for word in [VERSION, UTF8, if packed.is_some() { 8 } else { 0 }, 0, FIRST_DAY] {
            common.extend(word.to_le_bytes());
        }
        common.extend(crc32fast::hash(contents).to_le_bytes());
        common.extend(self.small(stored.len())?.to_le_bytes());
        common.extend(self.small(contents.len())?.to_le_bytes());
        common.extend(short(name.len()).to_le_bytes());

        let offset = self.small(self.bytes.len())?;
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(short(padding).to_le_bytes());
        self.bytes.extend(name.as_bytes());
        if padding > 0 {
            self.bytes.extend(PADDING.to_le_bytes());
            self.bytes.extend(short(padding - 4).to_le_bytes());
            self.bytes.resize(self.bytes.len() + padding - 4, 0);
        }
        self.bytes.extend(stored);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        // No extra field, no comment, the first disk, no attributes.
        self.directory.extend([0; 12]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files += 1;
        Ok(())
    }

    /// Closes the archive.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, ConvertError> {
        let start = self.small(self.bytes.len())?;
        let length = self.small(self.directory.len())?;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend([0, 0]);
        Ok(self.bytes)
    }

    fn small(&self, count: usize) -> Result<u32, ConvertError> {
        let bytes = self.bytes.len().max(count);
        u32::try_from(count).map_err(|_| ConvertError::TooLarge { bytes })
    }
}

/// Gives a length of a name or padding of ours: below 128, so it always fits.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}
