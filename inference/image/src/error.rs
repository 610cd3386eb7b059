//! Why a photo, or the network's weights, cannot be used.

use crate::header::Format;
use std::path::PathBuf;

/// Why a photo cannot be used; each text carries its numbers and is fit for the person who sent the photo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// No bytes at all.
    #[error("the photo is empty")]
    Empty,
    /// More bytes than a photo may have.
    #[error("the photo has {bytes} bytes; at most {limit} are taken")]
    TooLarge {
        /// Its bytes, or how many had been counted when the reading stopped.
        bytes: u64,
        /// The most that are taken.
        limit: u64,
    },
    /// None of the three formats, or none that can be decoded.
    #[error("the file is not a JPEG, PNG or WebP picture that can be read: {reason}")]
    NotAnImage {
        /// What the first bytes or the decoder said.
        reason: String,
    },
    /// Another format than was declared.
    #[error("the photo was declared as {declared} but is {}", found.media_type())]
    TypeMismatch {
        /// The declared media type.
        declared: String,
        /// What the first bytes say.
        found: Format,
    },
    /// A side or the whole is out of bounds.
    #[error(
        "the picture is {width} × {height} pixels; each side may be {min_side} to {max_side} and the whole at most \
         {max_pixels} pixels"
    )]
    Sides {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The shortest side.
        min_side: u32,
        /// The longest side.
        max_side: u32,
        /// The most pixels.
        max_pixels: u64,
    },
    /// Its pixels would take more memory than one photo may have.
    #[error("the decoded picture would take {bytes} bytes; at most {limit} are granted: save it with 8 bits a channel")]
    TooMuchMemory {
        /// What the decoder asks for.
        bytes: u64,
        /// The most that is granted.
        limit: u64,
    },
    /// More than one frame.
    #[error("the picture is animated; send a single frame")]
    Animated,
    /// It stops before its own end mark.
    #[error("the picture is cut off after {bytes} bytes, before its end; send it again")]
    Truncated {
        /// The bytes that arrived.
        bytes: u64,
    },
    /// Nothing stands in front of a background.
    #[error(
        "no object was found: the foreground covers {found_permille} ‰ of the picture and at least {least_permille} ‰ is \
         needed; photograph one object in front of a plain background"
    )]
    NoObject {
        /// How much of the picture the foreground covers, in thousandths.
        found_permille: u64,
        /// The least that is needed, in thousandths.
        least_permille: u64,
    },
}

impl PhotoError {
    /// The stable path that names this problem to programs.
    pub fn problem_type(&self) -> &'static str {
        match self {
            Self::Empty => "/problems/photo-empty",
            Self::TooLarge { .. } => "/problems/photo-too-large",
            Self::NotAnImage { .. } => "/problems/photo-not-an-image",
            Self::TypeMismatch { .. } => "/problems/photo-type-mismatch",
            Self::Sides { .. } | Self::TooMuchMemory { .. } => "/problems/photo-too-many-pixels",
            Self::Animated => "/problems/photo-animated",
            Self::Truncated { .. } => "/problems/photo-truncated",
            Self::NoObject { .. } => "/problems/photo-no-object",
        }
    }
}

/// Why no cut-out came back.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// The photo cannot be used.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The network failed: our fault, not the photo's.
    #[error("the foreground network failed: {0}")]
    Network(String),
}

/// Why the weights of the foreground network cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The file is missing or cannot be read.
    #[error("cannot read {} ({source}); fetch it with: python3 inference/image/fetch-u2netp.py", path.display())]
    Unreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another file than the one this build was made for.
    #[error("{} has SHA-256 {found}, not {expected}; fetch it again with: python3 inference/image/fetch-u2netp.py", path.display())]
    Different {
        /// The file.
        path: PathBuf,
        /// Its hash.
        found: String,
        /// The hash it must have.
        expected: &'static str,
    },
    /// The network could not be built from it.
    #[error("the foreground network could not be built from {}: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the inference library said.
        reason: String,
    },
}
