//! Inference: server.
