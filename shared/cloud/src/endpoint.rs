//! The inference endpoint, and what its refusals mean.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sagemakerruntime::Client;
use aws_sdk_sagemakerruntime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sagemakerruntime::operation::invoke_endpoint::InvokeEndpointError;
use aws_sdk_sagemakerruntime::primitives::Blob;
use std::time::Duration;

/// The largest answer that is taken, in bytes: SageMaker's own limit.
const MAX_ANSWER_BYTES: usize = 25_000_000;

/// The endpoint with its component.
pub struct Endpoint {
    client: Client,
    name: String,
    component: String,
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// No instance runs; the call wakes the fleet.
    #[error("the fleet sleeps")]
    Asleep,
    /// Throttled, restarting, unreachable: not the photo's fault.
    #[error("the endpoint is busy ({0})")]
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
    /// The call itself is wrong: endpoint, permissions, configuration.
    #[error("the endpoint cannot be called ({0})")]
    Misconfigured(String),
}

impl Endpoint {
    pub(crate) fn new(config: &SdkConfig, name: String, component: String) -> Self {
        // A retry would be a second run on the GPU: the queue repeats, not the client. 60 s is SageMaker's own limit.
        let patience = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .read_timeout(Duration::from_secs(70))
            .operation_attempt_timeout(Duration::from_secs(75))
            .build();
        let builder = aws_sdk_sagemakerruntime::config::Builder::from(config);
        let builder = builder.retry_config(RetryConfig::disabled()).timeout_config(patience);
        Self { client: Client::from_conf(builder.build()), name, component }
    }

    /// Runs one photo and waits for the result's bytes.
    pub async fn run(&self, photo: Vec<u8>, content_type: &str, attributes: String) -> Result<Vec<u8>, EndpointFault> {
        let answer = self
            .client
            .invoke_endpoint()
            .endpoint_name(&self.name)
            .inference_component_name(&self.component)
            .content_type(content_type)
            .accept("application/zip")
            .custom_attributes(attributes)
            .body(Blob::new(photo))
            .send()
            .await
            .map_err(|error| classify(&error))?;
        let body = answer.body.map(Blob::into_inner).unwrap_or_default();
        if body.len() > MAX_ANSWER_BYTES {
            let message = format!("the answer has {} bytes; at most {MAX_ANSWER_BYTES} are taken", body.len());
            return Err(EndpointFault::Broke { status: 500, message });
        }
        Ok(body)
    }
}

fn classify<R: std::fmt::Debug>(error: &SdkError<InvokeEndpointError, R>) -> EndpointFault
where
    SdkError<InvokeEndpointError, R>: std::error::Error,
{
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => EndpointFault::Lost(error.to_string()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => EndpointFault::Lost(error.to_string()),
        SdkError::DispatchFailure(_) => EndpointFault::Busy(error.to_string()),
        SdkError::ServiceError(service) => of_service(service.err()),
        _ => EndpointFault::Misconfigured(error.to_string()),
    }
}

fn of_service(error: &InvokeEndpointError) -> EndpointFault {
    let message = error.message().unwrap_or("no message").to_owned();
    match error {
        InvokeEndpointError::ModelError(model) => {
            let original = model.original_message().map_or(message, ToOwned::to_owned);
            match model.original_status_code().and_then(|status| u16::try_from(status).ok()) {
                None | Some(0) => EndpointFault::Lost(original),
                Some(503) => EndpointFault::Busy(original),
                Some(status) if (400..500).contains(&status) => EndpointFault::Refused { status, message: original },
                Some(status) => EndpointFault::Broke { status, message: original },
            }
        }
        InvokeEndpointError::ValidationError(_) if is_no_capacity(&message) => EndpointFault::Asleep,
        InvokeEndpointError::ValidationError(_) => EndpointFault::Misconfigured(message),
        InvokeEndpointError::ServiceUnavailable(_)
        | InvokeEndpointError::InternalFailure(_)
        | InvokeEndpointError::InternalDependencyException(_)
        | InvokeEndpointError::ModelNotReadyException(_) => EndpointFault::Busy(message),
        _ => match error.code() {
            // An answer without a code comes from what stands before the service: it passes, as throttling does.
            None | Some("ThrottlingException" | "Throttling" | "TooManyRequestsException") => {
                EndpointFault::Busy(message)
            }
            Some(code) => EndpointFault::Misconfigured(format!("{code}: {message}")),
        },
    }
}

/// SageMaker has no code of its own for a sleeping fleet; this is how it words it.
fn is_no_capacity(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("no capacity") || message.contains("no instance")
}
