//! Starts the real binary on a free port and talks to it over a plain socket.

mod files;

pub(crate) use files::{local, photo};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

pub(crate) struct Server {
    child: Child,
    log: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

/// Starts the container's binary with our weights.
pub(crate) fn start() -> Server {
    start_with(&local("models", "I3D_MODEL_DIR"))
}

/// Starts the container's binary with the weights of a directory, and without a GPU's engine unless they are there.
pub(crate) fn start_with(models: &Path) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inference-server"))
        .arg("serve")
        .env("SAGEMAKER_BIND_TO_PORT", "0")
        .env("BIND_HOST", "127.0.0.1")
        .env("MODEL_DIR", models)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let first = line(&mut log).expect("the first line names the port");
    let first: serde_json::Value = serde_json::from_str(&first).expect("the log is JSON");
    let port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
    Server { child, log, address: ([127, 0, 0, 1], port).into() }
}

/// Starts and waits until it is warm.
pub(crate) fn start_warm() -> Server {
    let mut server = start();
    server.wait_for("warm");
    server
}

fn line(log: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    (log.read_line(&mut line).unwrap() > 0).then_some(line)
}

impl Server {
    /// Reads the log up to the first error, and gives it.
    pub(crate) fn wait_for_error(&mut self) -> String {
        while let Some(line) = line(&mut self.log) {
            let event: serde_json::Value = serde_json::from_str(&line).expect("the log is JSON");
            if event["level"] == "ERROR" {
                return event["message"].as_str().unwrap().to_owned();
            }
        }
        panic!("the server ended without an error");
    }

    /// Reads the log up to the line with this message.
    pub(crate) fn wait_for(&mut self, message: &str) {
        while let Some(line) = line(&mut self.log) {
            let event: serde_json::Value = serde_json::from_str(&line).expect("the log is JSON");
            assert_ne!(event["level"], "ERROR", "{line}");
            if event["message"].as_str() == Some(message) {
                return;
            }
        }
        panic!(
            "the server ended before it said {message:?}; are the weights there? python3 inference/image/fetch-u2netp.py"
        );
    }

    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for the end and gives the rest of the log with it.
    pub(crate) fn end(&mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// One request on a connection of its own; `Err` if nobody listens any more.
pub(crate) fn send(address: SocketAddr, head: &str, body: &[u8]) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.write_all(format!("{head}Host: test\r\nConnection: close\r\n\r\n").as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8(answer[..split].to_vec()).unwrap();
    let body = answer[split + 4..].to_vec();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Reply { status, head, body })
}

pub(crate) fn get(address: SocketAddr, path: &str) -> std::io::Result<Reply> {
    send(address, &format!("GET {path} HTTP/1.1\r\n"), &[])
}

/// Sends a photo with options as the platform does.
pub(crate) fn invoke(address: SocketAddr, photo: &[u8], content_type: &str, options: &str) -> std::io::Result<Reply> {
    let head = format!(
        "POST /invocations HTTP/1.1\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
         X-Amzn-SageMaker-Custom-Attributes: {options}\r\n",
        photo.len()
    );
    send(address, &head, photo)
}
