//! The inference container, whichever way it is called, and what its refusals mean.

use crate::{Endpoint, Function};
use aws_sdk_lambda::error::SdkError;

/// The largest answer that is taken, in bytes: SageMaker's own limit.
const MAX_ANSWER_BYTES: usize = 25_000_000;

/// The ways to call it; a stage has one.
pub enum Container {
    /// On the instances of a SageMaker endpoint; the photo travels in the call.
    Endpoint(Endpoint),
    /// As a Lambda function; a link to the photo travels in the call.
    Function(Function),
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerFault {
    /// No instance runs; the call wakes the fleet. A function never sleeps.
    #[error("the fleet sleeps")]
    Asleep,
    /// Throttled, restarting, unreachable: not the photo's fault.
    #[error("the container is busy ({0})")]
    Busy(String),
    /// The container did not answer in time, or was cut off.
    #[error("the container did not answer ({0})")]
    Lost(String),
    /// The container failed.
    #[error("the container failed with status {status}: {message}")]
    Broke {
        /// Its status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// The container refused the photo or the options, with its own problem.
    #[error("the container refused with status {status}: {message}")]
    Refused {
        /// Its status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// The call itself is wrong: names, permissions, configuration.
    #[error("the container cannot be called ({0})")]
    Misconfigured(String),
}

impl ContainerFault {
    /// What an answer of the container's own, other than success, means.
    pub(crate) fn answered(status: u16, message: String) -> Self {
        match status {
            503 => Self::Busy(message),
            400..500 => Self::Refused { status, message },
            _ => Self::Broke { status, message },
        }
    }
}

/// Whether an answer of so many bytes is taken.
pub(crate) fn bounded(bytes: usize) -> Result<(), ContainerFault> {
    if bytes <= MAX_ANSWER_BYTES {
        return Ok(());
    }
    let message = format!("the answer has {bytes} bytes; at most {MAX_ANSWER_BYTES} are taken");
    Err(ContainerFault::Broke { status: 500, message })
}

/// What a failed call means; `of_service` judges what the service itself said.
pub(crate) fn classify<E, R>(error: &SdkError<E, R>, of_service: impl Fn(&E) -> ContainerFault) -> ContainerFault
where
    SdkError<E, R>: std::error::Error,
{
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => ContainerFault::Lost(error.to_string()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ContainerFault::Lost(error.to_string()),
        SdkError::DispatchFailure(_) => ContainerFault::Busy(error.to_string()),
        SdkError::ServiceError(service) => of_service(service.err()),
        _ => ContainerFault::Misconfigured(error.to_string()),
    }
}
