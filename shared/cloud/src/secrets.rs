//! Secrets, read once at start.

use crate::CloudError;
use aws_sdk_secretsmanager::Client;

/// The secrets this function may read.
pub struct Secrets {
    client: Client,
}

impl Secrets {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The text of a secret.
    pub async fn read(&self, arn: &str) -> Result<String, CloudError> {
        let answer = self.client.get_secret_value().secret_id(arn).send().await;
        let secret = answer.map_err(|error| CloudError::of("read secret", &error))?;
        secret.secret_string.ok_or(CloudError::Gone { operation: "read secret" })
    }
}
