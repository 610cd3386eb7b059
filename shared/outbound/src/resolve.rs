//! Names become addresses here, once, and every one of them is looked at before anything connects.

use crate::{OutboundError, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use url::{Host, Url};

/// The name leads, also, to an address that is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not public")]
pub(crate) struct NotPublic;

/// The name leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such name")]
pub(crate) struct NoSuchName;

/// The client's resolver: it connects to what this returns and asks nobody else.
pub(crate) struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = look_up(name.as_str()).await?;
            let checked: Addrs = Box::new(all_public(found)?.into_iter());
            Ok(checked)
        })
    }
}

/// Looks a host up without connecting to it.
pub(crate) async fn check(url: &Url) -> Result<(), OutboundError> {
    let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
    let found = look_up(name).await.map_err(|_| OutboundError::NoSuchName)?;
    all_public(found).map(|_| ()).map_err(|_| OutboundError::NotPublic)
}

async fn look_up(name: &str) -> Result<Vec<SocketAddr>, NoSuchName> {
    let found: Vec<_> = tokio::net::lookup_host((name, 0)).await.map_err(|_| NoSuchName)?.collect();
    if found.is_empty() { Err(NoSuchName) } else { Ok(found) }
}

/// One address that is not public spoils all: no honest name has both kinds.
fn all_public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
    if found.iter().all(|address| is_public(address.ip())) { Ok(found) } else { Err(NotPublic) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn one_private_address_spoils_a_name() {
        let honest = addresses(&["93.184.216.34:0", "[2606:2800:220:1::1]:0"]);
        assert_eq!(all_public(honest.clone()), Ok(honest));
        assert_eq!(all_public(addresses(&["93.184.216.34:0", "10.0.0.7:0"])), Err(NotPublic));
        assert_eq!(all_public(addresses(&["93.184.216.34:0", "[::ffff:10.0.0.7]:0"])), Err(NotPublic));
    }
}
