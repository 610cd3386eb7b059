//! For development and tests only: the fake SageMaker runtime in front of the real container, and Lambda's side of a function
//! that streams.
//!
//! `dispatch` calls it exactly as it calls SageMaker; the photo and the answer pass through unchanged, errors get
//! SageMaker's shapes, and a test can order faults that a real endpoint shows only on a bad day.

mod answers;
mod container;
mod faults;
mod function_url;
mod runtime;

pub use faults::{Fault, Kind, Plan};
pub use function_url::FunctionUrl;
pub use runtime::{Config, ConfigError, app};
