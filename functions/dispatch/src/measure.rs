//! Writes down how long things take. Nobody's model waits for it, and nobody's fails by it.

use cloud::{CloudError, Table};
use domain::Timestamp;
use domain::fleet::Fleet;

/// The fleet was found asleep.
pub(crate) async fn asleep(table: &Table) {
    write(table, |fleet| fleet.asleep(edge::now())).await;
}

/// A model claimed at `begun` is there.
pub(crate) async fn served(table: &Table, begun: Timestamp, now: Timestamp) {
    write(table, |fleet| Some(fleet.served(begun, now))).await;
}

async fn write(table: &Table, change: impl Fn(&Fleet) -> Option<Fleet>) {
    let written = async {
        match change(&table.fleet().await?) {
            Some(next) => table.change_fleet(&next).await,
            None => Ok(()),
        }
    };
    match written.await {
        // Another worker measured at the same time: its figure stands for both.
        Ok(()) | Err(CloudError::Raced) => {}
        Err(error) => tracing::warn!(why = %error, "a measurement of the fleet is lost: {error}"),
    }
}
