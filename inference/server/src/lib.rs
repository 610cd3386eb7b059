//! The inference container: `GET /ping` and `POST /invocations` on one port, one model thread behind them.
//!
//! The process has two parts. The **worker** is one thread that owns the pipeline and makes one model at a time; a
//! bounded queue stands before it. The **door** answers HTTP/1 and never computes: it counts bytes, checks headers,
//! hands the photo to the queue and waits for its turn.

mod answer;
pub mod attributes;
mod config;
mod door;
mod lifecycle;
mod warm_up;
mod worker;

pub use config::{Config, ConfigError};
pub use lifecycle::serve;
