//! A sign-in on its way: what binds the provider's answer to the browser that asked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The secrets of one sign-in, kept in a signed cookie of the browser that began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Returns in the callback's query.
    pub state: String,
    /// Returns in the ID token.
    pub nonce: String,
    /// PKCE: its hash went out with the browser, it follows with the code.
    pub verifier: String,
    /// The page to come back to.
    pub return_to: String,
}

impl Flow {
    /// Begins a sign-in.
    pub fn begin(return_to: &str) -> Result<Self, getrandom::Error> {
        let return_to = safe_path(return_to).to_owned();
        Ok(Self { state: crate::secret()?, nonce: crate::secret()?, verifier: crate::secret()?, return_to })
    }

    /// The PKCE challenge (S256).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }

    /// Whether the callback carries this flow's state; takes the same time wherever they differ.
    pub fn has_state(&self, state: &str) -> bool {
        let differences = self.state.bytes().zip(state.bytes()).fold(0, |seen, (ours, theirs)| seen | (ours ^ theirs));
        self.state.len() == state.len() && differences == 0
    }
}

/// A path of this site, or `/`: never an address of another one, however it is dressed up.
pub fn safe_path(path: &str) -> &str {
    let plain = path.starts_with('/') && path.len() <= 512 && path.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    let site = "https://site.invalid";
    let stays = url::Url::parse(site)
        .and_then(|base| base.join(path))
        .is_ok_and(|joined| joined.origin().ascii_serialization() == site);
    if plain && stays && !path.contains('\\') && !path.starts_with("//") { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_redirect_stays_on_the_site() {
        assert_eq!(safe_path("/m/gen_1?x=1#y"), "/m/gen_1?x=1#y");
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\r\nSet-Cookie: x",
            "m",
        ] {
            assert_eq!(safe_path(path), "/", "{path:?}");
        }
    }

    #[test]
    fn only_the_same_state_passes() {
        let flow = Flow::begin("/").unwrap();
        assert!(flow.has_state(&flow.state.clone()));
        assert!(!flow.has_state("") && !flow.has_state(&flow.nonce) && !flow.has_state(&flow.state[1..]));
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let flow = Flow { verifier, ..Flow::begin("/").unwrap() };
        assert_eq!(flow.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    proptest! {
        #[test]
        fn no_text_leads_off_the_site(path in "[/\\\\a-z:@.?#\t %]{0,24}") {
            let base = url::Url::parse("https://app.example").unwrap();
            let joined = base.join(safe_path(&path)).unwrap();
            prop_assert_eq!(joined.host_str(), Some("app.example"));
        }
    }
}
