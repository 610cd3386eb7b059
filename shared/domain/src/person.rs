//! A person: who they are, what they agreed to, what they chose, and whether they may use the service.

use crate::ids::{AccountId, UserId};
use crate::session::Person;
use crate::{Timestamp, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The person.
    pub user: UserId,
    /// Whose books bear the person's work.
    pub account: AccountId,
    /// The identity provider.
    pub issuer: String,
    /// The person's lasting id there.
    pub subject: String,
    /// What the identity provider says.
    #[serde(flatten)]
    pub person: Person,
    /// The name that the person gave instead.
    pub own_name: Option<String>,
    /// What the person agreed to; nothing before the first step is done.
    pub agreed: Option<Agreement>,
    /// What the person chose.
    #[serde(default)]
    pub choices: Choices,
    /// Whether the person may use the service.
    pub standing: Standing,
    /// When the person first signed in.
    #[serde(with = "ms")]
    pub created: Timestamp,
    /// Changes so far.
    pub version: u64,
}

/// Terms and privacy policy as they were agreed to, by a person who said to be old enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The terms' version, a date.
    pub terms: String,
    /// The privacy policy's version, a date.
    pub privacy: String,
    /// When.
    #[serde(with = "ms")]
    pub at: Timestamp,
}

/// What may be done beyond the service itself; each is off until it is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// E-mails about new features and offers.
    pub product_mails: bool,
    /// Which pages and functions are used, to improve them.
    pub usage_analysis: bool,
    /// An e-mail when a model is finished.
    pub model_mails: bool,
}

/// Whether a person may use the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Yes.
    Good,
    /// The operator says no.
    Blocked,
    /// The account will be deleted, and this can be undone.
    Closing,
    /// The account is being deleted.
    Erasing,
}

/// What is agreed to, chosen or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The terms.
    Terms,
    /// The privacy policy.
    Privacy,
    /// To be at least [`plan::MIN_AGE`] years old.
    Age,
    /// E-mails about new features and offers.
    ProductMails,
    /// Usage analysis.
    UsageAnalysis,
    /// An e-mail when a model is finished.
    ModelMails,
}

impl Purpose {
    /// The word in keys and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::Age => "age",
            Self::ProductMails => "product_mails",
            Self::UsageAnalysis => "usage_analysis",
            Self::ModelMails => "model_mails",
        }
    }
}

/// One agreement, choice or withdrawal, as it stays on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// Given or withdrawn.
    pub granted: bool,
    /// The version of the policy that explained it, a date.
    pub version: String,
    /// When.
    #[serde(with = "ms")]
    pub at: Timestamp,
}

/// Why a person may not do what they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StandingError {
    /// The first step is not done.
    #[error("say that you are at least {} years old and agree to the terms first", plan::MIN_AGE)]
    NotWelcomed,
    /// The operator says no.
    #[error("this account is blocked; you can still export and delete what is in it")]
    Blocked,
    /// The account will be deleted.
    #[error("this account is about to be deleted; undo the deletion first")]
    Closing,
}

/// Why the first step does not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WelcomeError {
    /// Too young.
    #[error("the service is for people of at least {} years", plan::MIN_AGE)]
    UnderAge,
    /// Another text than the one in force.
    #[error("the texts in force are of {} and {}", plan::TERMS_VERSION, plan::PRIVACY_VERSION)]
    OtherVersion,
}

/// Whether a text can be a name, of a person or of a thing of theirs.
pub fn is_name(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// Which name is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {MAX_NAME} characters, none of them a control character")]
pub struct NameError;

impl Profile {
    /// A person who signs in for the first time.
    #[must_use]
    pub fn new(
        (user, account): (UserId, AccountId),
        (issuer, subject): (&str, &str),
        person: Person,
        now: Timestamp,
    ) -> Self {
        Self {
            user,
            account,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            person,
            own_name: None,
            agreed: None,
            choices: Choices::default(),
            standing: Standing::Good,
            created: now,
            version: 1,
        }
    }

    /// The name to show: the person's own word first.
    pub fn name(&self) -> Option<&str> {
        self.own_name.as_deref().or(self.person.name.as_deref())
    }

    /// The profile after the provider told about the person again. What the person corrected stays.
    #[must_use]
    pub fn told(&self, person: Person) -> Self {
        Self { person, ..self.next() }
    }

    /// The profile with another name, or with the provider's again.
    pub fn named(&self, name: Option<&str>) -> Result<Self, NameError> {
        let name = name.map(str::trim);
        if name.is_some_and(|name| !is_name(name)) {
            return Err(NameError);
        }
        Ok(Self { own_name: name.map(ToOwned::to_owned), ..self.next() })
    }

    /// Takes the first step, or agrees to texts that changed. The consents go on record with it.
    pub fn welcomed(
        &self,
        old_enough: bool,
        (terms, privacy): (&str, &str),
        now: Timestamp,
    ) -> Result<(Self, Vec<Consent>), WelcomeError> {
        if !old_enough {
            return Err(WelcomeError::UnderAge);
        }
        if (terms, privacy) != (plan::TERMS_VERSION, plan::PRIVACY_VERSION) {
            return Err(WelcomeError::OtherVersion);
        }
        let agreed = Agreement { terms: terms.to_owned(), privacy: privacy.to_owned(), at: now };
        let consent = |purpose, version: &str| Consent { purpose, granted: true, version: version.to_owned(), at: now };
        let consents =
            vec![consent(Purpose::Age, terms), consent(Purpose::Terms, terms), consent(Purpose::Privacy, privacy)];
        Ok((Self { agreed: Some(agreed), ..self.next() }, consents))
    }

    /// Changes what the person chose; one consent for each difference. No difference, no consent, no change.
    pub fn choosing(&self, choices: Choices, now: Timestamp) -> (Self, Vec<Consent>) {
        let before = self.choices;
        let asked = [
            (Purpose::ProductMails, before.product_mails, choices.product_mails),
            (Purpose::UsageAnalysis, before.usage_analysis, choices.usage_analysis),
            (Purpose::ModelMails, before.model_mails, choices.model_mails),
        ];
        let changed = asked.into_iter().filter(|(_, before, now)| before != now).map(|(purpose, _, granted)| Consent {
            purpose,
            granted,
            version: plan::PRIVACY_VERSION.to_owned(),
            at: now,
        });
        (Self { choices, ..self.next() }, changed.collect())
    }

    /// The profile with another standing.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> Self {
        Self { standing, ..self.next() }
    }

    /// Whether the person may order, upload and buy.
    pub fn may_use(&self) -> Result<(), StandingError> {
        match self.standing {
            Standing::Good if self.agreed.is_none() => Err(StandingError::NotWelcomed),
            Standing::Good => Ok(()),
            Standing::Blocked => Err(StandingError::Blocked),
            Standing::Closing | Standing::Erasing => Err(StandingError::Closing),
        }
    }

    /// Whether the texts in force are others than those agreed to.
    pub fn has_news(&self) -> bool {
        self.agreed.as_ref().is_some_and(|agreed| {
            (agreed.terms.as_str(), agreed.privacy.as_str()) != (plan::TERMS_VERSION, plan::PRIVACY_VERSION)
        })
    }

    /// The same at its next version: written along with what must not happen twice at once.
    #[must_use]
    pub fn moved(&self) -> Self {
        self.next()
    }

    fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).unwrap()
    }

    fn profile() -> Profile {
        let ids = (UserId::fresh(now(), [1; 10]), AccountId::fresh(now(), [2; 10]));
        Profile::new(ids, ("https://issuer.example", "7"), Person::default(), now())
    }

    const TEXTS: (&str, &str) = (plan::TERMS_VERSION, plan::PRIVACY_VERSION);

    #[test]
    fn nothing_is_used_before_the_first_step_and_after_the_last() {
        assert_eq!(profile().may_use(), Err(StandingError::NotWelcomed));
        let (welcome, consents) = profile().welcomed(true, TEXTS, now()).unwrap();
        assert_eq!((welcome.may_use(), consents.len()), (Ok(()), 3));
        assert_eq!(welcome.standing(Standing::Blocked).may_use(), Err(StandingError::Blocked));
        assert_eq!(welcome.standing(Standing::Closing).may_use(), Err(StandingError::Closing));
        assert_eq!(profile().welcomed(false, TEXTS, now()), Err(WelcomeError::UnderAge));
        assert_eq!(profile().welcomed(true, ("2020-01-01", TEXTS.1), now()), Err(WelcomeError::OtherVersion));
    }

    #[test]
    fn a_choice_is_on_record_once_for_each_change() {
        let wanted = Choices { usage_analysis: true, ..Choices::default() };
        let (chosen, consents) = profile().choosing(wanted, now());
        assert_eq!(
            consents.iter().map(|c| (c.purpose, c.granted)).collect::<Vec<_>>(),
            [(Purpose::UsageAnalysis, true)]
        );
        assert_eq!(chosen.choosing(wanted, now()).1, []);
        assert_eq!(chosen.choosing(Choices::default(), now()).1.len(), 1);
    }

    #[test]
    fn what_a_person_corrected_outlives_the_next_sign_in() {
        let corrected = profile().named(Some("  Zoë ")).unwrap();
        let told = corrected.told(Person { name: Some("Zoe".to_owned()), email: None });
        assert_eq!(told.name(), Some("Zoë"));
        assert_eq!(told.named(None).unwrap().name(), Some("Zoe"));
        for name in ["", "   ", "a\u{7}b", &"x".repeat(101)] {
            assert_eq!(profile().named(Some(name)), Err(NameError), "{name:?}");
        }
    }
}
