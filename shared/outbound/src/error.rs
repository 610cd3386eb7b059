//! Why an address was not asked, or did not answer as it should: each a sentence for whoever named it.

use crate::resolve::{NoSuchName, NotPublic};
use std::error::Error;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// It cannot be read.
    #[error("the address cannot be read")]
    Unreadable,
    /// It is too long.
    #[error("the address has {length} characters, {most} at most are taken")]
    TooLong {
        /// Its characters.
        length: usize,
        /// The most.
        most: usize,
    },
    /// Not https.
    #[error("the address must begin with https://")]
    NotHttps,
    /// It holds a name or password.
    #[error("the address must not hold a name or password")]
    Credentials,
    /// Another port.
    #[error("the address names port {port}, only 443 is taken")]
    Port {
        /// The port.
        port: u16,
    },
    /// It leads into a network that is not public.
    #[error("the address does not lead to the public internet")]
    NotPublic,
    /// The name does not resolve.
    #[error("the host's name is not known")]
    NoSuchName,
    /// No connection, no TLS, or an answer that breaks off.
    #[error("the host cannot be reached, has no valid certificate, or breaks off")]
    Unreachable,
    /// Too slow.
    #[error("the host did not answer within {most_ms} milliseconds")]
    TooSlow {
        /// The limit, in milliseconds.
        most_ms: u128,
    },
    /// The answer is too long.
    #[error("the answer has more than {most} bytes")]
    TooLarge {
        /// The limit, in bytes.
        most: usize,
    },
    /// Too many redirects.
    #[error("the address redirects more than {most} times")]
    Redirects {
        /// The limit.
        most: u32,
    },
    /// Not 200.
    #[error("the host answered {status}")]
    Answered {
        /// The HTTP status.
        status: u16,
    },
}

impl OutboundError {
    /// Finds what our resolver said in an error of the client; the client's own words may hold the address, and stay here.
    pub(crate) fn unreachable(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(inner) = cause {
            if inner.is::<NotPublic>() {
                return Self::NotPublic;
            }
            if inner.is::<NoSuchName>() {
                return Self::NoSuchName;
            }
            cause = inner.source();
        }
        Self::Unreachable
    }

    /// Whether the address itself is at fault, so that asking again is in vain until it is changed.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Unreadable
            | Self::TooLong { .. }
            | Self::NotHttps
            | Self::Credentials
            | Self::Port { .. }
            | Self::NotPublic => true,
            Self::NoSuchName
            | Self::Unreachable
            | Self::TooSlow { .. }
            | Self::TooLarge { .. }
            | Self::Redirects { .. }
            | Self::Answered { .. } => false,
        }
    }

    /// It as a sentence of a problem's `detail`.
    pub fn sentence(&self) -> String {
        let text = self.to_string();
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    }
}
