//! Serves a function that streams on 127.0.0.1 until it is stopped: `function-url PORT BOOTSTRAP PROCESSES`.

use std::error::Error;
use std::net::Ipv4Addr;

use testkit::FunctionUrl;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, bootstrap, most] = arguments.as_slice() else { return Err("say PORT, BOOTSTRAP and PROCESSES".into()) };
    let url = FunctionUrl { port: port.parse()?, bootstrap: bootstrap.into(), most: most.parse()? };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, url.port)).await?;
    Ok(axum::serve(listener, url.app()).await?)
}
