//! The identity provider: discovery, the way to its login page, the code exchange, its keys.

use crate::Flow;
use crate::token::{IdToken, TokenError, verify};
use domain::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

/// Keys are fetched anew at most this often, in seconds: a stream of unknown keys must not become a stream of fetches.
const REFETCH_S: i64 = 60;
/// Keys older than this are fetched anew, in seconds.
const KEYS_LAST_S: i64 = 3600;
/// The most bytes of any answer of the provider.
const MAX_ANSWER: usize = 64 * 1024;

/// Who we are at the provider.
#[derive(Clone)]
pub struct Registration {
    /// The provider's issuer address, exactly as its tokens say it.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}

impl Registration {
    /// The spellings of the issuer that its tokens use: Google's come with and without `https://`.
    pub(crate) fn issuers(&self) -> Vec<&str> {
        match self.issuer.as_str() {
            "https://accounts.google.com" => vec!["https://accounts.google.com", "accounts.google.com"],
            issuer => vec![issuer],
        }
    }
}

/// Why the provider did not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// An issuer that may not be used: only loopback goes without TLS.
    #[error("the issuer {0} must be an https address")]
    Issuer(String),
    /// It does not answer, or not with what it should.
    #[error("the provider's {step} did not answer as it should")]
    Unreachable {
        /// What was asked for.
        step: &'static str,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It answers with something else.
    #[error("the provider's {step} answered {status} or too much")]
    Refused {
        /// What was asked for.
        step: &'static str,
        /// The HTTP status.
        status: u16,
    },
    /// Its answer does not read.
    #[error("the provider's {step} cannot be read")]
    Unreadable {
        /// What was asked for.
        step: &'static str,
    },
    /// The token signs nobody in.
    #[error(transparent)]
    Token(#[from] TokenError),
}

#[derive(Clone, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

struct Known {
    discovery: Discovery,
    keys: JwkSet,
    fetched: Timestamp,
}

/// An OpenID Connect provider.
pub struct Provider {
    registration: Registration,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
}

impl Provider {
    /// Prepares the provider; nothing is fetched yet.
    pub fn new(registration: Registration) -> Result<Self, ProviderError> {
        let issuer =
            Url::parse(&registration.issuer).map_err(|_| ProviderError::Issuer(registration.issuer.clone()))?;
        let loopback = matches!(issuer.host_str(), Some("localhost" | "127.0.0.1"));
        if issuer.scheme() != "https" && !loopback {
            return Err(ProviderError::Issuer(registration.issuer));
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(5))
            .build()
            .map_err(|source| ProviderError::Unreachable { step: "client", source })?;
        Ok(Self { registration, http, known: Mutex::new(None) })
    }

    /// Where the browser goes to sign in.
    pub async fn login_url(&self, flow: &Flow, now: Timestamp) -> Result<String, ProviderError> {
        let discovery = self.discovery(now).await?;
        let url = Url::parse_with_params(
            &discovery.authorization_endpoint,
            [
                ("response_type", "code"),
                ("client_id", &self.registration.client_id),
                ("redirect_uri", &self.registration.redirect_uri),
                ("scope", "openid email profile"),
                ("state", &flow.state),
                ("nonce", &flow.nonce),
                ("code_challenge", &flow.challenge()),
                ("code_challenge_method", "S256"),
                ("prompt", "select_account"),
            ],
        );
        url.map(String::from).map_err(|_| ProviderError::Unreadable { step: "discovery" })
    }

    /// Exchanges the code for an ID token and verifies it.
    pub async fn sign_in(&self, code: &str, flow: &Flow, now: Timestamp) -> Result<IdToken, ProviderError> {
        let discovery = self.discovery(now).await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.registration.redirect_uri),
            ("client_id", &self.registration.client_id),
            ("client_secret", &self.registration.client_secret),
            ("code_verifier", &flow.verifier),
        ];
        let tokens: Tokens = read("token endpoint", self.http.post(&discovery.token_endpoint).form(&form)).await?;
        let keys = self.keys(now, KEYS_LAST_S).await?;
        match verify(&tokens.id_token, &keys, &self.registration, &flow.nonce, now) {
            Err(TokenError::UnknownKey) => {
                let keys = self.keys(now, REFETCH_S).await?;
                Ok(verify(&tokens.id_token, &keys, &self.registration, &flow.nonce, now)?)
            }
            verified => Ok(verified?),
        }
    }

    async fn discovery(&self, now: Timestamp) -> Result<Discovery, ProviderError> {
        self.refresh(now, i64::MAX, |known| known.discovery.clone()).await
    }

    async fn keys(&self, now: Timestamp, max_age_s: i64) -> Result<JwkSet, ProviderError> {
        self.refresh(now, max_age_s, |known| known.keys.clone()).await
    }

    async fn refresh<T>(&self, now: Timestamp, max_age_s: i64, pick: fn(&Known) -> T) -> Result<T, ProviderError> {
        let mut known = self.known.lock().await;
        let age = known.as_ref().map(|known| now.as_second() - known.fetched.as_second());
        if let (Some(known), Some(age)) = (known.as_ref(), age)
            && age <= max_age_s
        {
            return Ok(pick(known));
        }
        let fresh = self.fetch(now).await?;
        let picked = pick(&fresh);
        *known = Some(fresh);
        Ok(picked)
    }

    async fn fetch(&self, now: Timestamp) -> Result<Known, ProviderError> {
        let address = format!("{}/.well-known/openid-configuration", self.registration.issuer.trim_end_matches('/'));
        let discovery: Discovery = read("discovery", self.http.get(address)).await?;
        if discovery.issuer != self.registration.issuer {
            return Err(ProviderError::Unreadable { step: "discovery" });
        }
        let keys = read("key set", self.http.get(&discovery.jwks_uri)).await?;
        Ok(Known { discovery, keys, fetched: now })
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    step: &'static str,
    request: reqwest::RequestBuilder,
) -> Result<T, ProviderError> {
    let lost = |source: reqwest::Error| ProviderError::Unreachable { step, source: source.without_url() };
    let mut answer = request.send().await.map_err(lost)?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(ProviderError::Refused { step, status });
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(lost)? {
        body.extend_from_slice(&part);
        if body.len() > MAX_ANSWER {
            return Err(ProviderError::Refused { step, status });
        }
    }
    serde_json::from_slice(&body).map_err(|_| ProviderError::Unreadable { step })
}
