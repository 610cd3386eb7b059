//! Inference: cli.
