//! Every photo that a person or an attacker may send is decoded upright or refused by name.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageBuffer, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage, Rgba,
    RgbaImage,
};
use inference_image::{Format, Limits, PhotoError, decode};
use std::io::Cursor;

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) })
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&halves(width, height)).unwrap();
    bytes
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&RgbaImage::from_pixel(width, height, Rgba([1, 2, 3, 255])).into(), ImageFormat::Png)
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(&RgbaImage::from_pixel(width, height, Rgba([1, 2, 3, 255])).into(), ImageFormat::WebP)
}

/// A PNG chunk; the checksum is left wrong, which nothing before the decoder looks at.
fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], name, body, &[0; 4]].concat()
}

/// A PNG that claims these sides and has nothing else.
fn claimed_png(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", &[0; 8]), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

fn refused(bytes: &[u8], content_type: &str) -> PhotoError {
    decode(bytes, content_type, &Limits::default()).unwrap_err()
}

#[test]
fn the_three_formats_are_decoded() {
    for (bytes, format) in [(jpeg(32, 20), Format::Jpeg), (png(32, 20), Format::Png), (webp(32, 20), Format::Webp)] {
        let photo = decode(&bytes, format.media_type(), &Limits::default()).unwrap();
        assert_eq!((photo.pixels.dimensions(), photo.format), ((32, 20), format));
    }
}

#[test]
fn a_webp_as_cameras_write_it_is_decoded() {
    // NASA's rocket (public domain), lossy; the encoder of these tests knows the lossless kind only.
    let photo = decode(include_bytes!("fixtures/rocket.webp"), "image/webp", &Limits::default()).unwrap();
    assert_eq!((photo.pixels.dimensions(), photo.format), ((320, 213), Format::Webp));
    let sky = photo.pixels.get_pixel(10, 10).0;
    assert!(sky[2] > sky[0] && sky[3] == 255, "{sky:?}");
}

#[test]
fn grey_sixteen_bit_palette_and_cmyk_all_become_rgba() {
    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> = ImageBuffer::from_pixel(16, 16, Rgb([65535, 257, 0]));
    let cases = [
        (encoded(&GrayImage::from_pixel(16, 16, Luma([77])).into(), ImageFormat::Png), "image/png", [77, 77, 77]),
        (encoded(&DynamicImage::ImageRgb16(deep), ImageFormat::Png), "image/png", [255, 1, 0]),
        (include_bytes!("fixtures/green-palette.png").to_vec(), "image/png", [10, 200, 30]),
        (include_bytes!("fixtures/red-cmyk.jpg").to_vec(), "image/jpeg", [254, 0, 0]),
    ];
    for (bytes, content_type, colour) in cases {
        let photo = decode(&bytes, content_type, &Limits::default()).unwrap();
        let pixel = photo.pixels.get_pixel(8, 8).0;
        let near = pixel[..3].iter().zip(colour).all(|(is, want)| is.abs_diff(want) <= 3);
        assert!(near && pixel[3] == 255, "{pixel:?} instead of {colour:?}");
    }
}

/// The halves with this EXIF.
fn with_exif(format: Format, exif: &[u8]) -> Vec<u8> {
    fn write(mut encoder: impl ImageEncoder, exif: &[u8]) {
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
        encoder.write_image(halves(64, 32).as_raw(), 64, 32, ExtendedColorType::Rgb8).unwrap();
    }
    let mut bytes = Vec::new();
    match format {
        Format::Jpeg => write(JpegEncoder::new(&mut bytes), exif),
        Format::Png => write(PngEncoder::new(&mut bytes), exif),
        Format::Webp => write(WebPEncoder::new_lossless(&mut bytes), exif),
    }
    bytes
}

#[test]
fn a_photo_taken_sideways_comes_out_upright() {
    // One entry: orientation 6, "turn by 90 degrees clockwise to see it upright".
    let tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    // JPEG's encoder writes the mark itself; in PNG and WebP it is not meant to be, and met with.
    let marked = [b"Exif\0\0".as_slice(), tiff].concat();
    for (format, exif) in [
        (Format::Jpeg, tiff.as_slice()),
        (Format::Png, tiff),
        (Format::Png, &marked),
        (Format::Webp, tiff),
        (Format::Webp, &marked),
    ] {
        let photo = decode(&with_exif(format, exif), format.media_type(), &Limits::default()).unwrap().pixels;
        assert_eq!(photo.dimensions(), (32, 64), "{format:?} {exif:?}");
        assert!(photo.get_pixel(16, 5).0[0] > 200, "{format:?}: the red left half is on top now");
    }
}

#[test]
fn the_type_is_compared_without_case_and_parameters() {
    assert!(decode(&png(16, 16), "Image/PNG; charset=utf-8", &Limits::default()).is_ok());
}

#[test]
fn every_bad_photo_is_refused_by_name() {
    let animated_png = {
        let plain = png(32, 32);
        [&plain[..33], &chunk(b"acTL", &[0; 8]), &plain[33..]].concat()
    };
    let animated_webp =
        [b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".as_slice(), &[63, 0, 0, 63, 0, 0], &[0; 64]].concat();
    // A canvas of 64 by 64, and a picture of 16,000 by 9,000 in it.
    let hollow_webp = [
        b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".as_slice(),
        &[63, 0, 0, 63, 0, 0],
        b"VP8 \x20\0\0\0\x30\x06\0\x9d\x01\x2a\x80\x3e\x28\x23",
        &[0; 64],
    ]
    .concat();
    let cases: [(&str, Vec<u8>, &str, &str); 15] = [
        ("empty", vec![], "image/png", "photo-empty"),
        ("text", b"hello, this is no picture".to_vec(), "image/png", "photo-not-an-image"),
        ("gif", b"GIF89a\x10\0\x10\0".to_vec(), "image/gif", "photo-not-an-image"),
        ("png named jpeg", png(32, 32), "image/jpeg", "photo-type-mismatch"),
        ("no type", png(32, 32), "", "photo-type-mismatch"),
        ("0 × 0", claimed_png(0, 0), "image/png", "photo-too-many-pixels"),
        ("20000 × 20000", claimed_png(20_000, 20_000), "image/png", "photo-too-many-pixels"),
        ("8192 × 8192", claimed_png(8192, 8192), "image/png", "photo-too-many-pixels"),
        ("15 × 200", png(15, 200), "image/png", "photo-too-many-pixels"),
        ("animated png", animated_png, "image/png", "photo-animated"),
        ("animated webp", animated_webp, "image/webp", "photo-animated"),
        ("hollow webp", hollow_webp, "image/webp", "photo-too-many-pixels"),
        ("broken pixels", claimed_png(64, 64), "image/png", "photo-not-an-image"),
        ("only a magic", b"\xff\xd8\xff".to_vec(), "image/jpeg", "photo-truncated"),
        ("one byte too many", vec![0xff; 10_485_761], "image/jpeg", "photo-too-large"),
    ];
    for (name, bytes, content_type, problem) in cases {
        let fault = refused(&bytes, content_type);
        assert_eq!(fault.problem_type(), format!("/problems/{problem}"), "{name}: {fault}");
    }
}

#[test]
fn a_photo_cut_off_anywhere_is_truncated() {
    for (whole, content_type) in
        [(jpeg(64, 48), "image/jpeg"), (png(64, 48), "image/png"), (webp(64, 48), "image/webp")]
    {
        for kept in (16..whole.len() - 1).step_by(7) {
            let fault = refused(&whole[..kept], content_type);
            assert!(matches!(fault, PhotoError::Truncated { .. }), "{content_type} cut after {kept}: {fault}");
        }
    }
}

#[test]
fn a_bomb_in_the_metadata_costs_nothing() {
    // The pixels of a black picture are a zlib stream that inflates a thousandfold: carry it as a text chunk.
    let black = encoded(&GrayImage::new(6000, 6000).into(), ImageFormat::Png);
    let stream = {
        let length = u32::from_be_bytes(black[33..37].try_into().unwrap());
        &black[41..41 + usize::try_from(length).unwrap()]
    };
    let body = [b"Comment\0\0".as_slice(), stream].concat();
    let plain = png(32, 32);
    let bomb = [&plain[..33], &chunk(b"zTXt", &body), &plain[33..]].concat();
    // Refused or ignored, both are well; what counts is that no 36 MB were unpacked to find out.
    let limits = Limits { max_alloc: 1024 * 1024, ..Limits::default() };
    match decode(&bomb, "image/png", &limits) {
        Ok(photo) => assert_eq!(photo.pixels.dimensions(), (32, 32)),
        Err(fault) => assert_eq!(fault.problem_type(), "/problems/photo-not-an-image", "{fault}"),
    }
}

#[test]
fn pixels_that_need_too_much_memory_are_refused_before_they_are_unpacked() {
    let limits = Limits { max_alloc: 100_000, ..Limits::default() };
    let fault = decode(&png(200, 200), "image/png", &limits).unwrap_err();
    assert_eq!(fault, PhotoError::TooMuchMemory { bytes: 160_000, limit: 100_000 });
}

#[test]
fn transparency_counts_only_if_enough_is_clear_and_enough_is_solid() {
    let brings = |clear: u32| {
        let picture = RgbaImage::from_fn(100, 100, |x, y| Rgba([9, 9, 9, if y * 100 + x < clear { 0 } else { 255 }]));
        let bytes = encoded(&picture.into(), ImageFormat::Png);
        decode(&bytes, "image/png", &Limits::default()).unwrap().brings_alpha()
    };
    assert_eq!([0, 99, 100, 5000, 9900, 9901].map(brings), [false, false, true, true, true, false]);
}

#[test]
fn no_bytes_make_the_decoder_panic() {
    // A fixed walk over damaged files: one byte of each is changed at a time.
    for (whole, content_type) in
        [(jpeg(32, 24), "image/jpeg"), (png(32, 24), "image/png"), (webp(32, 24), "image/webp")]
    {
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xa5;
            let _ = decode(&damaged, content_type, &Limits::default());
        }
    }
}

#[test]
fn sixteen_bit_grey_with_alpha_is_taken_too() {
    let bytes = {
        let mut bytes = Cursor::new(Vec::new());
        let raw: Vec<u8> = [0x80, 0x00, 0xff, 0xff].repeat(256);
        image::write_buffer_with_format(&mut bytes, &raw, 16, 16, ExtendedColorType::La16, ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    assert!(decode(&bytes, "image/png", &Limits::default()).is_ok());
}
