//! How far the surface stands out from the plane of the outline: a membrane under pressure, held back by springs.

use crate::silhouette::{CELLS, Silhouette};
use inference_mesh::number::real;

/// The pressure, chosen so that a small disc becomes a sphere: Δh = −4 has h = R² − r², the square of its height.
const PRESSURE: f32 = 4.0;

/// How far inwards the outline is felt, as a share of the object's longer side. Wider parts than that level off, so a
/// plate does not become a balloon.
const FELT: f32 = 0.26;

/// Sweeps of over-relaxation. A disc as large as the grid is solved to a thousandth of its height in about 200; the
/// number is fixed, and not a tolerance, so that the same outline always costs and gives the same.
const SWEEPS: usize = 260;

/// How far each sweep overshoots. For a grid of n cells the best is 2 ÷ (1 + sin(π ÷ n)), 1.95 at 128, a little less
/// with springs.
const OVERSHOOT: f32 = 1.93;

/// The outline is taken to be at least this far from a node, in cells: closer, the equations would be stiff.
const CLOSEST: f32 = 0.1;

/// Gives each node the square of its height in cells: above 0 exactly where the node is inside, and carried on below 0
/// next to the outline, so that the zero between two nodes is where the outline is.
pub(crate) fn height(silhouette: &Silhouette) -> Vec<f32> {
    let spring = (FELT * real(CELLS)).powi(-2);
    let mut height = vec![0.0_f32; silhouette.cover.len()];
    let equations = equations(silhouette, spring);
    for _ in 0..SWEEPS {
        // First the nodes of one colour of the chequerboard, then those of the other.
        for equation in equations.iter().flatten() {
            let around = (0..4).map(|side| equation.shares[side] * height[equation.around[side]]).sum::<f32>();
            let own = &mut height[equation.node];
            *own += OVERSHOOT * (equation.pressure + around - *own);
        }
    }
    for equation in equations.iter().flatten() {
        // The pressure is positive, so is the solution; an unfinished sweep must not undo that.
        height[equation.node] = height[equation.node].max(1e-4);
    }
    carry_on(silhouette, &mut height);
    height
}

/// Is the equation of one inside node, solved for it.
struct Equation {
    node: usize,
    around: [usize; 4],
    shares: [f32; 4],
    pressure: f32,
}

/// Sets up the five-point equations, with the true distance to the outline where it passes between two nodes.
fn equations(silhouette: &Silhouette, spring: f32) -> [Vec<Equation>; 2] {
    let mut colours = [Vec::new(), Vec::new()];
    for node in 0..silhouette.cover.len() {
        if !silhouette.is_inside(node) {
            continue;
        }
        let around = around(silhouette, node);
        let distance = around.map(|other| {
            if silhouette.is_inside(other) { 1.0 } else { silhouette.reach(node, other).clamp(CLOSEST, 1.0) }
        });
        let across = [distance[0] + distance[1], distance[2] + distance[3]];
        let mut shares = [0.0; 4];
        let mut own = spring;
        for side in 0..4 {
            let share = 2.0 / (across[side / 2] * distance[side]);
            own += share;
            // Beyond the outline the height is 0 and its share falls away.
            shares[side] = if silhouette.is_inside(around[side]) { share } else { 0.0 };
        }
        let colour = (node % silhouette.width + node / silhouette.width) % 2;
        colours[colour].push(Equation {
            node,
            around,
            shares: shares.map(|share| share / own),
            pressure: PRESSURE / own,
        });
    }
    colours
}

/// Names the nodes left, right, above and below; the border of the grid is never inside, so they exist.
pub(crate) fn around(silhouette: &Silhouette, node: usize) -> [usize; 4] {
    [node - 1, node + 1, node - silhouette.width, node + silhouette.width]
}

/// Gives the outside nodes next to the outline the negative height that puts the zero on it.
fn carry_on(silhouette: &Silhouette, height: &mut [f32]) {
    let mut sums = vec![(0.0_f32, 0.0_f32); height.len()];
    for (node, own) in height.iter().enumerate() {
        if !silhouette.is_inside(node) {
            continue;
        }
        for other in around(silhouette, node) {
            if !silhouette.is_inside(other) {
                let reach = silhouette.reach(node, other).clamp(CLOSEST, 1.0 - CLOSEST / 2.0);
                sums[other].0 -= own * (1.0 - reach) / reach;
                sums[other].1 += 1.0;
            }
        }
    }
    for (own, (sum, count)) in height.iter_mut().zip(sums) {
        if count > 0.0 {
            *own = sum / count;
        }
    }
}
