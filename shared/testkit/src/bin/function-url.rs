//! Serves a function that streams on 127.0.0.1 until it is stopped: `function-url PORT PROCESSES BOOTSTRAP
//! [ARGUMENT…]`.

use std::error::Error;
use std::net::Ipv4Addr;

use testkit::FunctionUrl;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, most, bootstrap, arguments @ ..] = arguments.as_slice() else {
        return Err("say PORT, PROCESSES and BOOTSTRAP".into());
    };
    let url = FunctionUrl {
        port: port.parse()?,
        most: most.parse()?,
        bootstrap: bootstrap.into(),
        arguments: arguments.to_vec(),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, url.port)).await?;
    Ok(axum::serve(listener, url.app()).await?)
}
