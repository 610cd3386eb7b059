//! The one thread that makes models, and the bounded queue before it.

use crate::answer::{Later, later};
use bytes::Bytes;
use inference_pipeline::{Options, Pipeline, PipelineError, Problem, chain};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};

/// How many photos may wait while one is in work. More would time out at the caller before their turn.
pub(crate) const WAITING: usize = 2;

/// One photo on its way to the worker.
pub(crate) struct Job {
    /// The photo's bytes.
    pub(crate) photo: Bytes,
    /// Its declared type.
    pub(crate) content_type: String,
    /// What was asked for.
    pub(crate) options: Options,
    /// Where the result goes; closed when the caller has left.
    pub(crate) answer: oneshot::Sender<Result<Vec<u8>, Problem>>,
}

/// The queue's end at the door.
pub(crate) type Queue = mpsc::Sender<Job>;

/// Makes a new queue; at most [`WAITING`] jobs lie in it.
pub(crate) fn queue() -> (Queue, mpsc::Receiver<Job>) {
    mpsc::channel(WAITING)
}

/// Why the worker stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The queue was closed.
    Done,
    /// The engine cannot go on; the log says why.
    Broken,
}

/// Works until the queue is closed and empty, or the engine cannot go on. Once `draining` is set, jobs still waiting
/// are sent away.
///
/// `make` is the pipeline; it is a parameter so that the tests can make it slow or break it.
pub(crate) fn work(
    mut jobs: mpsc::Receiver<Job>,
    draining: &Arc<AtomicBool>,
    mut make: impl FnMut(&Job) -> Result<Vec<u8>, PipelineError>,
) -> Stopped {
    while let Some(job) = jobs.blocking_recv() {
        if draining.load(Ordering::Acquire) {
            // The caller may have left: then there is nobody to tell.
            let _ = job.answer.send(Err(later(Later::Draining)));
            continue;
        }
        if job.answer.is_closed() {
            info!(generation.id = id(&job), "the caller left before its turn");
            continue;
        }
        let (result, stopped) = one(&job, &mut make);
        let _ = job.answer.send(result);
        if stopped == Stopped::Broken {
            return Stopped::Broken;
        }
    }
    Stopped::Done
}

/// Makes one model, and says whether others may follow. A panic costs this one job, never the thread.
fn one(
    job: &Job,
    make: &mut impl FnMut(&Job) -> Result<Vec<u8>, PipelineError>,
) -> (Result<Vec<u8>, Problem>, Stopped) {
    let start = Instant::now();
    let trace = job.options.trace.as_deref();
    info!(generation.id = id(job), trace, photo.bytes = job.photo.len(), "model begun");
    let outcome = catch_unwind(AssertUnwindSafe(|| make(job)));
    let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let bytes = job.photo.len();
    match outcome {
        Ok(Ok(zip)) => {
            info!(generation.id = id(job), duration_ms, photo.bytes = bytes, answer.bytes = zip.len(), "model made");
            (Ok(zip), Stopped::Done)
        }
        Ok(Err(fault)) => {
            let problem = Problem::from(&fault);
            if problem.status >= 500 {
                error!(generation.id = id(job), duration_ms, photo.bytes = bytes, "no model: {}", chain(&fault));
            } else {
                info!(
                    generation.id = id(job),
                    duration_ms,
                    photo.bytes = bytes,
                    problem = problem.kind,
                    "photo refused"
                );
            }
            (Err(problem), if fault.is_final() { Stopped::Broken } else { Stopped::Done })
        }
        Err(_) => {
            error!(generation.id = id(job), duration_ms, photo.bytes = bytes, "no model: the pipeline panicked");
            (Err(Problem::internal()), Stopped::Done)
        }
    }
}

/// One run of the pipeline to the archive.
pub(crate) fn run(pipeline: &Pipeline, job: &Job) -> Result<Vec<u8>, PipelineError> {
    pipeline.run(&job.photo, &job.content_type, &job.options, &mut |_| {})?.zip()
}

fn id(job: &Job) -> &str {
    job.options.generation.as_deref().unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> (Job, oneshot::Receiver<Result<Vec<u8>, Problem>>) {
        let (answer, result) = oneshot::channel();
        let job = Job { photo: Bytes::new(), content_type: "image/png".into(), options: Options::default(), answer };
        (job, result)
    }

    #[test]
    fn a_panic_costs_one_job_and_not_the_thread() {
        let (queue, jobs) = queue();
        let (first, first_result) = job();
        let (second, second_result) = job();
        queue.try_send(first).ok().unwrap();
        queue.try_send(second).ok().unwrap();
        drop(queue);
        let mut runs = 0;
        work(jobs, &Arc::default(), |_| {
            runs += 1;
            assert!(runs > 1, "the first run breaks on purpose");
            Ok(vec![7])
        });
        assert_eq!(first_result.blocking_recv().unwrap().unwrap_err().status, 500);
        assert_eq!(second_result.blocking_recv().unwrap(), Ok(vec![7]));
    }

    #[test]
    fn one_job_in_work_and_two_waiting_fill_the_queue() {
        let (queue, mut jobs) = queue();
        queue.try_send(job().0).ok().unwrap();
        let in_work = jobs.blocking_recv();
        queue.try_send(job().0).ok().unwrap();
        queue.try_send(job().0).ok().unwrap();
        assert!(queue.try_send(job().0).is_err());
        drop(in_work);
    }

    #[test]
    fn draining_sends_the_waiting_away() {
        let (queue, jobs) = queue();
        let (waiting, result) = job();
        queue.try_send(waiting).ok().unwrap();
        drop(queue);
        work(jobs, &Arc::new(AtomicBool::new(true)), |_| Ok(vec![]));
        let refused = result.blocking_recv().unwrap().unwrap_err();
        assert_eq!((refused.status, refused.kind), (503, "/problems/draining"));
    }

    #[test]
    fn nothing_is_made_for_a_caller_who_left() {
        let (queue, jobs) = queue();
        let (waiting, result) = job();
        drop(result);
        queue.try_send(waiting).ok().unwrap();
        drop(queue);
        let mut runs = 0;
        work(jobs, &Arc::default(), |_| {
            runs += 1;
            Ok(vec![])
        });
        assert_eq!(runs, 0);
    }
}
