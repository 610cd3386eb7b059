//! Inference: render.
