//! TripoSR: one cut-out photo to a field of density and colour, and the surface in it.
//!
//! The network of Tochilkin et al. 2024 (weights and reference code: MIT) on our own kernels, exact to rounding: every
//! constant that the weights were trained with is in one of these files, with its reason. The weights are not part of
//! this repository; `fetch-weights.py` fetches and checks them.

mod config;
mod engine;
mod graph;
mod group_norm;
mod inspect;
mod layout;
mod positions;
mod preprocess;
mod scene;
mod view;
mod weights;

pub use config::{Config, ConfigError};
pub use inference_kernels::DeviceError;
#[cfg(feature = "cuda")]
pub use inference_kernels::Precision;

pub use engine::{LoadError, Place, RESOLUTIONS, Settings, THRESHOLDS, TripoSr, TripoSrError};
pub use inspect::{Part, Run, Take};
pub use preprocess::{Square, framed, resized};
pub use scene::SceneError;
pub use weights::{Weights, WeightsError};
