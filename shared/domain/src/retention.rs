//! What is held, why, and for how long: the one table. Rows' ends of life, the buckets' rules and the privacy page follow it,
//! and tests compare all of them.

use crate::plan::{
    ACTIVITY_S, AUDIT_S, DAY_S, DELETED_ROW_S, EVENT_S, EXPORT_S, FINANCE_YEARS, GRACE_S, IDEMPOTENCY_S, MAIL_S,
    SESSION_S, TOMBSTONE_S, UNCLAIMED_UPLOAD_S, USAGE_S, WEBHOOK_DELIVERY_S,
};
use serde::Serialize;

/// Why something may be held (GDPR, Article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// To do what the person asked for.
    Contract,
    /// The law asks for it.
    LegalDuty,
    /// To keep the service safe.
    LegitimateInterest,
    /// The person chose it, and can take that back.
    Consent,
}

/// Something that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its name for programs.
    pub id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Why it may be held.
    pub basis: Basis,
    /// How its rows' sort keys begin, or under which prefix its objects lie; empty for what is outside both.
    pub place: &'static str,
    /// For how long, in words.
    pub kept: &'static str,
    /// The same in seconds, where a clock ends it.
    pub seconds: Option<i64>,
    /// Whether it is in an export.
    pub exported: bool,
    /// What the deletion of the account does with it.
    pub on_deletion: &'static str,
}

/// How long old versions of objects last, in days: the buckets' rule.
pub const OLD_VERSION_DAYS: i64 = 30;
/// How long the functions' logs last, in days: the templates' default.
pub const LOG_DAYS: i64 = 30;
/// How far back the table can be restored, in days.
pub const BACKUP_DAYS: i64 = 35;

/// Everything.
pub const HELD: &[Held] = &[
    Held {
        id: "profile",
        what: "Your name, e-mail address and number at Google (no picture), and the name you gave instead",
        purpose: "To know you again and to write to you about your account",
        basis: Basis::Contract,
        place: "PROFILE",
        kept: "As long as you have an account",
        seconds: None,
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "consents",
        what: "What you agreed to, chose and withdrew, with version and time",
        purpose: "To prove and to respect it",
        basis: Basis::LegalDuty,
        place: "CON#",
        kept: "As long as you have an account",
        seconds: None,
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "photos",
        what: "Photos you upload",
        purpose: "To make models of them",
        basis: Basis::Contract,
        place: "uploads/",
        kept: "Until you delete the model; one day if no model was asked for",
        seconds: Some(UNCLAIMED_UPLOAD_S),
        exported: true,
        on_deletion: "Deleted, all versions",
    },
    Held {
        id: "uploads",
        what: "The list of your uploads",
        purpose: "To connect photos and models",
        basis: Basis::Contract,
        place: "UPL#",
        kept: "Until you delete the model; one day if no model was asked for",
        seconds: Some(UNCLAIMED_UPLOAD_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "models",
        what: "Models, their pictures and reports",
        purpose: "So that you can see and download them",
        basis: Basis::Contract,
        place: "models/",
        kept: "Until you delete them",
        seconds: None,
        exported: true,
        on_deletion: "Deleted, all versions",
    },
    Held {
        id: "generations",
        what: "Your history: which models you asked for, when, with which choices, what came of it, and the names, tags and links for others that you gave them",
        purpose: "So that you find them again",
        basis: Basis::Contract,
        place: "GEN#",
        kept: "Until you delete them; 30 days more without photo, model and files, for questions about credits",
        seconds: Some(DELETED_ROW_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "wishes",
        what: "Keys that make a request that is sent twice count once",
        purpose: "So that nothing is charged twice",
        basis: Basis::Contract,
        place: "IDEM#",
        kept: "One day",
        seconds: Some(IDEMPOTENCY_S),
        exported: false,
        on_deletion: "Deleted",
    },
    Held {
        id: "books",
        what: "Credits bought, used and given back; payments with amount, currency, time and Stripe's number; never a card",
        purpose: "To run your account, and because the law asks for the books of a business",
        basis: Basis::LegalDuty,
        place: "ACCT#",
        kept: "As long as the law asks, ten years at most",
        seconds: Some(FINANCE_YEARS * 365 * DAY_S),
        exported: true,
        on_deletion: "Kept under a number that no longer leads to you; the link to Stripe is deleted, there and here",
    },
    Held {
        id: "stripe_events",
        what: "That Stripe told us of a payment (its number, no content)",
        purpose: "So that no payment counts twice",
        basis: Basis::LegalDuty,
        place: "EVT",
        kept: "90 days",
        seconds: Some(EVENT_S),
        exported: false,
        on_deletion: "Ends by itself; leads to nobody",
    },
    Held {
        id: "audit",
        what: "What operators of the service did by hand, such as credits given; of you only a hash of your number",
        purpose: "So that we can answer for it",
        basis: Basis::LegitimateInterest,
        place: "AUDIT#",
        kept: "400 days",
        seconds: Some(AUDIT_S),
        exported: false,
        on_deletion: "Ends by itself; leads to nobody who does not know your number",
    },
    Held {
        id: "sessions",
        what: "Where you are signed in: IP address, browser, system, time of last use",
        purpose: "To keep you signed in, and to show you who is",
        basis: Basis::Contract,
        place: "SES#",
        kept: "Until you sign out; 7 days without use, 30 days at most",
        seconds: Some(SESSION_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "api_keys",
        what: "Keys you made for programs: name, rights, limits, when made and last used; of the key itself only a hash",
        purpose: "So that your programs can work for you, and you can revoke them",
        basis: Basis::Contract,
        place: "KEY#",
        kept: "Until you revoke them or they end",
        seconds: None,
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "api_key_hashes",
        what: "Which hash of a key is whose",
        purpose: "To know a program by its key",
        basis: Basis::Contract,
        place: "KEYH",
        kept: "Until you revoke the key or it ends",
        seconds: None,
        exported: false,
        on_deletion: "Deleted",
    },
    Held {
        id: "webhooks",
        what: "Webhooks you made: address, what they hear of, how they stand; and the secret that signs what we send",
        purpose: "To tell your programs what became of your models",
        basis: Basis::Contract,
        place: "HOOKS",
        kept: "Until you delete them",
        seconds: None,
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "webhook_deliveries",
        what: "What your webhooks were told, and each try: time, status, duration; never what they answered",
        purpose: "To try again, and so that you can see and repeat it",
        basis: Basis::Contract,
        place: "DLV#",
        kept: "30 days",
        seconds: Some(WEBHOOK_DELIVERY_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "activity",
        what: "Sign-ins, purchases, exports, deletions and changes, with IP address, browser, system and time",
        purpose: "So that you and we notice misuse",
        basis: Basis::LegitimateInterest,
        place: "ACT#",
        kept: "90 days",
        seconds: Some(ACTIVITY_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "usage",
        what: "Which pages you use and when, if you allow it",
        purpose: "To see what needs improvement",
        basis: Basis::Consent,
        place: "USE#",
        kept: "90 days",
        seconds: Some(USAGE_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "exports",
        what: "Exports you asked for",
        purpose: "So that you can download them",
        basis: Basis::Contract,
        place: "exports/",
        kept: "7 days",
        seconds: Some(EXPORT_S),
        exported: false,
        on_deletion: "Deleted",
    },
    Held {
        id: "export_requests",
        what: "That you asked for an export",
        purpose: "To make it",
        basis: Basis::LegalDuty,
        place: "EXP#",
        kept: "7 days",
        seconds: Some(EXPORT_S),
        exported: true,
        on_deletion: "Deleted",
    },
    Held {
        id: "mails",
        what: "Mails to you that wait to be sent",
        purpose: "To send them",
        basis: Basis::Contract,
        place: "MAIL#",
        kept: "Until they are sent, 2 days at most",
        seconds: Some(MAIL_S),
        exported: false,
        on_deletion: "Deleted",
    },
    Held {
        id: "limits",
        what: "How often you or your IP address asked for something in the last minutes or hours",
        purpose: "To prevent misuse",
        basis: Basis::LegitimateInterest,
        place: "RL",
        kept: "One day at most",
        seconds: Some(DAY_S),
        exported: false,
        on_deletion: "Ends by itself within a day",
    },
    Held {
        id: "deletion",
        what: "That you asked for the deletion of your account",
        purpose: "To wait the days in which you can undo it, and then to do it",
        basis: Basis::LegalDuty,
        place: "ERASURE",
        kept: "7 days, until it is done",
        seconds: Some(GRACE_S),
        exported: true,
        on_deletion: "Replaced by a hash that leads to nobody without your number, for 90 days, so that no backup brings you back",
    },
    Held {
        id: "tombstones",
        what: "Hashes of a deleted account's numbers, with us and at Google",
        purpose: "So that a restored backup can be cleaned again, and free credits are given once",
        basis: Basis::LegalDuty,
        place: "TOMB",
        kept: "90 days",
        seconds: Some(TOMBSTONE_S),
        exported: false,
        on_deletion: "Ends by itself",
    },
    Held {
        id: "logs",
        what: "Technical logs: route, time, result and duration; no name, e-mail address, IP address or content",
        purpose: "To keep the service running",
        basis: Basis::LegitimateInterest,
        place: "",
        kept: "30 days",
        seconds: Some(LOG_DAYS * DAY_S),
        exported: false,
        on_deletion: "End by themselves",
    },
    Held {
        id: "backups",
        what: "Backups of the tables, and old versions of deleted photos and models",
        purpose: "So that a fault of ours loses nothing",
        basis: Basis::LegitimateInterest,
        place: "",
        kept: "35 days",
        seconds: Some(BACKUP_DAYS * DAY_S),
        exported: false,
        on_deletion: "End by themselves; old versions of what you delete are deleted at once",
    },
];

/// Somebody who handles data for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Processor {
    /// Who.
    pub name: &'static str,
    /// What for.
    pub does: &'static str,
    /// What they get.
    pub gets: &'static str,
    /// Where.
    pub place: &'static str,
}

/// Everybody who handles data for us.
pub const PROCESSORS: &[Processor] = &[
    Processor {
        name: "Amazon Web Services",
        does: "Runs the computers, the storage and the mail",
        gets: "Everything in the table above, encrypted where it lies",
        place: "The region that the operator chose",
    },
    Processor { name: "Google", does: "Signs you in", gets: "That you sign in here", place: "Google's own terms" },
    Processor {
        name: "Stripe",
        does: "Takes payments",
        gets: "Your e-mail address and what you buy; your card is seen by Stripe alone",
        place: "Stripe's own terms",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_and_numbers_say_the_same() {
        for held in HELD {
            let Some(seconds) = held.seconds else { continue };
            let days = seconds / DAY_S;
            let words = match days {
                1 => "day".to_owned(),
                3650 => "ten years".to_owned(),
                days => format!("{days} days"),
            };
            assert!(held.kept.to_lowercase().contains(&words), "{}: {} is not {words}", held.id, held.kept);
        }
    }

    #[test]
    fn every_place_and_every_name_is_there_once() {
        let names: BTreeSet<_> = HELD.iter().map(|held| held.id).collect();
        let places: Vec<_> = HELD.iter().map(|held| held.place).filter(|place| !place.is_empty()).collect();
        assert_eq!(names.len(), HELD.len());
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
    }
}
