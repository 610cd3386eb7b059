//! The only crate that names an AWS SDK. Concrete structs, one method per access pattern, four kinds of error.

mod container;
mod endpoint;
mod error;
mod function;
pub mod keys;
mod mailer;
mod objects;
mod parcel;
mod post_form;
mod queue;
mod secrets;
mod table;

pub use container::{Container, ContainerFault};
pub use endpoint::Endpoint;
pub use error::CloudError;
pub use function::Function;
pub use mailer::Mailer;
pub use objects::{Head, Objects};
pub use parcel::Parcel;
pub use post_form::{PostForm, PostLimits, Signer};
pub use queue::{Letter, Queue};
pub use secrets::Secrets;
pub use table::{
    Due, EventRace, EventStatus, Idempotency, Listing, NewOrder, OrderRace, StripeEvent, Table, Visit, Waiting,
};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use std::time::Duration;

/// One configuration for all clients of a function: region, credentials, endpoint and patience.
pub struct Cloud {
    config: SdkConfig,
}

/// How long one try of a call for rows or messages may take, in seconds: three fit into the 15 s of a function that somebody
/// waits for, so that a slow table is said to be busy, and the function is not killed over it.
const ROW_S: u64 = 2;

fn patience(seconds: u64) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(seconds))
        .build()
}

impl Cloud {
    /// Reads region, credentials and endpoint from where the platform puts them.
    pub async fn connect() -> Self {
        let patience = patience(5);
        let config = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(patience)
            .load()
            .await;
        Self { config }
    }

    /// The one table.
    pub fn table(&self, name: String) -> Table {
        let settings = aws_sdk_dynamodb::config::Builder::from(&self.config).timeout_config(patience(ROW_S)).build();
        Table::new(aws_sdk_dynamodb::Client::from_conf(settings), name)
    }

    /// One bucket.
    pub fn objects(&self, bucket: String) -> Objects {
        Objects::new(&self.config, bucket)
    }

    /// One queue.
    pub fn queue(&self, url: String) -> Queue {
        let settings = aws_sdk_sqs::config::Builder::from(&self.config).timeout_config(patience(ROW_S)).build();
        Queue::new(aws_sdk_sqs::Client::from_conf(settings), url)
    }

    /// The inference container on an endpoint's instances.
    pub fn endpoint(&self, name: String, component: String) -> Endpoint {
        Endpoint::new(&self.config, name, component)
    }

    /// The inference container as a function.
    pub fn function(&self, name: String) -> Function {
        Function::new(&self.config, name)
    }

    /// Mail, from one sender.
    pub fn mailer(&self, from: String) -> Mailer {
        Mailer::new(aws_sdk_sesv2::Client::new(&self.config), from)
    }

    /// The secrets.
    pub fn secrets(&self) -> Secrets {
        Secrets::new(aws_sdk_secretsmanager::Client::new(&self.config))
    }
}
