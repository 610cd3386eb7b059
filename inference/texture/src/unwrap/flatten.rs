//! Patches laid flat: each chart is seen straight from one side, and no part of it hides another.

use std::collections::VecDeque;

use inference_mesh::number::{at, index};

use super::neighbours::NONE;
use super::overlap::Plane;
use super::segment::{STEEPEST, direction};
use crate::vector::{add, cross, dot, length, turn, unit};

/// Is every chart laid flat at the surface's own scale, all of them around the origin.
#[derive(Default)]
pub(super) struct Flat {
    /// Places in the plane, not shared between charts.
    pub(super) points: Vec<[f32; 2]>,
    /// For each triangle, the points of its corners.
    pub(super) corners: Vec<[u32; 3]>,
    /// For each triangle, the number of its chart.
    pub(super) charts: Vec<u32>,
    /// Twice the area of all charts.
    pub(super) area: f64,
}

/// Is a surface with what is known about its triangles.
pub(super) struct Known<'a> {
    pub(super) positions: &'a [[f32; 3]],
    pub(super) triangles: &'a [[u32; 3]],
    pub(super) normals: &'a [[f32; 3]],
    pub(super) across: &'a [[u32; 3]],
}

/// Lays patches flat, the way their directions say; a patch that would hide part of itself becomes several charts.
pub(super) fn flatten(known: &Known<'_>, labels: &[u8], patches: &[Vec<u32>]) -> Flat {
    let count = known.triangles.len();
    let mut flat = Flat { corners: vec![[0; 3]; count], charts: vec![0; count], ..Flat::default() };
    let mut point_of = vec![NONE; known.positions.len()];
    let mut chart = 0;
    // Which triangles of the patch in hand are still to be laid.
    let mut open = vec![false; count];
    for patch in patches {
        let axes = axes(known, patch, direction(labels[at(patch[0])]));
        for triangle in patch {
            open[at(*triangle)] = true;
        }
        for first in patch {
            if open[at(*first)] {
                let part = grow(known, patch, axes, *first, &mut open);
                flat.add(known, &part, axes, chart, &mut point_of);
                chart += 1;
            }
        }
    }
    flat
}

/// Gives the directions of the plane: across the mean normal if it suits every triangle, else across the given way.
fn axes(known: &Known<'_>, patch: &[u32], way: [f32; 3]) -> [[f32; 3]; 2] {
    let sum = patch.iter().fold([0.0; 3], |sum, triangle| add(sum, known.normals[at(*triangle)]));
    let suits = |mean: &[f32; 3]| {
        patch.iter().all(|triangle| {
            let normal = known.normals[at(*triangle)];
            dot(normal, *mean) >= STEEPEST * length(normal)
        })
    };
    let out = unit(sum).filter(suits).unwrap_or(way);
    let aside = if out[1].abs() > 0.9 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let right = unit(cross(aside, out)).unwrap_or([1.0, 0.0, 0.0]);
    [right, cross(out, right)]
}

fn project(position: [f32; 3], axes: [[f32; 3]; 2]) -> [f32; 2] {
    axes.map(|axis| dot(position, axis))
}

/// Gathers what can be reached from a triangle within the open part of a patch without lying on itself.
///
/// What does not fit stays open, and starts charts of its own.
fn grow(known: &Known<'_>, patch: &[u32], axes: [[f32; 3]; 2], first: u32, open: &mut [bool]) -> Vec<u32> {
    let corners = |triangle: u32| known.triangles[at(triangle)].map(|v| project(known.positions[at(v)], axes));
    let mut plane = Plane::over(patch.iter().filter(|triangle| open[at(**triangle)]).map(|one| corners(*one)));
    let mut part = Vec::new();
    let mut queue = VecDeque::from([first]);
    // A triangle that did not fit is asked again from its other sides, to the same answer: at most three times.
    while let Some(triangle) = queue.pop_front() {
        if !open[at(triangle)] || !plane.lay(corners(triangle)) {
            continue;
        }
        open[at(triangle)] = false;
        part.push(triangle);
        queue.extend(known.across[at(triangle)].iter().filter(|other| **other != NONE && open[at(**other)]));
    }
    part
}

impl Flat {
    /// Adds a chart; `point_of` says nothing of any vertex before and after.
    fn add(&mut self, known: &Known<'_>, part: &[u32], axes: [[f32; 3]; 2], chart: u32, point_of: &mut [u32]) {
        let first_point = self.points.len();
        let (mut seen, mut whole) = (0.0, 0.0);
        for triangle in part {
            let corners = known.triangles[at(*triangle)].map(|vertex| {
                let point = &mut point_of[at(vertex)];
                if *point == NONE {
                    *point = index(self.points.len());
                    self.points.push(project(known.positions[at(vertex)], axes));
                }
                *point
            });
            self.corners[at(*triangle)] = corners;
            self.charts[at(*triangle)] = chart;
            let [a, b, c] = corners.map(|point| self.points[at(point)]);
            seen += f64::from(turn(a, b, c).abs());
            whole += f64::from(length(known.normals[at(*triangle)]));
        }
        // What is seen from aside looks smaller: the chart gets as much of the texture as its surface is large.
        let scale = if seen > 0.0 { narrow((whole / seen).sqrt().min(1.0 / f64::from(STEEPEST))) } else { 1.0 };
        for point in &mut self.points[first_point..] {
            *point = point.map(|part| part * scale);
        }
        self.area += whole;
        for vertex in part.iter().flat_map(|triangle| known.triangles[at(*triangle)]) {
            point_of[at(vertex)] = NONE;
        }
    }
}

/// Gives a small real its shorter form.
#[expect(clippy::cast_possible_truncation, reason = "a scale between 1 and 5 loses digits only")]
fn narrow(value: f64) -> f32 {
    value as f32
}
