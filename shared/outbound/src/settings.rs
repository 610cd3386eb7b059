//! How patient the client is, and what it may reach besides, on a laptop.

use std::time::Duration;
use url::{Host, Url};

/// The client's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long one call may take in all, redirects and body included.
    pub patience: Duration,
    /// `host:port` that may be reached by plain http as well, wherever it leads. Empty wherever people use the service.
    pub also: Vec<String>,
}

/// What the environment says that it must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "OUTBOUND_ALSO opens addresses inside the network: it is only for a local cloud, with AWS_ENDPOINT_URL on this machine"
)]
pub struct SettingsError;

impl Settings {
    /// Reads `OUTBOUND_ALSO`, a list with commas, for tests with a receiver on this machine. It is refused where the cloud is
    /// not on this machine too, so that no template by mistake opens a real network.
    pub fn read(patience: Duration, get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let also = get("OUTBOUND_ALSO").unwrap_or_default();
        let also: Vec<_> =
            also.split(',').map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned).collect();
        if !also.is_empty() && !get("AWS_ENDPOINT_URL").is_some_and(|cloud| is_local(&cloud)) {
            return Err(SettingsError);
        }
        Ok(Self { patience, also })
    }
}

fn is_local(cloud: &str) -> bool {
    let Ok(url) = Url::parse(cloud) else { return false };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(also: &str, cloud: Option<&str>) -> Result<Vec<String>, SettingsError> {
        let get =
            |name: &str| if name == "OUTBOUND_ALSO" { Some(also.to_owned()) } else { cloud.map(ToOwned::to_owned) };
        Settings::read(Duration::from_secs(1), get).map(|settings| settings.also)
    }

    #[test]
    fn more_is_open_only_beside_a_local_cloud() {
        assert_eq!(
            read("127.0.0.1:1, a:2", Some("http://127.0.0.1:4566")),
            Ok(vec!["127.0.0.1:1".to_owned(), "a:2".to_owned()])
        );
        for cloud in
            [None, Some("https://dynamodb.eu-central-1.amazonaws.com"), Some("http://127.0.0.1.example.com"), Some("")]
        {
            assert_eq!(read("127.0.0.1:1", cloud), Err(SettingsError), "{cloud:?}");
            assert_eq!(read("", cloud), Ok(vec![]));
        }
    }
}
