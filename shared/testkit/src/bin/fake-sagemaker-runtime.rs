//! Serves the fake SageMaker runtime on 127.0.0.1 until it is stopped.

use std::error::Error;
use std::net::Ipv4Addr;

use testkit::{Config, app};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "this is main: the environment is read here")]
    let config = Config::read(|name| std::env::var(name).ok())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    Ok(axum::serve(listener, app(config)).await?)
}
