//! Identifiers: a prefix that says what it names, and 26 characters that sort by birth.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Crockford's base 32: no I, L, O, U, so that an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters after the prefix: 48 bits of milliseconds and 80 bits of chance.
const BODY: usize = 26;
/// How many of them are chance.
const CHANCE: usize = 16;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is {prefix} followed by {BODY} characters of Crockford's base 32")]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// Ten random bytes, drawn where dice are allowed.
pub type Dice = [u8; 10];

fn write(prefix: &str, now: Timestamp, dice: Dice) -> String {
    let ms = u64::try_from(now.as_millisecond()).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
    let mut bits = u128::from(ms) << 80;
    for (index, byte) in dice.iter().enumerate() {
        bits |= u128::from(*byte) << (72 - 8 * index);
    }
    let mut text = String::with_capacity(prefix.len() + BODY);
    text.push_str(prefix);
    for place in (0..BODY).rev() {
        let digit = (bits >> (5 * place)) & 31;
        text.push(char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]));
    }
    text
}

fn read(prefix: &'static str, text: &str) -> Result<String, IdError> {
    let body = text.strip_prefix(prefix).ok_or(IdError { prefix })?;
    let whole = body.len() == BODY && body.bytes().all(|byte| ALPHABET.contains(&byte)) && body.as_bytes()[0] <= b'7';
    if whole { Ok(text.to_owned()) } else { Err(IdError { prefix }) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;
            /// Makes a new id from the clock and ten random bytes.
            #[must_use]
            pub fn fresh(now: Timestamp, dice: Dice) -> Self {
                Self(write($prefix, now, dice))
            }
            /// Reads an id at the door.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                read($prefix, text).map(Self)
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(
    /// A person.
    UserId, "usr_"
);
id!(
    /// A person's books; outlives the person, because payment records must.
    AccountId, "acct_"
);
id!(
    /// A sign-in of a person on one browser.
    SessionId, "ses_"
);
id!(
    /// A photo that was, or may be, uploaded.
    UploadId, "upl_"
);
id!(
    /// One photo becoming one model.
    GenerationId, "gen_"
);
id!(
    /// A copy of everything that is held of a person.
    ExportId, "exp_"
);
id!(
    /// Where a person's programs hear what happens.
    WebhookId, "whk_"
);
id!(
    /// Something that webhooks are told.
    EventId, "evt_"
);

impl EventId {
    /// The end of a generation: sorts by its time, and is the same whenever it is made of the same end.
    pub fn of(generation: &GenerationId, ended: Timestamp) -> Self {
        let mut text = write(Self::PREFIX, ended, [0; 10]);
        let chance = Self::PREFIX.len() + BODY - CHANCE;
        text.truncate(chance);
        text.push_str(&generation.0[GenerationId::PREFIX.len() + BODY - CHANCE..]);
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_made_later_sorts_later() {
        let early = GenerationId::fresh(Timestamp::from_millisecond(1_000).unwrap(), [255; 10]);
        let late = GenerationId::fresh(Timestamp::from_millisecond(1_001).unwrap(), [0; 10]);
        assert!(early < late);
        assert_eq!(GenerationId::parse(early.as_str()).unwrap(), early);
    }

    #[test]
    fn a_path_is_not_an_id() {
        for text in [
            "gen_../../../../../../etc/pass",
            "gen_",
            "",
            "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "gen_01arz3ndektsv4rrffq69g5fav",
        ] {
            assert!(GenerationId::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_but_a_well_formed_id_is_read(text in ".{0,64}") {
            if let Ok(id) = GenerationId::parse(&text) {
                prop_assert!(id.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
                prop_assert_eq!(id.as_str().len(), 30);
            }
        }
        #[test]
        fn every_fresh_id_is_read_back(ms in 0i64..4_000_000_000_000, dice in any::<[u8; 10]>()) {
            let id = UploadId::fresh(Timestamp::from_millisecond(ms).unwrap(), dice);
            prop_assert_eq!(UploadId::parse(id.as_str()), Ok(id.clone()));
        }
    }
}
