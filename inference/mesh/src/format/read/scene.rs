//! The nodes of a scene: which meshes it shows, and where.

use super::ReadError;
use super::description::{Description, Node, part, unsupported};

/// Is a transform: three columns of a 3 by 3 matrix, and where it moves the origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Transform {
    columns: [[f64; 3]; 3],
    origin: [f64; 3],
}

impl Transform {
    const NONE: Self = Self { columns: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], origin: [0.0; 3] };

    /// Moves a place; a transform that does nothing leaves every bit.
    pub(super) fn of(&self, position: [f32; 3]) -> [f32; 3] {
        if *self == Self::NONE {
            return position;
        }
        let turned = self.turn(position.map(f64::from));
        [0, 1, 2].map(|axis| nearest(turned[axis] + self.origin[axis]))
    }

    /// Says whether it turns a surface inside out.
    pub(super) fn mirrors(&self) -> bool {
        let [a, b, c] = self.columns;
        let product = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
            + a[2] * (b[0] * c[1] - b[1] * c[0]);
        product < 0.0
    }

    fn turn(&self, v: [f64; 3]) -> [f64; 3] {
        let [a, b, c] = self.columns;
        [0, 1, 2].map(|axis| a[axis] * v[0] + b[axis] * v[1] + c[axis] * v[2])
    }

    fn then(&self, inner: &Self) -> Self {
        let moved = self.turn(inner.origin);
        Self {
            columns: inner.columns.map(|column| self.turn(column)),
            origin: [0, 1, 2].map(|axis| moved[axis] + self.origin[axis]),
        }
    }

    fn of_node(node: &Node) -> Self {
        if let Some(m) = node.matrix {
            return Self {
                columns: [[m[0], m[1], m[2]], [m[4], m[5], m[6]], [m[8], m[9], m[10]]],
                origin: [m[12], m[13], m[14]],
            };
        }
        let [x, y, z, w] = node.rotation.unwrap_or([0.0, 0.0, 0.0, 1.0]);
        let scale = node.scale.unwrap_or([1.0; 3]);
        let turned = [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w), 2.0 * (x * z - y * w)],
            [2.0 * (x * y - z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + x * w)],
            [2.0 * (x * z + y * w), 2.0 * (y * z - x * w), 1.0 - 2.0 * (x * x + y * y)],
        ];
        Self {
            columns: [0, 1, 2].map(|axis| turned[axis].map(|part| part * scale[axis])),
            origin: node.translation.unwrap_or([0.0; 3]),
        }
    }

    fn is_finite(&self) -> bool {
        self.columns.iter().flatten().chain(&self.origin).all(|part| part.is_finite())
    }
}

/// Lists the meshes that the scene shows, each with its place, in the order of the nodes.
///
/// The scene is the one that the file names, else its first; without scenes, the nodes that hang nowhere.
pub(super) fn meshes(description: &Description) -> Result<Vec<(usize, Transform)>, ReadError> {
    let roots = match description.scene {
        Some(scene) => part(&description.scenes, scene, "scene")?.nodes.clone(),
        None => description.scenes.first().map_or_else(|| loose(description), |scene| scene.nodes.clone()),
    };
    let mut visited = vec![false; description.nodes.len()];
    let mut meshes = Vec::new();
    let mut waiting: Vec<_> = roots.into_iter().rev().map(|root| (root, Transform::NONE)).collect();
    while let Some((number, outer)) = waiting.pop() {
        let node = part(&description.nodes, number, "node")?;
        if std::mem::replace(&mut visited[number], true) {
            return Err(ReadError::Tangled { node: number });
        }
        let transform = outer.then(&Transform::of_node(node));
        if !transform.is_finite() {
            return Err(ReadError::NotFinite { what: "the transform of node", index: number });
        }
        if let Some(mesh) = node.mesh {
            if node.skin.is_some() {
                return Err(unsupported("a skin"));
            }
            meshes.push((mesh, transform));
        }
        waiting.extend(node.children.iter().rev().map(|child| (*child, transform)));
    }
    Ok(meshes)
}

fn loose(description: &Description) -> Vec<usize> {
    let mut hangs = vec![false; description.nodes.len()];
    for child in description.nodes.iter().flat_map(|node| &node.children) {
        if let Some(hangs) = hangs.get_mut(*child) {
            *hangs = true;
        }
    }
    (0..hangs.len()).filter(|node| !hangs[*node]).collect()
}

/// Rounds to 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is wanted; too large becomes infinite")]
fn nearest(value: f64) -> f32 {
    value as f32
}
