//! A sign-in from the login page to the verdict, and the honest token that every hostile one is made from.

use std::error::Error;

use domain::Timestamp;
use identity::{Flow, IdToken, Provider, ProviderError, Registration, TokenError};
use jsonwebtoken::errors::ErrorKind;
use serde_json::{Map, Value, json};

use crate::keys::KEYS;
use crate::local::{CLIENT_ID, CLIENT_SECRET, Local, REDIRECT_URI};

/// The name of the key that the provider publishes.
pub(crate) const KID: &str = "current";
/// The nonce of every sign-in here.
pub(crate) const NONCE: &str = "Bf3-nonce_of-this-sign-in";
/// What an honest token brings.
pub(crate) const SIGNS_IN: &str = "signs in as 107 with ada@example.org";
/// Not a token, or not one for us.
pub(crate) const NO_HEADER: &str = "the ID token has no readable header";
/// Signed with a key that is not published.
pub(crate) const UNKNOWN_KEY: &str = "the ID token's key is unknown";
/// Changed on its way, or signed by somebody else.
pub(crate) const FORGED: &str = "the ID token is not valid: InvalidSignature";
/// Another algorithm than RS256.
pub(crate) const OTHER_ALGORITHM: &str = "the ID token is not valid: InvalidAlgorithm";
/// A claim of another type.
pub(crate) const NOT_READ: &str = "the ID token's claims cannot be read";

/// The instant `seconds` after the beginning of the play.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

/// A token that can be spoiled in one place.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
}

impl Draft {
    /// What the provider says of Ada at this second of the play.
    pub(crate) fn honest(issuer: &str, seconds: i64) -> Self {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": KID });
        let claims = json!({
            "iss": issuer,
            "sub": "107",
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "iat": at(seconds).as_second(),
            "exp": at(seconds + 3600).as_second(),
            "nonce": NONCE,
            "name": "Ada",
            "email": "ada@example.org",
            "email_verified": true,
        });
        Self { header: header.as_object().unwrap().clone(), claims: claims.as_object().unwrap().clone() }
    }

    /// With another value in its header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// With another value in a claim.
    pub(crate) fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Without a claim.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.claims.remove(name).unwrap();
        self
    }

    pub(crate) fn header_text(&self) -> String {
        Value::from(self.header.clone()).to_string()
    }

    pub(crate) fn claims_text(&self) -> String {
        Value::from(self.claims.clone()).to_string()
    }

    /// Signed with the key that the provider publishes.
    pub(crate) fn signed(&self) -> String {
        KEYS.current.sign(&self.header_text(), &self.claims_text())
    }
}

/// One hostile (or odd but honest) token and what must come of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) token: String,
    pub(crate) verdict: String,
}

pub(crate) fn case(name: &'static str, token: impl Into<String>, verdict: impl Into<String>) -> Case {
    Case { name, token: token.into(), verdict: verdict.into() }
}

/// Our side and the provider.
pub(crate) struct Stage {
    pub(crate) local: Local,
    pub(crate) ours: Provider,
}

impl Stage {
    pub(crate) fn open() -> Self {
        let local = Local::start(&[KEYS.current.jwk(KID)]);
        let ours = Provider::new(registration(&local.issuer)).unwrap();
        Self { local, ours }
    }

    /// A token that signs in at this second.
    pub(crate) fn honest(&self, seconds: i64) -> Draft {
        Draft::honest(&self.local.issuer, seconds)
    }

    /// From the login page to the end, with this token from the provider.
    pub(crate) async fn sign_in(&self, token: &str, seconds: i64) -> Result<IdToken, ProviderError> {
        let flow = flow();
        let code = self.local.authorize(&self.ours.login_url(&flow, at(seconds)).await?);
        token.clone_into(&mut self.local.state().id_token);
        let result = self.ours.sign_in(&code, &flow, at(seconds)).await;
        if let Err(error) = &result {
            let said = in_full(error);
            for secret in [token, &code, CLIENT_SECRET, &flow.verifier, "ada@example.org"] {
                assert!(secret.is_empty() || !said.contains(secret), "{secret} would stand in the log: {said}");
            }
        }
        result
    }

    pub(crate) async fn verdict(&self, token: &str, seconds: i64) -> String {
        verdict(&self.sign_in(token, seconds).await)
    }

    /// Plays all cases at second 0 against one set of cached keys; an honest sign-in opens and closes the play.
    pub(crate) async fn play(&self, cases: Vec<Case>) {
        let honest = self.honest(0).signed();
        assert_eq!(self.verdict(&honest, 0).await, SIGNS_IN);
        let mut wrong = Vec::new();
        for case in &cases {
            let verdict = self.verdict(&case.token, 0).await;
            if verdict != case.verdict {
                wrong.push(format!("{}: {verdict}, not: {}", case.name, case.verdict));
            }
        }
        assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
        assert_eq!(self.verdict(&honest, 0).await, SIGNS_IN);
        assert_eq!(self.local.asked("/keys"), 1, "no case makes us fetch");
    }
}

/// Our registration at the provider.
pub(crate) fn registration(issuer: &str) -> Registration {
    Registration {
        issuer: issuer.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        redirect_uri: REDIRECT_URI.to_owned(),
    }
}

/// The sign-in that every case goes through.
pub(crate) fn flow() -> Flow {
    Flow { nonce: NONCE.to_owned(), ..Flow::begin("/").unwrap() }
}

/// What came of a sign-in, in one line.
pub(crate) fn verdict(result: &Result<IdToken, ProviderError>) -> String {
    match result {
        Ok(token) => match &token.person.email {
            Some(email) => format!("signs in as {} with {email}", token.subject),
            None => format!("signs in as {} without an e-mail", token.subject),
        },
        Err(ProviderError::Token(error @ TokenError::Invalid(why))) => match why.kind() {
            ErrorKind::Base64(_) => format!("{error}: Base64"),
            kind => format!("{error}: {kind:?}"),
        },
        Err(error) => error.to_string(),
    }
}

/// An error with its causes, as the functions log it.
fn in_full(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
