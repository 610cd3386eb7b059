//! The network next to PyTorch's numbers, and what is made of its answer.

use super::network::Network;
use super::{INPUTS, SIDE, distances, inputs, weights};
use crate::fill::Weighted;
use inference_kernels::Picture;
use safetensors::SafeTensors;

const GOLDEN: &[u8] = include_bytes!("../../tests/golden/depth.safetensors");

fn golden(name: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(GOLDEN).unwrap();
    let (parts, _) = file.tensor(name).unwrap().data().as_chunks::<4>();
    parts.iter().map(|part| f32::from_le_bytes(*part)).collect()
}

fn farthest(found: &[f32], wanted: &[f32]) -> f32 {
    assert_eq!(found.len(), wanted.len());
    found.iter().zip(wanted).map(|(found, wanted)| (found - wanted).abs()).fold(0.0, f32::max)
}

#[test]
fn the_network_says_what_pytorch_says() {
    let inputs = Picture { width: SIDE, height: SIDE, channels: INPUTS, values: golden("inputs") };
    let answer = Network::read(weights::FILE).unwrap().run(&inputs).unwrap();
    let wanted = golden("answer");
    let size = (wanted.iter().map(|value| value * value).sum::<f32>() / 46_080.0).sqrt();
    let off = farthest(&answer.values, &wanted) / size;
    assert!(off < 1e-3, "off by {off} of the root mean square {size}");
}

#[test]
fn the_network_is_shown_what_it_was_shown_in_training() {
    let colour = golden("colour");
    let pixels: Vec<Weighted> = golden("cover")
        .iter()
        .zip(colour.chunks_exact(3))
        .map(|(cover, colour)| [colour[0] * 255.0, colour[1] * 255.0, colour[2] * 255.0, *cover])
        .collect();
    let off = farthest(&inputs(&pixels).0.values, &golden("inputs"));
    assert!(off < 1e-5, "{off}");
}

#[test]
fn distances_are_to_the_nearest_pixel_outside() {
    let seen: Vec<bool> = (0..36).map(|at| at != 8).collect();
    let found = distances(&seen, 6);
    for (at, found) in found.iter().enumerate() {
        let (x, y) = (at % 6, at / 6);
        let apart = |other: usize| {
            let [a, b] =
                [x.abs_diff(other % 6), y.abs_diff(other / 6)].map(|part| f32::from(u8::try_from(part).unwrap()));
            a.hypot(b)
        };
        let edge = f32::from(u8::try_from((x + 1).min(6 - x).min(y + 1).min(6 - y)).unwrap());
        let wanted = apart(8).min(edge) / 3.0;
        assert!((found - wanted).abs() < 1e-6, "{found} for {wanted} at {x}, {y}");
    }
}

#[test]
fn a_broken_file_of_weights_is_refused() {
    assert!(Network::read(&weights::FILE[..1000]).is_err());
    assert!(Network::read(GOLDEN).is_err());
}
