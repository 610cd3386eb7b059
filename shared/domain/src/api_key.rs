//! Keys with which programs call the API in a person's name: how they are written, what they may do, how long they last.

use crate::ids::{AccountId, UserId};
use crate::options::Fault;
use crate::person::is_name;
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::{optional as ms_opt, required as ms};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a key begins with, so that people and scanners of secrets know it for one.
const LIVE: &str = "i3d_live_";
/// The same of a key for tests, which costs nothing and makes nothing real.
const TEST: &str = "i3d_test_";
/// Characters that name a key: shown in lists, and no secret.
const ID: usize = 8;
/// Characters that are the secret: 190 bits.
const SECRET: usize = 32;
/// Hexadecimal digits of the CRC-32 of all before it.
const CHECK: usize = 8;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Four random bytes for each character.
pub type KeyDice = [u8; 4 * (ID + SECRET)];

/// A key's name in rows and addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

/// Why a text names no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is named by {ID} letters and digits")]
pub struct KeyIdError;

impl TryFrom<String> for KeyId {
    type Error = KeyIdError;
    fn try_from(text: String) -> Result<Self, KeyIdError> {
        if is_base62(&text, ID) { Ok(Self(text)) } else { Err(KeyIdError) }
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A whole key. It is shown once and kept nowhere; it has no `Debug`, so that no log can show it.
pub struct Secret(String);

impl Secret {
    /// Makes a new one of random bytes, for tests or not.
    #[must_use]
    pub fn fresh(dice: &KeyDice, test: bool) -> Self {
        let characters = dice.chunks_exact(4).map(|four| {
            let number = four.iter().fold(0, |all, byte| all << 8 | usize::from(*byte));
            char::from(BASE62[number % BASE62.len()])
        });
        let characters: String = characters.collect();
        let (id, secret) = characters.split_at(ID);
        let prefix = if test { TEST } else { LIVE };
        let body = format!("{prefix}{id}_{secret}");
        Self(format!("{body}_{}", check(&body)))
    }

    /// Reads one as it was sent. The checksum finds what was cut short or mistyped without a look at the table.
    pub fn parse(text: &str) -> Option<Self> {
        let (body, sum) = text.rsplit_once('_')?;
        let (id, secret) = body.strip_prefix(LIVE).or_else(|| body.strip_prefix(TEST))?.split_once('_')?;
        let whole = is_base62(id, ID) && is_base62(secret, SECRET) && sum.len() == CHECK && sum == check(body);
        whole.then(|| Self(text.to_owned()))
    }

    /// The part that names it.
    pub fn id(&self) -> KeyId {
        KeyId(self.0[LIVE.len()..LIVE.len() + ID].to_owned())
    }

    /// What is stored instead of it. Plain SHA-256: there is nothing to guess in 190 random bits.
    pub fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }

    /// Shows it, once.
    pub fn reveal(self) -> String {
        self.0
    }
}

fn check(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

fn is_base62(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See generations and download their files.
    Read,
    /// Upload photos and make models of them.
    Create,
    /// Delete generations.
    Delete,
}

impl Scope {
    /// All.
    pub const ALL: [Self; 3] = [Self::Read, Self::Create, Self::Delete];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Delete => "delete",
        }
    }
}

/// A key as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its name in lists: the part of it that is no secret.
    pub id: KeyId,
    /// Whose it is.
    pub user: UserId,
    /// The person's books.
    pub account: AccountId,
    /// SHA-256 of the whole key, hex.
    pub hash: String,
    /// What the person calls it.
    pub name: String,
    /// Whether it is for tests: its generations are samples and cost nothing, and it sees no others.
    #[serde(default)]
    pub test: bool,
    /// What it may do, each once.
    pub scopes: Vec<Scope>,
    /// Generations a day that it may create.
    pub daily_creations: u32,
    /// Generations of it that may be queued or running at once.
    #[serde(default = "usual_concurrency")]
    pub concurrent: u32,
    /// When it was made.
    #[serde(with = "ms")]
    pub created: Timestamp,
    /// When it was last used, to [`plan::KEY_SEEN_S`].
    #[serde(with = "ms_opt")]
    pub used: Option<Timestamp>,
    /// When it ends, if it does by itself.
    #[serde(with = "ms_opt")]
    pub ends: Option<Timestamp>,
}

/// That of keys of before one could say it.
fn usual_concurrency() -> u32 {
    plan::KEY_CONCURRENT
}

impl ApiKey {
    /// Whether it still opens anything. The table deletes ended rows late, so the row alone does not say it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }

    /// The key as used now, if that is worth a write.
    pub fn seen(&self, now: Timestamp) -> Option<Self> {
        let known = self.used.is_some_and(|used| now < after(used, plan::KEY_SEEN_S));
        (!known).then(|| Self { used: Some(now), ..self.clone() })
    }
}

/// What a person wants of a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyWish {
    /// What the person calls it.
    pub name: String,
    /// Whether it is for tests.
    pub test: bool,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Days until it ends; without, it lasts until it is revoked.
    pub days: Option<u32>,
    /// Generations a day that it may create.
    pub daily_creations: u32,
    /// Generations of it that may be queued or running at once.
    pub concurrent: u32,
}

impl KeyWish {
    /// Every field outside its limits, so that a person mends all at once.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut demand = |fits: bool, field, limit: String| {
            if !fits {
                faults.push(Fault { field, limit });
            }
        };
        demand(is_name(self.name.trim()), "name", crate::person::NameError.to_string());
        demand(!self.scopes.is_empty(), "scopes", "must name at least one".to_owned());
        let days = 1..=plan::MAX_KEY_DAYS;
        demand(
            self.days.is_none_or(|wanted| days.contains(&wanted)),
            "expires_in_days",
            format!("must be between 1 and {}", plan::MAX_KEY_DAYS),
        );
        demand(
            (1..=plan::MAX_KEY_CREATIONS).contains(&self.daily_creations),
            "daily_creations",
            format!("must be between 1 and {}", plan::MAX_KEY_CREATIONS),
        );
        demand(
            (1..=plan::MAX_OPEN_GENERATIONS).contains(&self.concurrent),
            "concurrent",
            format!("must be between 1 and {}", plan::MAX_OPEN_GENERATIONS),
        );
        faults
    }

    /// The key's row; whoever calls has asked for faults.
    #[must_use]
    pub fn grant(&self, secret: &Secret, user: UserId, account: AccountId, now: Timestamp) -> ApiKey {
        let scopes = Scope::ALL.into_iter().filter(|scope| self.scopes.contains(scope)).collect();
        ApiKey {
            id: secret.id(),
            user,
            account,
            hash: secret.hash(),
            name: self.name.trim().to_owned(),
            test: self.test,
            scopes,
            daily_creations: self.daily_creations,
            concurrent: self.concurrent,
            created: now,
            used: None,
            ends: self.days.map(|days| after(now, i64::from(days) * plan::DAY_S)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).unwrap()
    }

    fn wish() -> KeyWish {
        let scopes = vec![Scope::Delete, Scope::Read, Scope::Read];
        KeyWish {
            name: " My printer ".to_owned(),
            test: false,
            scopes,
            days: Some(1),
            daily_creations: 5,
            concurrent: 2,
        }
    }

    fn key() -> ApiKey {
        let (user, account) = (UserId::fresh(now(), [1; 10]), AccountId::fresh(now(), [2; 10]));
        wish().grant(&Secret::fresh(&[7; 160], false), user, account, now())
    }

    #[test]
    fn a_key_is_written_as_promised_and_its_row_does_not_hold_it() {
        let secret = Secret::fresh(&[7; 160], false);
        let (id, hash, text) = (secret.id(), secret.hash(), secret.reveal());
        assert_eq!(text, "i3d_live_33333333_33333333333333333333333333333333_8190814c");
        assert_eq!((id.to_string(), hash.len()), ("33333333".to_owned(), 64));
        assert!(!serde_json::to_string(&key()).unwrap().contains("3333_3"));
    }

    #[test]
    fn a_key_ends_at_its_hour_and_its_use_is_written_now_and_then() {
        let key = key();
        assert_eq!((key.name.as_str(), key.scopes.as_slice()), ("My printer", [Scope::Read, Scope::Delete].as_slice()));
        assert!(key.is_live(after(now(), plan::DAY_S - 1)) && !key.is_live(after(now(), plan::DAY_S)));
        assert!(ApiKey { ends: None, ..key.clone() }.is_live(Timestamp::MAX));
        let used = key.seen(now()).unwrap();
        assert_eq!(used.seen(after(now(), plan::KEY_SEEN_S - 1)), None);
        assert!(used.seen(after(now(), plan::KEY_SEEN_S)).is_some());
    }

    #[test]
    fn every_fault_of_a_wish_is_named_at_once() {
        assert_eq!(wish().faults(), []);
        let bad = KeyWish {
            name: "\u{7}".to_owned(),
            test: true,
            scopes: vec![],
            days: Some(0),
            daily_creations: 0,
            concurrent: 0,
        };
        let fields: Vec<_> = bad.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "scopes", "expires_in_days", "daily_creations", "concurrent"]);
    }

    proptest! {
        #[test]
        fn every_fresh_key_is_read_back_and_no_other_letter_is(dice in proptest::collection::vec(any::<u8>(), 160), test: bool, place in 0_usize..58) {
            let secret = Secret::fresh(&dice.try_into().unwrap(), test);
            let (hash, text) = (secret.hash(), secret.reveal());
            prop_assert_eq!(Secret::parse(&text).map(|read| read.hash()), Some(hash));
            let mut typed = text.into_bytes();
            typed[place] = if typed[place] == b'x' { b'y' } else { b'x' };
            prop_assert!(Secret::parse(&String::from_utf8(typed).unwrap()).is_none());
        }
        #[test]
        fn no_text_but_a_well_formed_key_is_read(text in ".{0,80}") {
            prop_assert!(Secret::parse(&text).is_none());
        }
    }
}
