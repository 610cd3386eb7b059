//! What the privacy page promises, as data: the page, the templates' lifecycle rules and tests of rows read this one file.

use domain::person::MAX_NAME;
use domain::retention::{BACKUP_DAYS, HELD, LOG_DAYS, OLD_VERSION_DAYS, PROCESSORS};
use domain::{limits, plan};
use serde_json::{Value, json};

/// The whole document.
pub fn document() -> Value {
    let limits: Vec<Value> = limits::ALL
        .iter()
        .copied()
        .flatten()
        .map(|limit| {
            let whom = match limit.whom {
                limits::Whom::Person => "person",
                limits::Whom::Address => "address",
                limits::Whom::Key => "key",
            };
            json!({ "what": limit.name, "per": whom, "most": limit.most, "seconds": limit.window_s })
        })
        .collect();
    json!({
        "terms_version": plan::TERMS_VERSION,
        "privacy_version": plan::PRIVACY_VERSION,
        "min_age": plan::MIN_AGE,
        "max_name": MAX_NAME,
        "grace_days": plan::GRACE_S / plan::DAY_S,
        "finance_years": plan::FINANCE_YEARS,
        "old_version_days": OLD_VERSION_DAYS,
        "export_days": plan::EXPORT_S / plan::DAY_S,
        "unclaimed_upload_days": plan::UNCLAIMED_UPLOAD_S / plan::DAY_S,
        "log_days": LOG_DAYS,
        "backup_days": BACKUP_DAYS,
        "held": HELD,
        "processors": PROCESSORS,
        "limits": limits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `I3D_WRITE=1 cargo test -p api` writes the file anew.
    #[test]
    fn the_committed_document_of_promises_is_what_the_code_says() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("promise.json");
        let said = format!("{:#}\n", document());
        if std::env::vars().any(|(name, _)| name == "I3D_WRITE") {
            std::fs::write(&file, &said).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == said, "promise.json is not what the code says: run `make openapi`");
    }
}
