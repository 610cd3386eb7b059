//! Wires the privacy function.

use lambda_runtime::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    let app = privacy::App::connect(|name| std::env::var(name).ok()).await?;
    run(service_fn(|event| privacy::handle(&app, event))).await
}
