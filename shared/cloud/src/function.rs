//! The container as a Lambda function, and what its refusals mean.
//!
//! A call may bring 6 MB, so the photo is named by a link; an answer may be larger too, so it is streamed: status and
//! headers as JSON, eight zero bytes, the body.

use crate::container::{ContainerFault, bounded, classify};
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::invoke_with_response_stream::InvokeWithResponseStreamError as Refusal;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvokeWithResponseStreamResponseEvent as Event;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// What stands between an answer's head and its body.
const END: [u8; 8] = [0; 8];

/// The function.
pub struct Function {
    client: Client,
    name: String,
}

/// The head of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    status_code: u16,
}

impl Function {
    pub(crate) fn new(config: &SdkConfig, name: String) -> Self {
        // A retry would be a second run: the queue repeats, not the client. Dispatch's own time ends before these do.
        let patience = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .read_timeout(Duration::from_secs(115))
            .operation_attempt_timeout(Duration::from_secs(115))
            .build();
        let builder = aws_sdk_lambda::config::Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(patience)
            // Nothing comes while the model is made: no sign of a broken stream.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Self { client: Client::from_conf(builder.build()), name }
    }

    /// Runs the photo that a link leads to, and waits for the result's bytes.
    pub async fn run(&self, link: &str, content_type: &str, attributes: &str) -> Result<Vec<u8>, ContainerFault> {
        let event = event(link, content_type, attributes).to_string();
        let call = self.client.invoke_with_response_stream().function_name(&self.name);
        let call = call.payload(Blob::new(event)).send();
        let mut stream = call.await.map_err(|error| classify(&error, of_service))?.event_stream;
        let mut answer = Vec::new();
        loop {
            // What the SDK says of a broken stream names no link.
            match stream.recv().await.map_err(|error| ContainerFault::Lost(error.to_string()))? {
                Some(Event::PayloadChunk(chunk)) => {
                    answer.extend_from_slice(chunk.payload.as_ref().map(AsRef::as_ref).unwrap_or_default());
                    bounded(answer.len())?;
                }
                Some(Event::InvokeComplete(end)) => {
                    return match end.error_code {
                        None => read(&answer),
                        Some(code) => Err(ended(&code, &end.error_details.unwrap_or_default())),
                    };
                }
                Some(_) => {}
                None => return Err(ContainerFault::Lost("the answer has no end".to_owned())),
            }
        }
    }
}

/// What the container reads: `events/container/function.json` is one, which the tests of both read.
fn event(link: &str, content_type: &str, attributes: &str) -> Value {
    json!({ "photo": { "link": link, "content_type": content_type }, "attributes": attributes })
}

/// The body of an answer, if its head says that it is one.
fn read(answer: &[u8]) -> Result<Vec<u8>, ContainerFault> {
    let broke = |message: &str| ContainerFault::Broke { status: 200, message: message.to_owned() };
    let end = answer.windows(END.len()).position(|window| window == END).ok_or_else(|| broke("no head"))?;
    let (head, body) = answer.split_at(end);
    let head: Head = serde_json::from_slice(head).map_err(|_| broke("a head that does not read"))?;
    let body = body.get(END.len()..).unwrap_or_default();
    match head.status_code {
        200 => Ok(body.to_vec()),
        status => Err(ContainerFault::answered(status, String::from_utf8_lossy(body).into_owned())),
    }
}

/// Why a run has no answer of the container's own.
fn ended(code: &str, details: &str) -> ContainerFault {
    // `Sandbox.Timedout`, or `Unhandled` with "Task timed out after …".
    if code.contains("Timedout") || details.contains("timed out") {
        return ContainerFault::Lost(format!("{code}: {details}"));
    }
    ContainerFault::Broke { status: 500, message: format!("{code}: {details}") }
}

fn of_service(error: &Refusal) -> ContainerFault {
    let message = error.message().unwrap_or("no message").to_owned();
    match error {
        // Throttled, being replaced, or a fault of Lambda's: all pass.
        Refusal::TooManyRequestsException(_)
        | Refusal::ServiceException(_)
        | Refusal::Ec2ThrottledException(_)
        | Refusal::ResourceConflictException(_)
        | Refusal::ResourceNotReadyException(_) => ContainerFault::Busy(message),
        _ => match error.code() {
            // An answer without a code comes from what stands before the service.
            None | Some("ThrottlingException" | "Throttling" | "RequestLimitExceeded") => ContainerFault::Busy(message),
            Some(code) => ContainerFault::Misconfigured(format!("{code}: {message}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_lambda::types::error::{ResourceNotFoundException, TooManyRequestsException};

    fn answer(head: &str, body: &[u8]) -> Vec<u8> {
        [head.as_bytes(), &END, body].concat()
    }

    #[test]
    fn the_committed_event_is_what_is_sent() {
        let kept: Value = serde_json::from_str(include_str!("../../../events/container/function.json")).unwrap();
        let text = |at: &str| kept.pointer(at).and_then(Value::as_str).unwrap();
        assert_eq!(event(text("/photo/link"), text("/photo/content_type"), text("/attributes")), kept);
    }

    #[test]
    fn a_body_is_what_follows_its_head_zeros_and_all() {
        let body = [80, 75, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
        assert_eq!(read(&answer(r#"{"statusCode":200,"headers":{},"cookies":[]}"#, &body)), Ok(body.to_vec()));
    }

    #[test]
    fn the_containers_own_words_mean_what_they_mean_on_an_instance() {
        let refused = read(&answer(r#"{"statusCode":422}"#, b"why"));
        assert_eq!(refused, Err(ContainerFault::Refused { status: 422, message: "why".to_owned() }));
        assert_eq!(read(&answer(r#"{"statusCode":503}"#, b"later")), Err(ContainerFault::Busy("later".to_owned())));
        for broken in [answer(r#"{"statusCode":500}"#, b""), answer("{}", b""), b"PK\x03\x04".to_vec(), vec![]] {
            assert!(matches!(read(&broken), Err(ContainerFault::Broke { .. })), "{broken:?}");
        }
    }

    #[test]
    fn only_what_passes_by_itself_costs_no_attempt() {
        let throttled = Refusal::TooManyRequestsException(TooManyRequestsException::builder().build());
        assert!(matches!(of_service(&throttled), ContainerFault::Busy(_)));
        let meta = aws_sdk_lambda::error::ErrorMetadata::builder().code("ResourceNotFoundException").build();
        let missing = Refusal::ResourceNotFoundException(ResourceNotFoundException::builder().meta(meta).build());
        assert!(matches!(of_service(&missing), ContainerFault::Misconfigured(_)));
        assert!(matches!(ended("Sandbox.Timedout", ""), ContainerFault::Lost(_)));
        assert!(matches!(ended("Runtime.OutOfMemory", ""), ContainerFault::Broke { .. }));
    }
}
