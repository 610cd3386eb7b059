//! What the first bytes of an uploaded photo say, before anything is charged or decoded.

use crate::plan;
use crate::upload::PhotoType;
use imagesize::ImageType;

/// How many first bytes are enough for [`inspect`] to find the sides: metadata may stand before them.
pub const HEAD_BYTES: u64 = 256 * 1024;

/// Why a photo is refused before it is decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Nothing in it.
    #[error("the photo is empty")]
    Empty,
    /// More bytes than a photo may have.
    #[error("the photo has {bytes} bytes; at most {} are taken", plan::MAX_PHOTO_BYTES)]
    TooLarge {
        /// Its bytes.
        bytes: u64,
    },
    /// Not one of the three formats.
    #[error("the file is not a JPEG, PNG or WebP picture")]
    NotAnImage,
    /// Another format than was announced.
    #[error("the file was announced as {announced} but is another kind of picture")]
    TypeMismatch {
        /// The announced media type.
        announced: &'static str,
    },
    /// It ends before it says its sides.
    #[error("the picture ends before its header does")]
    Truncated,
    /// A side or the whole is out of bounds.
    #[error(
        "the picture is {width} × {height} pixels; each side may be {} to {} and the whole at most {} pixels",
        plan::MIN_PHOTO_SIDE,
        plan::MAX_PHOTO_SIDE,
        plan::MAX_PHOTO_PIXELS
    )]
    Sides {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// More than one frame.
    #[error("the picture is animated; a single frame is taken")]
    Animated,
}

/// Which of the three formats a photo is, by its first bytes.
pub fn sniff(head: &[u8]) -> Result<PhotoType, PhotoError> {
    if head.is_empty() {
        return Err(PhotoError::Empty);
    }
    match imagesize::image_type(head) {
        Ok(ImageType::Jpeg) => Ok(PhotoType::Jpeg),
        Ok(ImageType::Png) => Ok(PhotoType::Png),
        Ok(ImageType::Webp) => Ok(PhotoType::Webp),
        _ => Err(PhotoError::NotAnImage),
    }
}

/// Judges a photo of `bytes` bytes by its first bytes (up to [`HEAD_BYTES`]).
///
/// A picture can still turn out broken when it is decoded; the container says so, and the credits come back.
pub fn inspect(head: &[u8], bytes: u64, announced: PhotoType) -> Result<(), PhotoError> {
    if bytes < plan::MIN_PHOTO_BYTES || head.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes > plan::MAX_PHOTO_BYTES {
        return Err(PhotoError::TooLarge { bytes });
    }
    let found = sniff(head)?;
    if found != announced {
        return Err(PhotoError::TypeMismatch { announced: announced.media_type() });
    }
    let Ok(size) = imagesize::blob_size(head) else {
        return Err(PhotoError::Truncated);
    };
    let (width, height) = (size.width, size.height);
    let sides = plan::MIN_PHOTO_SIDE..=plan::MAX_PHOTO_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) || width * height > plan::MAX_PHOTO_PIXELS {
        return Err(PhotoError::Sides { width, height });
    }
    if is_animated(head, found) {
        return Err(PhotoError::Animated);
    }
    Ok(())
}

/// A PNG is animated if `acTL` stands before the first `IDAT`; a WebP if bit 1 of its `VP8X` flags is set.
fn is_animated(head: &[u8], kind: PhotoType) -> bool {
    match kind {
        PhotoType::Jpeg => false,
        PhotoType::Webp => head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|flags| flags & 2 != 0),
        PhotoType::Png => {
            let mut at = 8;
            while let Some(chunk) = head.get(at..at + 8) {
                match &chunk[4..] {
                    b"acTL" => return true,
                    b"IDAT" => return false,
                    _ => {}
                }
                let length = u32::from_be_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
                at = at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).saturating_add(12);
                if at > head.len() {
                    return false;
                }
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk(name: &str, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[..], name.as_bytes(), body, &[0; 4]].concat()
    }

    fn png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk("IHDR", &header), more, &chunk("IDAT", &[0; 8])].concat()
    }

    fn judge(file: &[u8], announced: PhotoType) -> Result<(), PhotoError> {
        inspect(file, file.len() as u64, announced)
    }

    #[test]
    fn a_plain_png_passes() {
        assert_eq!(judge(&png(640, 480, &[]), PhotoType::Png), Ok(()));
    }

    #[test]
    fn every_bad_photo_is_named() {
        let animated = png(640, 480, &chunk("acTL", &[0; 8]));
        let webp = [b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".as_slice(), &[63, 0, 0, 63, 0, 0], &[0; 16]].concat();
        let cases: [(&str, Vec<u8>, PhotoType, PhotoError); 8] = [
            ("empty", vec![], PhotoType::Png, PhotoError::Empty),
            ("text", b"hello, this is no picture at all".to_vec(), PhotoType::Png, PhotoError::NotAnImage),
            ("gif", b"GIF89a\x10\0\x10\0aaaaaaaaaaaaaaaa".to_vec(), PhotoType::Png, PhotoError::NotAnImage),
            ("named jpeg", png(64, 64, &[]), PhotoType::Jpeg, PhotoError::TypeMismatch { announced: "image/jpeg" }),
            ("0 × 0", png(0, 0, &[]), PhotoType::Png, PhotoError::Sides { width: 0, height: 0 }),
            ("huge", png(20_000, 20_000, &[]), PhotoType::Png, PhotoError::Sides { width: 20_000, height: 20_000 }),
            ("animated png", animated, PhotoType::Png, PhotoError::Animated),
            ("animated webp", webp, PhotoType::Webp, PhotoError::Animated),
        ];
        for (name, file, announced, fault) in cases {
            assert_eq!(judge(&file, announced), Err(fault), "{name}");
        }
        assert_eq!(judge(&png(64, 64, &[])[..18], PhotoType::Png), Err(PhotoError::Truncated));
        let bytes = plan::MAX_PHOTO_BYTES + 1;
        assert_eq!(inspect(&png(64, 64, &[]), bytes, PhotoType::Png), Err(PhotoError::TooLarge { bytes }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(file in proptest::collection::vec(any::<u8>(), 0..200), start in 0usize..3) {
            let magic: &[u8] = [b"\x89PNG\r\n\x1a\n".as_slice(), b"RIFF\0\0\0\0WEBPVP8X", b"\xff\xd8\xff"][start];
            let _ = judge(&[magic, &file].concat(), PhotoType::ALL[start]);
        }
    }
}
