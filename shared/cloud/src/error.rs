//! Four answers to "what went wrong in the cloud", each with one thing to do.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// Somebody else wrote first: read again and decide again.
    #[error("another write came first")]
    Raced,
    /// Throttled, slow or unreachable: later.
    #[error("{operation}: busy ({code})")]
    Busy {
        /// What was tried.
        operation: &'static str,
        /// The service's code.
        code: String,
    },
    /// It is not there.
    #[error("{operation}: not there")]
    Gone {
        /// What was tried.
        operation: &'static str,
    },
    /// The service refuses what we ask: our bug, or our permissions.
    #[error("{operation}: refused ({code}: {message})")]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// The service's code.
        code: String,
        /// The service's words.
        message: String,
    },
}

const BUSY_CODES: [&str; 11] = [
    "InternalError",
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottlingException",
    "Throttling",
    "TransactionConflictException",
    "TransactionInProgressException",
];
const GONE_CODES: [&str; 4] = ["NoSuchKey", "NoSuchVersion", "NotFound", "ResourceNotFoundException"];

impl CloudError {
    /// Classifies any SDK error by what is to be done about it.
    pub(crate) fn of<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let Some(service) = error.as_service_error() else {
            // No answer: a timeout, a cut connection, credentials that did not come.
            return Self::Busy { operation, code: error.to_string() };
        };
        let code = service.code().unwrap_or("unknown").to_owned();
        if code == "ConditionalCheckFailedException" {
            return Self::Raced;
        }
        if GONE_CODES.contains(&code.as_str()) {
            return Self::Gone { operation };
        }
        if BUSY_CODES.contains(&code.as_str()) {
            return Self::Busy { operation, code };
        }
        let message = service.message().unwrap_or("no message").to_owned();
        Self::Refused { operation, code, message }
    }

    /// A row or message of ours that does not read: our bug.
    pub(crate) fn unreadable(operation: &'static str, error: &impl ToString) -> Self {
        Self::Refused { operation, code: "Unreadable".to_owned(), message: error.to_string() }
    }

    /// Whether doing it again later may help.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Raced | Self::Busy { .. } => true,
            Self::Gone { .. } | Self::Refused { .. } => false,
        }
    }
}
