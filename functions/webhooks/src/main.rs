//! Wires the webhooks function.

use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    let app = webhooks::App::connect(|name| std::env::var(name).ok()).await?;
    run(service_fn(|event| webhooks::handle(&app, event))).await
}
