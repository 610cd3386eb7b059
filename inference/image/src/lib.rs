//! Inference: image.
