//! Which way each triangle looks: the six directions of the axes, in patches as large and smooth as they can be.

use inference_mesh::number::{at, index};

use super::neighbours::NONE;
use crate::vector::{add, dot, length, times, unit};

/// The cosine below which a triangle may not be laid out along a direction: it would be squeezed five times.
pub(super) const STEEPEST: f32 = 0.2;

/// How often the directions are evened out with the neighbours'.
const ROUNDS: usize = 6;

/// What a neighbour of the same direction is worth, against the cosine.
const COMPANY: f32 = 0.15;

/// A patch with less than this share of the whole area is given to a patch beside it.
const SMALL_PATCH: f32 = 0.004;

/// How often small patches are given away: a patch may become small, or get a better neighbour, on the way.
const MERGES: usize = 3;

/// The six directions, as numbered.
pub(super) fn direction(label: u8) -> [f32; 3] {
    let mut direction = [0.0; 3];
    direction[usize::from(label / 2).min(2)] = if label.is_multiple_of(2) { 1.0 } else { -1.0 };
    direction
}

/// Gives each triangle the number of a direction; `normals` are as long as the areas, zero for flat triangles.
pub(super) fn label(normals: &[[f32; 3]], across: &[[u32; 3]]) -> Vec<u8> {
    let smooth = smoothed(&smoothed(normals, across), across);
    let units: Vec<_> = normals.iter().map(|normal| unit(*normal).unwrap_or([0.0; 3])).collect();
    let mut labels: Vec<u8> = smooth.iter().zip(&units).map(|(smooth, own)| best(*smooth, *own, &[0.0; 6])).collect();
    for _ in 0..ROUNDS {
        for triangle in 0..labels.len() {
            let mut company = [0.0; 6];
            for other in across[triangle] {
                if other != NONE {
                    company[usize::from(labels[at(other)])] += COMPANY;
                }
            }
            labels[triangle] = best(smooth[triangle], units[triangle], &company);
        }
    }
    let areas: Vec<_> = normals.iter().map(|normal| length(*normal)).collect();
    for _ in 0..MERGES {
        give_small_patches_away(&mut labels, &units, &areas, across);
    }
    labels
}

/// Gives the direction that suits best among those the triangle is not too steep for; a flat triangle suits all.
fn best(smooth: [f32; 3], own: [f32; 3], company: &[f32; 6]) -> u8 {
    let mut best = (f32::NEG_INFINITY, 0);
    for label in 0..6 {
        let way = direction(label);

        let score = dot(smooth, way) + company[usize::from(label)];
        if suits(own, way) && score > best.0 {
            best = (score, label);
        }
    }
    best.1
}

/// Says whether a triangle is not too steep for a direction; one without a direction never is.
fn suits(own: [f32; 3], way: [f32; 3]) -> bool {
    dot(own, own) <= 0.0 || dot(own, way) > STEEPEST
}

/// Gives the mean direction around each triangle.
fn smoothed(normals: &[[f32; 3]], across: &[[u32; 3]]) -> Vec<[f32; 3]> {
    let around = |(triangle, own): (usize, &[f32; 3])| {
        let others = across[triangle].iter().filter(|other| **other != NONE);
        let sum = others.fold(times(*own, 2.0), |sum, other| add(sum, normals[at(*other)]));
        unit(sum).unwrap_or([0.0; 3])
    };
    normals.iter().enumerate().map(around).collect()
}

/// Turns each small patch to the direction of the patch it shares most sides with, where none of it is too steep.
fn give_small_patches_away(labels: &mut [u8], units: &[[f32; 3]], areas: &[f32], across: &[[u32; 3]]) {
    let small = areas.iter().map(|area| f64::from(*area)).sum::<f64>() * f64::from(SMALL_PATCH);
    for patch in patches(labels, across) {
        if patch.iter().map(|triangle| f64::from(areas[at(*triangle)])).sum::<f64>() >= small {
            continue;
        }
        let own = labels[at(patch[0])];
        let mut sides = [0_usize; 6];
        for other in patch.iter().flat_map(|triangle| across[at(*triangle)]) {
            if other != NONE && labels[at(other)] != own {
                sides[usize::from(labels[at(other)])] += 1;
            }
        }
        let suits_all = |label: u8| {
            let way = direction(label);
            patch.iter().all(|triangle| suits(units[at(*triangle)], way))
        };
        let receiver = (0..6).filter(|label| sides[usize::from(*label)] > 0 && suits_all(*label));
        if let Some(receiver) = receiver.max_by_key(|label| (sides[usize::from(*label)], 6 - label)) {
            for triangle in patch {
                labels[at(triangle)] = receiver;
            }
        }
    }
}

/// Gives the connected patches of one direction, by their first triangle.
pub(super) fn patches(labels: &[u8], across: &[[u32; 3]]) -> Vec<Vec<u32>> {
    let mut taken = vec![false; labels.len()];
    let mut patches = Vec::new();
    for first in 0..labels.len() {
        if std::mem::replace(&mut taken[first], true) {
            continue;
        }
        let mut patch = vec![index(first)];
        let mut next = 0;
        while let Some(triangle) = patch.get(next) {
            next += 1;
            for other in across[at(*triangle)] {
                if other != NONE
                    && labels[at(other)] == labels[first]
                    && !std::mem::replace(&mut taken[at(other)], true)
                {
                    patch.push(other);
                }
            }
        }
        patches.push(patch);
    }
    patches
}
