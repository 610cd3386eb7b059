//! What a turning model and its animation are.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, RgbaImage};
use inference_mesh::{Model, Paint, Surface};
use inference_render::{MOST_FRAMES, MOST_TURNING_PX, WebpError, animated_webp, lossy_webp, preview, turntable};

/// A leaning tetrahedron, a colour at each corner: no two sides of it look alike.
fn shard() -> Model {
    let positions = vec![[-0.5, 0.0, -0.1], [0.5, 0.1, -0.2], [0.2, 0.0, 0.4], [0.1, 0.9, 0.0]];
    let triangles = vec![[0, 1, 2], [0, 2, 3], [2, 1, 3], [1, 0, 3]];
    let paint = Paint::Vertices(vec![[220, 30, 30], [30, 220, 30], [30, 30, 220], [220, 220, 30]]);
    Model { surface: Surface { positions, triangles }, paint }
}

#[test]
fn thirty_six_frames_differ_and_stay_inside_and_fill_the_picture_together() {
    let frames = turntable(&shard(), 96, 36);
    assert_eq!(frames.len(), 36);
    let mut widest = 0;
    for (number, frame) in frames.iter().enumerate() {
        assert!(frames[..number].iter().all(|other| other != frame), "frame {number} was there before");
        let solid: Vec<_> = frame.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] == 255).collect();
        assert!(solid.len() > 300);
        assert!(solid.iter().all(|(x, y, _)| (4..92).contains(x) && (4..92).contains(y)), "frame {number} runs out");
        let (low, high) = (solid.iter().map(|p| p.1).min().unwrap(), solid.iter().map(|p| p.1).max().unwrap());
        widest = widest.max(high - low);
        let (left, right) = (solid.iter().map(|p| p.0).min().unwrap(), solid.iter().map(|p| p.0).max().unwrap());
        widest = widest.max(right - left);
    }
    assert!(widest > 70, "{widest}");
}

#[test]
fn a_turning_model_without_frames_size_or_triangles_is_nothing() {
    assert!(turntable(&shard(), 16, 0).is_empty());
    assert!(turntable(&shard(), 0, 2).iter().all(|frame| frame.dimensions() == (0, 0)));
    let empty = turntable(&Model::default(), 8, u32::MAX);
    assert_eq!(u32::try_from(empty.len()).unwrap(), MOST_FRAMES);
    assert!(empty.iter().all(|frame| frame.pixels().all(|pixel| pixel.0[3] == 0)));
    assert_eq!(turntable(&Model::default(), u32::MAX, 1)[0].width(), MOST_TURNING_PX);
}

#[test]
fn the_animation_is_read_by_another_decoder_with_all_its_frames_and_never_ends() {
    let frames = turntable(&shard(), 96, 36);
    let file = animated_webp(&frames, 80, 75).unwrap();
    let animation = WebPDecoder::new(Cursor::new(&file)).unwrap();
    assert!(animation.has_animation());
    let decoded = animation.into_frames().collect_frames().unwrap();
    assert_eq!(decoded.len(), 36);
    for (frame, read) in frames.iter().zip(&decoded) {
        assert_eq!(read.delay().numer_denom_ms(), (80, 1));
        assert!(difference(frame, read.buffer()) < 4.0, "{}", difference(frame, read.buffer()));
    }
    let start = file.windows(4).position(|name| name == b"ANIM").unwrap();
    assert_eq!(file[start + 12..start + 14], [0; 2], "rounds");
}

#[test]
fn a_lossy_preview_looks_like_the_preview_and_is_smaller() {
    let picture = preview(&shard(), 256);
    let file = lossy_webp(&picture, 90).unwrap();
    assert_eq!(file, lossy_webp(&picture, 90).unwrap());
    let read = image::load_from_memory(&file).unwrap().to_rgba8();
    assert!(difference(&picture, &read) < 2.0, "{}", difference(&picture, &read));
    assert!(file.len() < 15_000, "{} bytes", file.len());
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let frame = RgbaImage::new(4, 4);
    assert_eq!(animated_webp(&[], 80, 75), Err(WebpError::Empty));
    let one = std::slice::from_ref(&frame);
    let uneven = animated_webp(&[frame.clone(), RgbaImage::new(4, 5)], 80, 75);
    assert_eq!(uneven, Err(WebpError::Uneven { number: 1, width: 4, height: 4 }));
    assert_eq!(animated_webp(one, 0, 75), Err(WebpError::Time { milliseconds: 0 }));
    assert_eq!(animated_webp(one, 80, 101), Err(WebpError::Quality { quality: 101 }));
    assert_eq!(animated_webp(&[RgbaImage::new(0, 0)], 80, 75), Err(WebpError::Side { width: 0, height: 0 }));
    assert_eq!(lossy_webp(&RgbaImage::new(16_384, 1), 75), Err(WebpError::Side { width: 16_384, height: 1 }));
}

/// Gives the mean difference of two pictures' parts over grey, of 255.
fn difference(a: &RgbaImage, b: &RgbaImage) -> f32 {
    let over = |pixel: &image::Rgba<u8>, channel: usize| {
        let alpha = f32::from(pixel.0[3]) / 255.0;
        f32::from(pixel.0[channel]) * alpha + 128.0 * (1.0 - alpha)
    };
    let sum: f32 =
        a.pixels().zip(b.pixels()).flat_map(|(a, b)| (0..3).map(move |c| (over(a, c) - over(b, c)).abs())).sum();
    sum / 3.0 / f32::from(u16::try_from(a.width()).unwrap()) / f32::from(u16::try_from(a.height()).unwrap())
}
