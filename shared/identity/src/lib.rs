//! Sign-in with OpenID Connect, and session tokens. The only crate that names a JWT library.

mod flow;
mod keys;
mod provider;
mod ring;
mod token;

pub use flow::{Flow, safe_path};
pub use keys::{ProviderKeys, PublishedKeys};
pub use provider::{Provider, ProviderError, Registration};
pub use ring::{RingError, SessionClaims, SigningRing};
pub use token::{IdToken, TokenError, verify};

/// 32 random bytes as text, from the operating system.
fn secret() -> Result<String, getrandom::Error> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
