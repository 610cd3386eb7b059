//! What the service writes to people: plain words, as text and as HTML.

use crate::Timestamp;
use crate::person::{Choices, Standing};
use serde::{Deserialize, Serialize};

/// Why somebody is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Occasion {
    /// A model is finished; sent only to those who asked for it.
    ModelReady {
        /// The generation.
        generation: String,
    },
    /// An export can be downloaded.
    ExportReady {
        /// Until when, RFC 3339.
        until: String,
    },
    /// The account will be deleted.
    DeletionBegun {
        /// When, RFC 3339.
        on: String,
    },
    /// Terms or privacy policy will change.
    PolicyChanged {
        /// The new version, a date.
        version: String,
    },
    /// A payment did not succeed.
    PaymentProblem,
    /// A webhook was switched off.
    WebhookOff {
        /// Its address.
        url: String,
        /// Whether it asked for that itself, by 410.
        gone: bool,
    },
}

/// A mail in the outbox. Whom it goes to is looked up when it is sent: no address lies around.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Why.
    #[serde(flatten)]
    pub occasion: Occasion,
    /// When it was written.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub at: Timestamp,
}

/// A mail as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// Where one stops such mails; for those that are not about the account itself.
    pub unsubscribe: Option<String>,
}

impl Occasion {
    /// The word in keys and logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::ModelReady { .. } => "model_ready",
            Self::ExportReady { .. } => "export_ready",
            Self::DeletionBegun { .. } => "deletion_begun",
            Self::PolicyChanged { .. } => "policy_changed",
            Self::PaymentProblem => "payment_problem",
            Self::WebhookOff { .. } => "webhook_off",
        }
    }

    /// Whether it may be sent: what is not about the account itself needs a choice, and whoever leaves hears only of that.
    pub fn may_go(&self, choices: Choices, standing: Standing) -> bool {
        match self {
            Self::ModelReady { .. } => choices.model_mails && standing == Standing::Good,
            Self::ExportReady { .. } | Self::DeletionBegun { .. } => standing != Standing::Erasing,
            Self::PolicyChanged { .. } | Self::PaymentProblem | Self::WebhookOff { .. } => {
                matches!(standing, Standing::Good | Standing::Blocked)
            }
        }
    }

    /// Writes it, with links into `site`.
    pub fn write(&self, site: &str) -> Written {
        let (subject, says, link, button) = match self {
            Self::ModelReady { generation } => (
                "Your 3D model is ready".to_owned(),
                "Your photo has become a 3D model. Turn it, and download it in the format you need.".to_owned(),
                format!("{site}/m/{generation}"),
                "See the model",
            ),
            Self::ExportReady { until } => (
                "Your export is ready".to_owned(),
                format!(
                    "The copy of everything that we hold about you can be downloaded until {}. It asks you to be signed in.",
                    day(until)
                ),
                format!("{site}/account"),
                "Download it",
            ),
            Self::DeletionBegun { on } => (
                "Your account will be deleted".to_owned(),
                format!(
                    "You asked us to delete your account. On {} everything in it goes for good: photos, models, history, credits. Until then you can undo it. If it was not you, sign in, undo it, and end all sessions.",
                    day(on)
                ),
                format!("{site}/account"),
                "Undo the deletion",
            ),
            Self::PolicyChanged { version } => (
                "Our privacy policy and terms change".to_owned(),
                format!(
                    "The texts of {version} say what is new at their top. If you do not agree, you can export and delete everything in your account."
                ),
                format!("{site}/privacy"),
                "Read what is new",
            ),
            Self::PaymentProblem => (
                "A payment did not succeed".to_owned(),
                "Your last payment to us did not succeed. Nothing is lost: your models and credits stay. Look after your card, or stop the plan, under Credits.".to_owned(),
                format!("{site}/credits"),
                "Look after it",
            ),
            Self::WebhookOff { url, gone } => (
                "A webhook was switched off".to_owned(),
                format!(
                    "We no longer send events to {url}: {}. The events of the last 30 days are kept. Switch it on again in your account, and send again what it missed.",
                    if *gone { "it answered 410, which says that it wants no more" } else { "every delivery failed for three days" }
                ),
                format!("{site}/account"),
                "Look after it",
            ),
        };
        let optional = matches!(self, Self::ModelReady { .. });
        let why = if optional {
            "You get this mail because you chose to. Change that in your account."
        } else {
            "This mail is about your account; you get it whatever you chose."
        };
        Written {
            text: format!("{says}\n\n{button}: {link}\n\n--\nImageTo3D, {site}\n{why}\n"),
            html: html(&says, &link, button, site, why),
            unsubscribe: optional.then(|| format!("{site}/account")),
            subject,
        }
    }
}

/// The day of an RFC 3339 time.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

fn html(says: &str, link: &str, button: &str, site: &str, why: &str) -> String {
    let [says, link, button, site, why] = [says, link, button, site, why].map(escaped);
    format!(
        "<!doctype html><html lang=\"en\"><body style=\"font:16px/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem\">\
         <p>{says}</p><p><a href=\"{link}\">{button}</a></p><hr><p><small>ImageTo3D, <a href=\"{site}\">{site}</a>. {why}</small></p></body></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_was_not_chosen_does_not_go_and_one_about_the_account_does() {
        let [none, all] = [false, true].map(|on| Choices { product_mails: on, usage_analysis: on, model_mails: on });
        let ready = Occasion::ModelReady { generation: "gen_1".to_owned() };
        assert!(!ready.may_go(none, Standing::Good) && ready.may_go(all, Standing::Good));
        assert!(!ready.may_go(all, Standing::Closing));
        let deletion = Occasion::DeletionBegun { on: String::new() };
        assert!(deletion.may_go(none, Standing::Closing) && !deletion.may_go(all, Standing::Erasing));
    }

    #[test]
    fn a_mail_says_the_same_as_text_and_as_html_and_optional_ones_can_be_stopped() {
        let site = "https://app.example";
        let ready = Occasion::ModelReady { generation: "gen_1\"><script>".to_owned() }.write(site);
        assert!(ready.text.contains("https://app.example/m/gen_1"));
        assert!(!ready.html.contains("<script>"));
        assert_eq!(ready.unsubscribe.as_deref(), Some("https://app.example/account"));
        let deletion = Occasion::DeletionBegun { on: "2026-12-02T10:00:00Z".to_owned() }.write(site);
        assert!(
            deletion.text.contains("On 2026-12-02 everything") && deletion.html.contains("On 2026-12-02 everything")
        );
        assert_eq!(deletion.unsubscribe, None);
    }
}
