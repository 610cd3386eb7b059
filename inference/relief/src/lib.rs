//! Inference: relief.
