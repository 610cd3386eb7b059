//! The container behind a SageMaker endpoint, and what its refusals mean.

use crate::container::{ContainerFault, bounded, classify};
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sagemakerruntime::Client;
use aws_sdk_sagemakerruntime::error::ProvideErrorMetadata;
use aws_sdk_sagemakerruntime::operation::invoke_endpoint::InvokeEndpointError;
use aws_sdk_sagemakerruntime::primitives::Blob;
use std::time::Duration;

/// The endpoint with its component.
pub struct Endpoint {
    client: Client,
    name: String,
    component: String,
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
    pub async fn run(&self, photo: Vec<u8>, content_type: &str, attributes: String) -> Result<Vec<u8>, ContainerFault> {
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
            .map_err(|error| classify(&error, of_service))?;
        let body = answer.body.map(Blob::into_inner).unwrap_or_default();
        bounded(body.len())?;
        Ok(body)
    }
}

fn of_service(error: &InvokeEndpointError) -> ContainerFault {
    let message = error.message().unwrap_or("no message").to_owned();
    match error {
        InvokeEndpointError::ModelError(model) => {
            let original = model.original_message().map_or(message, ToOwned::to_owned);
            match model.original_status_code().and_then(|status| u16::try_from(status).ok()) {
                None | Some(0) => ContainerFault::Lost(original),
                Some(status) => ContainerFault::answered(status, original),
            }
        }
        InvokeEndpointError::ValidationError(_) if is_no_capacity(&message) => ContainerFault::Asleep,
        InvokeEndpointError::ValidationError(_) => ContainerFault::Misconfigured(message),
        InvokeEndpointError::ServiceUnavailable(_)
        | InvokeEndpointError::InternalFailure(_)
        | InvokeEndpointError::InternalDependencyException(_)
        | InvokeEndpointError::ModelNotReadyException(_) => ContainerFault::Busy(message),
        _ => match error.code() {
            // An answer without a code comes from what stands before the service: it passes, as throttling does.
            None | Some("ThrottlingException" | "Throttling" | "TooManyRequestsException") => {
                ContainerFault::Busy(message)
            }
            Some(code) => ContainerFault::Misconfigured(format!("{code}: {message}")),
        },
    }
}

/// SageMaker has no code of its own for a sleeping fleet; this is how it words it.
fn is_no_capacity(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("no capacity") || message.contains("no instance")
}
