//! Wires the dispatch function.

use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    let app = dispatch::App::connect(|name| std::env::var(name).ok()).await?;
    // Two ways to the container and the table's calls make a large future.
    Box::pin(run(service_fn(|event| dispatch::handle(&app, event)))).await
}
