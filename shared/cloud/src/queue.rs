//! One queue.

use crate::CloudError;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeNameForSends as Name, MessageSystemAttributeValue as Value};

/// A queue.
pub struct Queue {
    client: Client,
    url: String,
}

/// A message that was received and must be dropped when its work is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its body.
    pub body: String,
    /// With what it is dropped.
    receipt: String,
}

impl Queue {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Sends a message; whoever takes it goes on with the sender's trace, if there is one.
    pub async fn send(&self, body: String, trace: Option<&str>) -> Result<(), CloudError> {
        let mut request = self.client.send_message().queue_url(&self.url).message_body(body);
        if let Some(trace) = trace {
            let header = Value::builder().data_type("String").string_value(trace).build();
            let header = header.map_err(|_| CloudError::Refused {
                operation: "send message",
                code: "no type".to_owned(),
                message: String::new(),
            })?;
            request = request.message_system_attributes(Name::AwsTraceHeader, header);
        }
        request.send().await.map(|_| ()).map_err(|error| CloudError::of("send message", &error))
    }

    /// The longest that a message can be held back, in seconds.
    pub const LONGEST_DELAY_S: u32 = 900;

    /// Sends a message that comes after `seconds`, at most [`Self::LONGEST_DELAY_S`].
    pub async fn send_later(&self, body: String, seconds: u32) -> Result<(), CloudError> {
        let seconds = i32::try_from(seconds.min(Self::LONGEST_DELAY_S)).unwrap_or(0);
        let request = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(seconds);
        request.send().await.map(|_| ()).map_err(|error| CloudError::of("send message", &error))
    }

    /// Up to ten messages that wait now.
    pub async fn receive(&self) -> Result<Vec<Letter>, CloudError> {
        let request = self.client.receive_message().queue_url(&self.url).max_number_of_messages(10);
        let answer = request.send().await.map_err(|error| CloudError::of("receive messages", &error))?;
        let letters = answer
            .messages
            .unwrap_or_default()
            .into_iter()
            .filter_map(|message| Some(Letter { body: message.body?, receipt: message.receipt_handle? }));
        Ok(letters.collect())
    }

    /// Drops a message whose work is done.
    pub async fn drop_letter(&self, letter: &Letter) -> Result<(), CloudError> {
        let request = self.client.delete_message().queue_url(&self.url).receipt_handle(&letter.receipt);
        request.send().await.map(|_| ()).map_err(|error| CloudError::of("drop message", &error))
    }

    /// Lets a message come again in `seconds`.
    pub async fn come_again(&self, receipt: &str, seconds: u32) -> Result<(), CloudError> {
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        let request = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(receipt);
        let sent = request.visibility_timeout(seconds).send().await;
        sent.map(|_| ()).map_err(|error| CloudError::of("put message back", &error))
    }
}
