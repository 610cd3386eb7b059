//! The coded bytes of a compact GLB, and the views into them.

use serde_json::{Value, json};

use super::{ConvertError, Savings};
use crate::glb::{ARRAY_BUFFER, INDEX_BUFFER, pack};

/// The extension that the views are coded with.
pub(super) const MESHOPT: &str = "EXT_meshopt_compression";

/// The version of meshopt's coding of vertices that the extension has.
const VERTEX_CODING: i32 = 0;

/// How hard meshopt tries; what it does by default.
const VERTEX_LEVEL: i32 = 2;

/// Collects coded views; the description names them as parts of a second buffer, which is in no file.
#[derive(Default)]
pub(super) struct Coder {
    bytes: Vec<u8>,
    views: Vec<Value>,
    decoded: usize,
    /// What was saved so far, of the geometry.
    pub(super) savings: Savings,
}

impl Coder {
    /// Adds an attribute and gives its view; `plain` is what an element takes in a plain GLB, in bytes.
    pub(super) fn attribute<T>(&mut self, elements: &[T], plain: usize) -> Result<usize, ConvertError> {
        let coded = meshopt::encode_vertex_buffer_level(elements, VERTEX_LEVEL, Some(VERTEX_CODING));
        let coded = coded.map_err(ConvertError::Meshopt)?;
        Ok(self.view(&coded, "ATTRIBUTES", size_of::<T>(), elements.len(), plain))
    }

    /// Adds normals that lie on an octahedron, and gives their view.
    pub(super) fn normals(&mut self, normals: &[[i8; 4]]) -> Result<usize, ConvertError> {
        let view = self.attribute(normals, 12)?;
        self.views[view]["extensions"][MESHOPT]["filter"] = json!("OCTAHEDRAL");
        Ok(view)
    }

    /// Adds triangles and gives their view.
    pub(super) fn triangles(
        &mut self,
        triangles: &[[u32; 3]],
        vertices: usize,
        short: bool,
    ) -> Result<usize, ConvertError> {
        let corners = triangles.as_flattened();
        let coded = meshopt::encode_index_buffer(corners, vertices).map_err(ConvertError::Meshopt)?;
        let size = if short { 2 } else { 4 };
        Ok(self.view(&coded, "TRIANGLES", size, corners.len(), size))
    }

    /// Adds bytes as they are and gives their view.
    pub(super) fn plain(&mut self, bytes: &[u8]) -> usize {
        self.views.push(json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": bytes.len() }));
        self.append(bytes);
        self.views.len() - 1
    }

    /// Puts the description and the bytes into one file.
    pub(super) fn finish(self, mut document: Value, extras: &Value) -> Result<Vec<u8>, ConvertError> {
        document["bufferViews"] = Value::Array(self.views);
        document["buffers"] = json!([
            { "byteLength": self.bytes.len() },
            { "byteLength": self.decoded, "extensions": { MESHOPT: { "fallback": true } } },
        ]);
        if !extras.is_null() {
            document["asset"]["extras"] = extras.clone();
        }
        let description = serde_json::to_vec(&document).map_err(crate::MeshError::Description);
        description.and_then(|description| pack(description, self.bytes)).map_err(ConvertError::Pack)
    }

    fn view(&mut self, coded: &[u8], mode: &str, stride: usize, count: usize, plain: usize) -> usize {
        self.savings.plain_geometry += plain * count;
        self.savings.quantised_geometry += stride * count;
        self.savings.coded_geometry += coded.len();
        let attributes = mode == "ATTRIBUTES";
        let mut view = json!({
            "buffer": 1, "byteOffset": self.decoded, "byteLength": stride * count,
            "target": if attributes { ARRAY_BUFFER } else { INDEX_BUFFER },
            "extensions": { MESHOPT: {
                "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": coded.len(),
                "byteStride": stride, "count": count, "mode": mode,
            } },
        });
        if attributes {
            view["byteStride"] = json!(stride);
        }
        self.decoded = (self.decoded + stride * count).next_multiple_of(4);
        self.append(coded);
        self.views.push(view);
        self.views.len() - 1
    }

    /// Appends bytes, and zeros up to a multiple of four.
    fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}
