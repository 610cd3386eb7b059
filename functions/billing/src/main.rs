//! Wires the billing function.

use lambda_http::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    let app = billing::App::connect(|name| std::env::var(name).ok()).await?;
    run(service_fn(|request| billing::handle(&app, request))).await
}
