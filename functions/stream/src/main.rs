//! Wires the stream function.

use lambda_http::lambda_runtime::run;
use lambda_http::tower::ServiceBuilder;
use lambda_http::{Error, StreamAdapter, service_fn};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main is where the environment is read")]
async fn main() -> Result<(), Error> {
    edge::start_log();
    // Shared, since a stream goes on after its handler has answered.
    let app = Arc::new(stream::App::connect(|name| std::env::var(name).ok()).await?);
    let answered = service_fn(|request| stream::handle(&app, request));
    run(ServiceBuilder::new().map_request(edge::readable).service(StreamAdapter::from(answered))).await
}
