//! Start, serve, drain, end.

use crate::config::Config;
use crate::door::{Door, handle};
use crate::warm_up::warm_up;
use crate::worker::{Stopped, queue, run, work};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use inference_pipeline::{Pipeline, TripoSr, chain};
use std::convert::Infallible;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tracing::{error, info, warn};

/// The platform kills 30 seconds after its signal: leave five to send what was made.
const DRAIN: Duration = Duration::from_secs(25);

/// How long the last answers may take to leave.
const FAREWELL: Duration = Duration::from_secs(3);

/// The request line and headers of one request must arrive within this time.
const HEADERS: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, then finishes the model in work and ends with 0.
pub(crate) async fn serve(config: Config) -> ExitCode {
    let (listener, terminate, interrupt) = match start(&config).await {
        Ok(started) => started,
        Err(fault) => {
            error!("cannot listen on {}: {fault}", config.address);
            return ExitCode::FAILURE;
        }
    };
    let draining = Arc::new(AtomicBool::new(false));
    let door = Door::new(draining.clone());
    let ended = match start_worker(config, door.clone(), draining) {
        Ok(ended) => ended,
        Err(fault) => {
            error!("the model thread cannot be started: {fault}");
            return ExitCode::FAILURE;
        }
    };
    answer_until_ended(&listener, &door, terminate, interrupt, ended).await
}

/// Takes the port and the signals before anything slow: a signal during the warm-up must not be lost.
async fn start(config: &Config) -> std::io::Result<(TcpListener, Signal, Signal)> {
    let listener = TcpListener::bind(config.address).await?;
    let address = listener.local_addr()?;
    info!(port = address.port(), "listening on {address}, warming up");
    Ok((listener, signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
}

/// Starts the one model thread: load, warm up, open the door, work. What it gives is told when it has been drained.
///
/// If no model can be made, the process stays: `/ping` fails and each photo is answered with the reason's kind, until
/// the platform, which sees the failing pings, ends it. A process that ended by itself would be started again and again.
fn start_worker(config: Config, door: Door, draining: Arc<AtomicBool>) -> std::io::Result<oneshot::Receiver<()>> {
    let (tell, ended) = oneshot::channel();
    let body = move || {
        let start = Instant::now();
        let pipeline = match warm(&config.model_directory) {
            Ok(pipeline) => pipeline,
            Err(fault) => {
                door.give_up(tell);
                // As below: whoever reads it may ask at once, and must be told the same.
                return error!("no model can be made: {fault}");
            }
        };
        let (sender, jobs) = queue();
        door.open(sender);
        // Said after the door is open: whoever reads it may come at once.
        let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(duration_ms, "warm");
        match work(jobs, &draining, |job| run(&pipeline, job)) {
            Stopped::Done => drop(tell.send(())),
            Stopped::Broken => door.give_up(tell),
        }
    };
    std::thread::Builder::new().name("model".into()).spawn(body)?;
    Ok(ended)
}

/// Loads, and proves that the best engine works.
fn warm(models: &Path) -> Result<Pipeline, String> {
    let pipeline = load(models)?;
    warm_up(&pipeline).map_err(|fault| chain(&fault))?;
    Ok(pipeline)
}

/// Loads every engine whose weights are there.
pub(crate) fn load(models: &Path) -> Result<Pipeline, String> {
    let mut pipeline = Pipeline::load(models).map_err(|fault| fault.to_string())?;
    let weights = models.join("triposr");
    if weights.is_dir() {
        let triposr = TripoSr::load(&weights).map_err(|fault| fault.to_string())?;
        if let Some(reason) = triposr.no_gpu() {
            warn!("on the CPU: {reason}");
        }
        pipeline = pipeline.with(triposr);
    }
    let engine = pipeline.engine(None).map_err(|fault| fault.to_string())?;
    let weights_sha256 = engine.weights_sha256().unwrap_or_default();
    info!(engine = engine.name().as_str(), device = engine.device(), weights_sha256, "the engine is loaded");
    Ok(pipeline)
}

/// Answers connections until the worker has ended; the first signal closes the door.
async fn answer_until_ended(
    listener: &TcpListener,
    door: &Door,
    mut terminate: Signal,
    mut interrupt: Signal,
    mut ended: oneshot::Receiver<()>,
) -> ExitCode {
    let connections = GracefulShutdown::new();
    // Sleeps for ever until a signal sets it.
    let deadline = tokio::time::sleep(Duration::MAX);
    tokio::pin!(deadline);
    let mut told = false;
    let code = loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => answer(stream, door.clone(), &connections),
                Err(fault) => {
                    // Most likely out of file handles: give the open connections a moment to end.
                    warn!("a connection could not be taken: {fault}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            _ = terminate.recv(), if !told => told = drain(door, deadline.as_mut()),
            _ = interrupt.recv(), if !told => told = drain(door, deadline.as_mut()),
            end = &mut ended => break match end {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            },
            () = &mut deadline => {
                warn!("the model in work is given up after {} seconds", DRAIN.as_secs());
                break ExitCode::SUCCESS;
            }
        }
    };
    if tokio::time::timeout(FAREWELL, connections.shutdown()).await.is_err() {
        warn!("some callers did not take their answer");
    }
    info!("ended");
    code
}

/// Closes the door and starts the last countdown.
fn drain(door: &Door, deadline: std::pin::Pin<&mut tokio::time::Sleep>) -> bool {
    info!("draining: the model in work is finished, nothing new is taken");
    door.close();
    deadline.reset(tokio::time::Instant::now() + DRAIN);
    true
}

/// Answers one connection in a task of its own.
fn answer(stream: TcpStream, door: Door, connections: &GracefulShutdown) {
    let service = service_fn(move |request| {
        let door = door.clone();
        async move { Ok::<_, Infallible>(handle(&door, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A caller that hangs up is not our fault and not worth a line.
        let _ = connection.await;
    });
}
