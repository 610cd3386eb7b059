//! The inference container: `GET /ping` and `POST /invocations` on one port, one model thread behind them.
//!
//! The process has two parts. The **worker** is one thread that owns the pipeline and makes one model at a time; a
//! bounded queue stands before it. The **door** answers HTTP/1 and never computes: it counts bytes, checks headers,
//! hands the photo to the queue and waits for its turn.
//!
//! Where Lambda started the process, [`lambda`] stands in the door's place: an event names the photo by a link.

mod answer;
pub mod attributes;
mod config;
mod door;
mod lambda;
mod lifecycle;
mod warm_up;
mod worker;

pub use config::{Config, ConfigError, Lambda};

/// Serves as whoever started the process wants it: on a port, or as a Lambda function.
pub async fn serve(config: Config) -> std::process::ExitCode {
    match config.lambda {
        Some(lambda) => lambda::serve(&config.model_directory, lambda).await,
        None => lifecycle::serve(config).await,
    }
}
