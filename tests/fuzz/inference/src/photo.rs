//! Photos: decoded, turned upright, cut out, framed.

use fuzz_bounds::Target;
use image::{Rgba, RgbaImage};
use inference_image::{Cut, Format, Limits, decode, frame};

/// The service's limits in small: the same code runs, a thousand times as often.
const LIMITS: Limits = Limits { bytes: 64 * 1024, min_side: 2, max_side: 256, max_pixels: 16_384, max_alloc: 1 << 20 };

/// The side of a framed picture here.
const FRAME_SIDE: u32 = 96;

/// Any bytes, announced as what they begin like.
pub const PHOTO: Target = Target {
    name: "photo",
    longest: 80 * 1024,
    // A few pictures of [`LIMITS`]; and the decoder makes room for what a lossy WebP says of its seven partitions, 16 MiB each,
    // before it reads them.
    most: (6 + 7 * 16) << 20,
    most_per_byte: 16,
    most_ms: 2000,
    body: photo,
};

fn photo(bytes: &[u8]) {
    let announced = Format::sniff(bytes).map_or("image/png", Format::media_type);
    let photo = match decode(bytes, announced, &LIMITS) {
        Ok(photo) => photo,
        Err(refused) => return assert!(refused.to_string().len() < 500, "an error is a sentence: {refused}"),
    };
    assert!(bytes.len() <= 64 * 1024, "{} bytes are too many", bytes.len());
    assert_eq!(Some(photo.format), Format::sniff(bytes));
    let (width, height) = photo.pixels.dimensions();
    let sides = LIMITS.min_side..=LIMITS.max_side;
    assert!(sides.contains(&width) && sides.contains(&height), "{width} by {height}");
    assert!(u64::from(width) * u64::from(height) <= LIMITS.max_pixels, "{width} by {height}");
    let other = if announced == "image/jpeg" { "image/png" } else { "image/jpeg" };
    assert!(decode(bytes, other, &LIMITS).is_err(), "taken for {other}");
    framed(&Cut::whole(photo).pixels, 85, FRAME_SIDE);
}

/// Two sides, a share and a limit, then the alpha of a picture, over and over.
pub const FRAME: Target =
    Target { name: "frame", longest: 4096, most: 1 << 20, most_per_byte: 4, most_ms: 2000, body: cut };

fn cut(bytes: &[u8]) {
    let [width, height, percent, side, alphas @ ..] = bytes else { return };
    let (width, height) = (1 + u32::from(*width) % 64, 1 + u32::from(*height) % 64);
    // As options are bounded.
    let percent = 50 + u32::from(*percent) % 51;
    let mut alphas = alphas.iter().copied().cycle();
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        let [red, green] = [x, y].map(|place| u8::try_from(place % 256).unwrap_or(0));
        Rgba([red, green, 7, alphas.next().unwrap_or(0)])
    });
    framed(&picture, percent, u32::from(*side).max(1));
}

fn framed(cut: &RgbaImage, percent: u32, most_side: u32) {
    let has_object = cut.pixels().any(|pixel| pixel.0[3] > 32);
    let framed = frame(cut, percent, most_side);
    assert_eq!(framed.is_ok(), has_object, "whatever is not haze is an object");
    let Ok(framed) = framed else { return };
    let (width, height) = framed.pixels.dimensions();
    assert!(width == height && width <= most_side, "{width} by {height}, at most {most_side}");
    let [left, top, side] = framed.square;
    assert!(left.is_finite() && top.is_finite() && side >= 1.0, "{left}, {top}, {side}");
}
