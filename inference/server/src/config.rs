//! Arguments and environment of the container.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where the server listens and where its weights are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The address to listen on; port 0 lets the operating system choose, and the log says which it was.
    pub address: SocketAddr,
    /// The directory with the weights, read-only.
    pub model_directory: PathBuf,
    /// Where the process was started as a Lambda function, which listens nowhere.
    pub lambda: Option<Lambda>,
}

/// What is particular to Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lambda {
    /// The storage is a local cloud's, on this machine and without TLS.
    pub is_local: bool,
}

/// Why the server cannot start; each names what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Other arguments than the platform gives.
    #[error("usage: inference-server serve (the only argument it knows), not {0:?}")]
    Usage(Vec<String>),
    /// Not a port.
    #[error("SAGEMAKER_BIND_TO_PORT must be a port from 0 to 65535, not {0:?}")]
    Port(String),
    /// Not an address.
    #[error("BIND_HOST must be an IP address such as 127.0.0.1 or 0.0.0.0, not {0:?}")]
    Host(String),
}

impl Config {
    /// Reads the arguments (exactly `serve`, as the platform gives it) and the environment.
    pub fn read(
        arguments: impl Iterator<Item = String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let arguments: Vec<String> = arguments.collect();
        if !matches!(arguments.iter().map(String::as_str).collect::<Vec<_>>()[..], ["serve"]) {
            return Err(ConfigError::Usage(arguments));
        }
        let port = match variable("SAGEMAKER_BIND_TO_PORT") {
            Some(text) => text.parse().map_err(|_| ConfigError::Port(text))?,
            None => 8080,
        };
        let host = match variable("BIND_HOST") {
            Some(text) => text.parse().map_err(|_| ConfigError::Host(text))?,
            None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        let model_directory = variable("MODEL_DIR").unwrap_or_else(|| "/opt/ml/model".into()).into();
        let lambda = variable("AWS_LAMBDA_RUNTIME_API").map(|_| {
            let cloud = variable("AWS_ENDPOINT_URL").unwrap_or_default();
            Lambda { is_local: cloud.starts_with("http://127.0.0.1:") }
        });
        Ok(Self { address: SocketAddr::new(host, port), model_directory, lambda })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        Config::read(arguments.iter().map(ToString::to_string), value)
    }

    #[test]
    fn the_defaults_are_the_platform_s() {
        let config = read(&["serve"], &[]).unwrap();
        assert_eq!(config.address.to_string(), "0.0.0.0:8080");
        assert_eq!(config.model_directory, PathBuf::from("/opt/ml/model"));
        assert_eq!(config.lambda, None);
    }

    #[test]
    fn the_runtime_interface_makes_it_a_function_and_only_a_local_cloud_takes_its_tls() {
        let there = ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
        assert_eq!(read(&["serve"], &[there]).unwrap().lambda, Some(Lambda { is_local: false }));
        for (cloud, is_local) in [("http://127.0.0.1:8301", true), ("http://storage.example", false)] {
            let config = read(&["serve"], &[there, ("AWS_ENDPOINT_URL", cloud)]).unwrap();
            assert_eq!(config.lambda, Some(Lambda { is_local }), "{cloud}");
        }
    }

    #[test]
    fn the_environment_may_change_them() {
        let given = [("SAGEMAKER_BIND_TO_PORT", "8304"), ("BIND_HOST", "127.0.0.1"), ("MODEL_DIR", "models")];
        let config = read(&["serve"], &given).unwrap();
        assert_eq!(config.address.to_string(), "127.0.0.1:8304");
        assert_eq!(config.model_directory, PathBuf::from("models"));
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(read(&[], &[]), Err(ConfigError::Usage(vec![])));
        assert_eq!(read(&["train"], &[]), Err(ConfigError::Usage(vec!["train".into()])));
        assert_eq!(read(&["serve"], &[("SAGEMAKER_BIND_TO_PORT", "x")]), Err(ConfigError::Port("x".into())));
        assert_eq!(read(&["serve"], &[("BIND_HOST", "localhost")]), Err(ConfigError::Host("localhost".into())));
    }
}
