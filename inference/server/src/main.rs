//! `inference-server serve`: the container's entry point.

use inference_server::Config;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().json().flatten_event(true).with_target(false).init();
    let config = match Config::read(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(config) => config,
        Err(fault) => {
            tracing::error!("{fault}");
            return ExitCode::from(2);
        }
    };
    inference_server::serve(config).await
}
