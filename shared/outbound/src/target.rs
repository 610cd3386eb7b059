//! An address that was read strictly: what may be asked, before any name is looked up.

use crate::{OutboundError, is_public};
use std::net::IpAddr;
use url::{Host, Url};

/// The longest address that is taken, in characters.
const MAX_LENGTH: usize = 2048;

/// What may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// By https; a literal address in it is public, a name still has to be looked up.
    Public(Url),
    /// By http, since the settings name its host and port.
    Also(Url),
}

impl Target {
    /// Reads an address. Odd spellings of one (`0x7f.1`, `2130706433`, `①②⑦.0.0.1`) are read as a browser reads them, so what is
    /// checked is what is connected to.
    pub fn read(address: &str, also: &[String]) -> Result<Self, OutboundError> {
        let length = address.chars().count();
        if length > MAX_LENGTH {
            return Err(OutboundError::TooLong { length, most: MAX_LENGTH });
        }
        let url = Url::parse(address).map_err(|_| OutboundError::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Credentials);
        }
        if url.scheme() == "http" && is_named(&url, also) {
            return Ok(Self::Also(url));
        }
        if url.scheme() != "https" {
            return Err(OutboundError::NotHttps);
        }
        // Read as the scheme's own when it says 443.
        if let Some(port) = url.port() {
            return Err(OutboundError::Port { port });
        }
        let literal = match url.host().ok_or(OutboundError::Unreadable)? {
            Host::Domain(_) => return Ok(Self::Public(url)),
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        if is_public(literal) { Ok(Self::Public(url)) } else { Err(OutboundError::NotPublic) }
    }

    /// The address.
    pub fn url(&self) -> &Url {
        match self {
            Self::Public(url) | Self::Also(url) => url,
        }
    }
}

fn is_named(url: &Url, also: &[String]) -> bool {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    also.iter().any(|named| *named == format!("{host}:{port}"))
}
