//! The identity provider: discovery, the way to its login page, the code exchange, its keys.

use crate::Flow;
use crate::keys::{ProviderKeys, PublishedKeys, lives_s};
use crate::token::{IdToken, TokenError, verify};
use domain::Timestamp;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

/// While any keys are known, they are fetched anew at most this often, in seconds: a stream of unknown keys, or a
/// provider that is down, must not become a stream of fetches.
const REFETCH_S: i64 = 60;
/// Keys that cannot be fetched anew are used for so long after their time, in seconds (`stale-if-error` of RFC 5861).
const STALE_S: i64 = 24 * 3600;
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

impl Discovery {
    /// Whether none of its addresses could carry a code or our secret in the clear.
    fn is_safe(&self) -> bool {
        let Ok(issuer) = Url::parse(&self.issuer) else { return false };
        let all = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        all.into_iter().all(|address| Url::parse(address).is_ok_and(|address| may_be_asked(&address, &issuer)))
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// What the last good fetch brought.
#[derive(Clone)]
struct Known {
    discovery: Discovery,
    keys: ProviderKeys,
    lives_s: i64,
    fetched: Timestamp,
    /// The last fetch, good or not.
    tried: Timestamp,
}

impl Known {
    fn age_s(&self, now: Timestamp) -> i64 {
        now.as_second() - self.fetched.as_second()
    }

    fn is_enough(&self, wanted: Wanted, now: Timestamp) -> bool {
        let was_just_tried = now.as_second() - self.tried.as_second() <= REFETCH_S && !self.is_over(now);
        match wanted {
            Wanted::Any => true,
            Wanted::Fresh => self.age_s(now) <= self.lives_s || was_just_tried,
            Wanted::Newer => was_just_tried,
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.age_s(now) > self.lives_s + STALE_S
    }
}

/// How new what is known must be.
#[derive(Clone, Copy)]
enum Wanted {
    /// Whatever is known: addresses hardly change.
    Any,
    /// Within its time.
    Fresh,
    /// Newer than what was just looked at, as far as [`REFETCH_S`] allows.
    Newer,
}

/// An OpenID Connect provider.
pub struct Provider {
    registration: Registration,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
}

impl Provider {
    /// Whether a callback that names its issuer (RFC 9207) comes from ours.
    pub fn is_issuer(&self, issuer: &str) -> bool {
        self.registration.issuers().contains(&issuer)
    }

    /// Prepares the provider; nothing is fetched yet.
    pub fn new(registration: Registration) -> Result<Self, ProviderError> {
        let issuer =
            Url::parse(&registration.issuer).map_err(|_| ProviderError::Issuer(registration.issuer.clone()))?;
        if !may_be_asked(&issuer, &issuer) {
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
        let discovery = self.known(now, Wanted::Any).await?.discovery;
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
        let discovery = self.known(now, Wanted::Any).await?.discovery;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.registration.redirect_uri),
            ("client_id", &self.registration.client_id),
            ("client_secret", &self.registration.client_secret),
            ("code_verifier", &flow.verifier),
        ];
        let request = self.http.post(&discovery.token_endpoint).form(&form);
        let tokens: Tokens = read("token endpoint", request).await?.body;
        let keys = self.known(now, Wanted::Fresh).await?.keys;
        match verify(&tokens.id_token, &keys, &self.registration, &flow.nonce, now) {
            Err(TokenError::UnknownKey) => {
                let keys = self.known(now, Wanted::Newer).await?.keys;
                Ok(verify(&tokens.id_token, &keys, &self.registration, &flow.nonce, now)?)
            }
            verified => Ok(verified?),
        }
    }

    /// What is known, fetched anew where it must be. The lock is held meanwhile: sign-ins at once fetch once.
    async fn known(&self, now: Timestamp, wanted: Wanted) -> Result<Known, ProviderError> {
        let mut slot = self.known.lock().await;
        if let Some(known) = slot.as_ref()
            && known.is_enough(wanted, now)
        {
            return Ok(known.clone());
        }
        match (self.fetch(now).await, slot.as_mut()) {
            (Ok(fresh), _) => Ok(slot.insert(fresh).clone()),
            (Err(error), Some(known)) if !known.is_over(now) => {
                known.tried = now;
                let age_s = known.age_s(now);
                tracing::warn!(%error, age_s, "the provider's keys cannot be fetched anew, those of {age_s} s ago serve");
                Ok(known.clone())
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn fetch(&self, now: Timestamp) -> Result<Known, ProviderError> {
        let issuer = &self.registration.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let discovery: Discovery = read("discovery", self.http.get(address)).await?.body;
        if discovery.issuer != *issuer || !discovery.is_safe() {
            return Err(ProviderError::Unreadable { step: "discovery" });
        }
        let keys: Answer<PublishedKeys> = read("key set", self.http.get(&discovery.jwks_uri)).await?;
        let lives_s = lives_s(keys.cache_control.as_deref());
        Ok(Known { discovery, keys: ProviderKeys::usable(keys.body), lives_s, fetched: now, tried: now })
    }
}

/// Whether an address may be asked on behalf of this issuer: https, or loopback where the issuer is loopback itself.
fn may_be_asked(address: &Url, issuer: &Url) -> bool {
    let is_loopback = |url: &Url| url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    address.scheme() == "https" || (is_loopback(address) && is_loopback(issuer))
}

/// What the provider answered.
struct Answer<T> {
    body: T,
    cache_control: Option<String>,
}

async fn read<T: serde::de::DeserializeOwned>(
    step: &'static str,
    request: reqwest::RequestBuilder,
) -> Result<Answer<T>, ProviderError> {
    let lost = |source: reqwest::Error| ProviderError::Unreachable { step, source: source.without_url() };
    let mut answer = request.send().await.map_err(lost)?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(ProviderError::Refused { step, status });
    }
    let cache_control = answer.headers().get("cache-control").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(lost)? {
        body.extend_from_slice(&part);
        if body.len() > MAX_ANSWER {
            return Err(ProviderError::Refused { step, status });
        }
    }
    let body = serde_json::from_slice(&body).map_err(|_| ProviderError::Unreadable { step })?;
    Ok(Answer { body, cache_control })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addressed(issuer: &str, token_endpoint: &str) -> bool {
        let safe = format!("{issuer}/x");
        let (issuer, token_endpoint) = (issuer.to_owned(), token_endpoint.to_owned());
        Discovery { issuer, authorization_endpoint: safe.clone(), token_endpoint, jwks_uri: safe }.is_safe()
    }

    #[test]
    fn our_secret_leaves_over_tls_or_stays_on_this_machine() {
        assert!(addressed("https://id.example", "https://token.example/token"));
        assert!(addressed("http://localhost:8303", "http://localhost:8303/token"));
        for (issuer, token_endpoint) in [
            ("https://id.example", "http://id.example/token"),
            ("https://id.example", "http://localhost/token"),
            ("https://id.example", "ftp://id.example/token"),
            ("https://id.example", "/token"),
            ("http://localhost:8303", "http://localhost.evil.example/token"),
            ("http://localhost:8303", "http://id.example/token"),
        ] {
            assert!(!addressed(issuer, token_endpoint), "{issuer} {token_endpoint}");
        }
    }

    #[test]
    fn an_issuer_without_tls_is_refused_unless_it_is_this_machine() {
        let opened = |issuer: &str| {
            let (client_id, client_secret, redirect_uri) = Default::default();
            Provider::new(Registration { issuer: issuer.to_owned(), client_id, client_secret, redirect_uri }).is_ok()
        };
        assert!(opened("https://accounts.google.com") && opened("http://127.0.0.1:8303"));
        for issuer in ["", "accounts.google.com", "http://accounts.google.com", "ftp://localhost", "file:///etc"] {
            assert!(!opened(issuer), "{issuer}");
        }
    }
}
