//! Wires the billing function.

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    let get = |name: &str| std::env::var(name).ok();
    let app = billing::App::connect(get).await?;
    edge::serve(get, |request| billing::handle(&app, request)).await
}
