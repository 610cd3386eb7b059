//! What other clocks should have done long ago: whoever stands still, or is kept from its work, cannot say so itself.

use cloud::{CloudError, Due, Table};
use domain::{after, plan};

/// Exports and deletions that nobody has worked on, at most 100 of each who should have.
pub(crate) async fn count(table: &Table) -> Result<u32, CloudError> {
    let long_ago = after(edge::now(), -plan::OVERDUE_S);
    let privacy = table.due(Due::Privacy, long_ago).await?.len();
    let stripe = table.due(Due::Stripe, long_ago).await?.len();
    Ok(u32::try_from(privacy + stripe).unwrap_or(u32::MAX))
}
