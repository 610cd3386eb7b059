//! The bodies of what concerns a person: profile, consents, sessions, activity, exports, deletion.

use domain::activity::Activity;
use domain::export::{Export, ExportState};
use domain::person::{Choices, Consent, Profile};
use domain::session::Session;
use domain::{Timestamp, plan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Corrects the profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// The name to use instead of the provider's, 1 to 100 characters; `null` takes the provider's again.
    #[schema(required = true, min_length = 1, max_length = 100)]
    pub name: Option<String>,
}

/// The first step after the first sign-in, or the agreement to texts that changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// Whether the person is at least 16 years old. `false` deletes the account at once.
    pub old_enough: bool,
    /// The version of the terms that the person has seen.
    #[schema(example = "2026-11-25")]
    pub terms: String,
    /// The version of the privacy policy that the person has seen.
    #[schema(example = "2026-11-26")]
    pub privacy: String,
}

/// What may be done beyond the service itself; each is off until it is chosen.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Choices)]
pub struct ChoicesBody {
    /// E-mails about new features and offers.
    pub product_mails: bool,
    /// Which pages are used, to improve them.
    pub usage_analysis: bool,
    /// An e-mail when a model is finished.
    pub model_mails: bool,
}

impl From<Choices> for ChoicesBody {
    fn from(choices: Choices) -> Self {
        let Choices { product_mails, usage_analysis, model_mails } = choices;
        Self { product_mails, usage_analysis, model_mails }
    }
}

impl From<ChoicesBody> for Choices {
    fn from(body: ChoicesBody) -> Self {
        let ChoicesBody { product_mails, usage_analysis, model_mails } = body;
        Self { product_mails, usage_analysis, model_mails }
    }
}

/// One agreement, choice or withdrawal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentView {
    /// `terms`, `privacy`, `age`, `product_mails`, `usage_analysis` or `model_mails`.
    pub purpose: &'static str,
    /// Given, or withdrawn.
    pub granted: bool,
    /// The version of the text that explained it.
    pub version: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
}

impl From<&Consent> for ConsentView {
    fn from(consent: &Consent) -> Self {
        Self {
            purpose: consent.purpose.word(),
            granted: consent.granted,
            version: consent.version.clone(),
            at: consent.at.to_string(),
        }
    }
}

/// What a person agreed to and chose.
#[derive(Debug, Serialize, ToSchema)]
pub struct Privacy {
    /// What is chosen now.
    pub choices: ChoicesBody,
    /// The browser sent Global Privacy Control: no usage is analysed, whatever was chosen. Nothing is ever sold or shared.
    pub global_privacy_control: bool,
    /// Every agreement, choice and withdrawal so far, newest first.
    pub consents: Vec<ConsentView>,
}

/// A sign-in on one browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Its id.
    #[schema(example = "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When the person signed in.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// When it was last used, to ten minutes.
    #[schema(format = DateTime)]
    pub used_at: String,
    /// When it ends at the latest.
    #[schema(format = DateTime)]
    pub ends_at: String,
    /// The IP address of its last use.
    pub address: String,
    /// The browser's family.
    pub browser: String,
    /// The system's family.
    pub system: String,
}

impl SessionView {
    /// The session as its owner sees it from `current`.
    pub fn new(session: &Session, current: &Session) -> Self {
        Self {
            id: session.session.to_string(),
            current: session.session == current.session,
            opened_at: session.opened.to_string(),
            used_at: session.used.to_string(),
            ends_at: session.ends.to_string(),
            address: session.place.address.clone(),
            browser: session.place.browser.clone(),
            system: session.place.system.clone(),
        }
    }
}

/// All sessions that stand, last used first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// The sessions.
    pub items: Vec<SessionView>,
}

/// One line of the security activity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Activity)]
pub struct ActivityView {
    /// `signed_in`, `session_ended`, `all_sessions_ended`, `profile_changed`, `choices_changed`, `generation_deleted`,
    /// `purchase_begun`, `key_created`, `key_revoked`, `webhooks_changed`, `export_begun`, `export_taken`, `deletion_begun`, `deletion_undone`, `blocked` or `unblocked`.
    #[schema(value_type = String)]
    pub deed: domain::activity::Deed,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// From which IP address.
    pub address: String,
    /// With which browser.
    pub browser: String,
    /// On which system.
    pub system: String,
}

impl From<&Activity> for ActivityView {
    fn from(activity: &Activity) -> Self {
        let Activity { deed, place, at } = activity.clone();
        Self { deed, at: at.to_string(), address: place.address, browser: place.browser, system: place.system }
    }
}

/// A page of the security activity, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityPage {
    /// The page.
    pub items: Vec<ActivityView>,
    /// Ask with it for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// One file of an export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportFile)]
pub struct ExportFileView {
    /// Its name.
    #[schema(example = "export-1.zip")]
    pub name: String,
    /// Where to get it; it redirects to a link that works for five minutes.
    pub url: String,
    /// Its size.
    pub bytes: u64,
}

/// A copy of everything that is held of a person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub struct ExportView {
    /// Its id.
    #[schema(example = "exp_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub id: String,
    /// `making`, then `ready` until `ends_at`.
    #[schema(schema_with = export_states)]
    pub state: ExportState,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub asked_at: String,
    /// When it is deleted; `null` while it is being made.
    #[schema(required = true, format = DateTime)]
    pub ends_at: Option<String>,
    /// The files that can be downloaded, once ready.
    pub files: Vec<ExportFileView>,
}

fn export_states() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["making", "ready"]))
        .build()
}

impl ExportView {
    /// The export as its owner sees it at `now`.
    pub fn new(export: &Export, now: Timestamp) -> Self {
        let files = export.files.iter().filter(|_| export.is_ready(now)).map(|file| ExportFileView {
            name: file.name.clone(),
            url: format!("/api/me/exports/{}/files/{}", export.id, file.name),
            bytes: file.bytes,
        });
        Self {
            id: export.id.to_string(),
            state: export.state,
            asked_at: export.asked.to_string(),
            ends_at: export.ends.map(|ends| ends.to_string()),
            files: files.collect(),
        }
    }
}

/// The exports that can be had, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exports {
    /// The exports.
    pub items: Vec<ExportView>,
}

/// A deletion that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deletion {
    /// When it begins; until then it can be undone.
    #[schema(format = DateTime)]
    pub begins_at: String,
    /// What is kept by law, and for how long.
    pub kept: String,
}

impl Deletion {
    /// A deletion that begins then.
    pub fn new(begins: Timestamp) -> Self {
        let kept = format!(
            "Payment records stay for up to {} years, under a number that no longer leads to you: the law asks for it.",
            plan::FINANCE_YEARS
        );
        Self { begins_at: begins.to_string(), kept }
    }
}

/// A page of the site that was looked at; kept only if the person allows usage analysis.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageView {
    /// `home`, `model`, `credits`, `account`, `privacy` or `terms`.
    #[schema(schema_with = page_names)]
    pub page: String,
}

/// The pages that can be named.
pub const PAGES: [&str; 6] = ["home", "model", "credits", "account", "privacy", "terms"];

fn page_names() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(PAGES))
        .build()
}

/// Deletes several generations.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deletions {
    /// Which, 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    pub ids: Vec<String>,
}

/// What came of deleting several generations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    /// Deleted now.
    pub deleted: Vec<String>,
    /// Not there.
    pub missing: Vec<String>,
}

/// How the first step stands, for [`crate::types::Me`].
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeState {
    /// Not done: nothing else works yet.
    Needed,
    /// Done; the texts have changed since.
    News,
    /// Done.
    Done,
}

impl From<&Profile> for WelcomeState {
    fn from(profile: &Profile) -> Self {
        match profile.agreed {
            None => Self::Needed,
            Some(_) if profile.has_news() => Self::News,
            Some(_) => Self::Done,
        }
    }
}
