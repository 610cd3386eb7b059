//! The end of a generation, and the messages for webhooks that follow from it.

use crate::Meter;
use ::cloud::{CloudError, Queue, Table};
use api::job::Errand;
use domain::Timestamp;
use domain::generation::Generation;
use domain::webhook::Delivery;

/// Ends a generation: its row, its credits and what webhooks are told in one transaction, then the messages and the metrics.
/// [`CloudError::Raced`] if `before` no longer stands.
pub async fn end(
    table: &Table,
    errands: &Queue,
    meter: &Meter,
    before: &Generation,
    ended: &Generation,
) -> Result<(), CloudError> {
    let told = table.end_generation(before, ended).await?;
    send_for(errands, &told, ended.updated).await;
    meter.ended(ended);
    Ok(())
}

/// A message for each delivery that is due within a quarter of an hour, the longest that a queue holds one back. A message that
/// cannot be sent, and a delivery that is due later, are found by the clock of `upkeep`: the row is what counts.
pub async fn send_for(queue: &Queue, deliveries: &[Delivery], now: Timestamp) {
    for delivery in deliveries {
        let Some(wait_s) = delivery.wait_s(now).filter(|wait_s| *wait_s <= Queue::LONGEST_DELAY_S) else { continue };
        if let Err(error) = queue.send_later(Errand::of(delivery).text(), wait_s).await {
            tracing::warn!(event.id = %delivery.event, why = %error, "event {} waits for the clock: {error}", delivery.event);
        }
    }
}
