//! Inference: mesh.
