//! Mail to one person.

use crate::CloudError;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};
use domain::mail::Written;

/// Sends mails from one address.
pub struct Mailer {
    client: Client,
    from: String,
}

impl Mailer {
    pub(crate) fn new(client: Client, from: String) -> Self {
        Self { client, from }
    }

    /// Hands a mail over; whether it arrives is another matter.
    pub async fn send(&self, to: &str, mail: &Written) -> Result<(), CloudError> {
        let unreadable = |error| CloudError::unreadable("write mail", &error);
        let content = |text: &str| Content::builder().data(text).charset("UTF-8").build().map_err(unreadable);
        let body = Body::builder().text(content(&mail.text)?).html(content(&mail.html)?).build();
        let mut message = Message::builder().subject(content(&mail.subject)?).body(body);
        if let Some(address) = &mail.unsubscribe {
            let header = MessageHeader::builder().name("List-Unsubscribe").value(format!("<{address}>")).build();
            message = message.headers(header.map_err(unreadable)?);
        }
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message.build()).build())
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| CloudError::of("send mail", &error))
    }
}
