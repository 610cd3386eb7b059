//! Inference: pipeline.
