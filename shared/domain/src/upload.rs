//! A photo on its way from the browser to the bucket.

use crate::ids::{UploadId, UserId};
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// The types of photo that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhotoType {
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// WebP.
    #[serde(rename = "image/webp")]
    Webp,
}

impl PhotoType {
    /// Every type that is taken.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// Reads a media type.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == text)
    }
}

/// Whether an upload has become part of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum UploadState {
    /// A form was handed out; the photo may have come.
    Open,
    /// A generation uses it.
    Claimed,
    /// Nobody asked for a model in time: the photo goes, and then the row.
    Forgotten,
}

/// An upload as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The upload.
    pub upload: UploadId,
    /// Whose it is.
    pub user: UserId,
    /// What the browser announced.
    pub content_type: PhotoType,
    /// What the browser announced, in bytes.
    pub bytes: u64,
    /// SHA-256 of the photo, base64, as the browser announced it.
    pub sha256: String,
    /// Whether a generation uses it.
    pub state: UploadState,
    /// When the form was handed out.
    #[serde(with = "ms")]
    pub opened: Timestamp,
    /// When the form ends.
    #[serde(with = "ms")]
    pub form_ends: Timestamp,
}

/// Which announced photo is refused before it is uploaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// Nothing to upload.
    #[error("the photo is empty")]
    Empty,
    /// Too many bytes.
    #[error("the photo has {bytes} bytes; at most {} are taken", plan::MAX_PHOTO_BYTES)]
    TooLarge {
        /// What was announced.
        bytes: u64,
    },
}

impl Upload {
    /// Opens an upload, or says which limit forbids it.
    pub fn open(
        upload: UploadId,
        user: UserId,
        content_type: PhotoType,
        bytes: u64,
        sha256: String,
        now: Timestamp,
    ) -> Result<Self, UploadError> {
        if bytes < plan::MIN_PHOTO_BYTES {
            return Err(UploadError::Empty);
        }
        if bytes > plan::MAX_PHOTO_BYTES {
            return Err(UploadError::TooLarge { bytes });
        }
        let form_ends = after(now, plan::UPLOAD_FORM_S);
        Ok(Self { upload, user, content_type, bytes, sha256, state: UploadState::Open, opened: now, form_ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(bytes: u64) -> Result<Upload, UploadError> {
        let now = Timestamp::from_second(0).unwrap();
        Upload::open(
            UploadId::fresh(now, [1; 10]),
            UserId::fresh(now, [2; 10]),
            PhotoType::Png,
            bytes,
            String::new(),
            now,
        )
    }

    #[test]
    fn one_byte_too_many_is_refused_with_its_number() {
        assert!(open(plan::MAX_PHOTO_BYTES).is_ok());
        let refused = open(plan::MAX_PHOTO_BYTES + 1).unwrap_err();
        assert_eq!(refused.to_string(), "the photo has 10485761 bytes; at most 10485760 are taken");
        assert_eq!(open(0).unwrap_err(), UploadError::Empty);
    }
}
