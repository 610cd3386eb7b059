//! What Stripe knows an account by, and how its subscription stands.

use crate::ids::{AccountId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An account as a customer of Stripe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patron {
    /// Whose it is.
    pub account: AccountId,
    /// Stripe's id of the customer that pages are opened for, once there is one.
    pub customer: Option<String>,
    /// Customers that it was before: they go with the account too.
    #[serde(default)]
    pub earlier: BTreeSet<String>,
    /// The subscription that counts: one that runs, or the last one.
    pub subscription: Option<Subscription>,
    /// Whom mails about payments go to.
    #[serde(default)]
    pub user: Option<UserId>,
    /// The account was deleted: nothing that leads to the person is kept any more.
    #[serde(default)]
    pub closed: bool,
    /// Changes so far.
    pub version: u64,
}

/// How a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Stripe's id.
    pub id: String,
    /// Stripe's word for its state, such as `active`, `past_due`, `canceled`.
    pub status: String,
    /// It ends with the period that is paid.
    pub ends_with_period: bool,
    /// When that period ends, in seconds since 1970, if it is told.
    pub period_ends: Option<i64>,
    /// When it was told, in whole seconds.
    pub told: i64,
}

/// Whether nothing more will be paid of a subscription that stands so, in Stripe's word.
#[must_use]
pub fn is_over(status: &str) -> bool {
    matches!(status, "canceled" | "incomplete_expired")
}

impl Subscription {
    fn is_over(&self) -> bool {
        is_over(&self.status)
    }

    /// Which of two tellings counts: of one subscription its end is for good, then the later one; of two, the one that
    /// runs. Telling them in another order changes nothing.
    fn rank(&self) -> (bool, i64, bool, &str, &str) {
        (!self.is_over(), self.told, self.ends_with_period, &self.status, &self.id)
    }

    fn outdone_by(&self, other: &Self) -> bool {
        if self.id == other.id && self.is_over() != other.is_over() {
            return other.is_over();
        }
        other.rank() > self.rank()
    }
}

impl Patron {
    /// An account that Stripe does not know.
    #[must_use]
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            customer: None,
            earlier: BTreeSet::new(),
            subscription: None,
            user: None,
            closed: false,
            version: 0,
        }
    }

    /// What is known after something was told; nothing if that is nothing new.
    #[must_use]
    pub fn told(&self, customer: Option<&str>, subscription: Option<&Subscription>) -> Option<Self> {
        if self.closed {
            return None;
        }
        let mut after = self.clone();
        // One that is known changes nothing: of an earlier one events may still come.
        if let Some(customer) = customer
            && self.customers().all(|known| known != customer)
        {
            after.earlier.extend(after.customer.replace(customer.to_owned()));
        }
        if let Some(told) = subscription
            && after.subscription.as_ref().is_none_or(|known| known.outdone_by(told))
        {
            after.subscription = Some(told.clone());
        }
        (after != *self).then(|| Self { version: self.version + 1, ..after })
    }

    /// What is known after somebody of the account went to pay; nothing if that is nothing new.
    #[must_use]
    pub fn paid_by(&self, user: &UserId) -> Option<Self> {
        let known = self.closed || self.user.as_ref() == Some(user);
        (!known).then(|| Self { user: Some(user.clone()), version: self.version + 1, ..self.clone() })
    }

    /// Forgets the customer for good: events that come late change nothing any more.
    #[must_use]
    pub fn close(&self) -> Option<Self> {
        let closed = Self { closed: true, version: self.version, ..Self::new(self.account.clone()) };
        (closed != *self).then(|| Self { version: self.version + 1, ..closed })
    }

    /// All customers that it is or was.
    pub fn customers(&self) -> impl Iterator<Item = &str> {
        self.customer.iter().chain(&self.earlier).map(String::as_str)
    }

    /// A subscription that is paid or may still be.
    #[must_use]
    pub fn subscribed(&self) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|subscription| !subscription.is_over())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn subscription(id: &str, status: &str, told: i64) -> Subscription {
        Subscription { id: id.into(), status: status.into(), ends_with_period: false, period_ends: None, told }
    }

    #[test]
    fn what_was_forgotten_stays_forgotten() {
        let account = AccountId::fresh(Timestamp::from_second(0).unwrap(), [0; 10]);
        let known = Patron::new(account).told(Some("cus_0"), None).unwrap();
        let known = known.told(Some("cus_1"), Some(&subscription("sub_1", "active", 1))).unwrap();
        let closed = known.close().unwrap();
        assert_eq!((closed.customers().next(), closed.subscribed(), closed.close()), (None, None, None));
        assert_eq!(closed.told(Some("cus_2"), Some(&subscription("sub_1", "canceled", 2))), None);
    }

    #[test]
    fn no_customer_is_forgotten_and_the_newest_counts() {
        let account = AccountId::fresh(Timestamp::from_second(0).unwrap(), [0; 10]);
        let all = |patron: &Patron| patron.customers().map(ToOwned::to_owned).collect::<Vec<_>>();
        let first = Patron::new(account).told(Some("cus_2"), None).unwrap();
        let second = first.told(Some("cus_1"), None).unwrap();
        assert_eq!(all(&second), ["cus_1", "cus_2"]);
        for known in ["cus_1", "cus_2"] {
            assert_eq!(second.told(Some(known), None), None, "an event that comes late");
        }
        assert_eq!(all(&second.told(Some("cus_3"), None).unwrap()), ["cus_3", "cus_1", "cus_2"]);
    }

    #[test]
    fn the_order_of_what_is_told_of_a_subscription_changes_nothing() {
        let tellings = [
            subscription("sub_1", "incomplete", 1),
            subscription("sub_1", "active", 1),
            subscription("sub_1", "canceled", 2),
            subscription("sub_1", "active", 3),
        ];
        let account = AccountId::fresh(Timestamp::from_second(0).unwrap(), [0; 10]);
        for first in 0..4 {
            for step in [1, 3] {
                let order = (0..4).map(|at| &tellings[(first + at * step) % 4]);
                let end = order
                    .fold(Patron::new(account.clone()), |patron, told| patron.told(None, Some(told)).unwrap_or(patron));
                assert_eq!(end.subscription, Some(tellings[2].clone()));
                assert_eq!(end.subscribed(), None);
                let again = end.told(Some("cus_1"), Some(&subscription("sub_2", "active", 1))).unwrap();
                assert_eq!(again.subscribed().map(|known| known.id.as_str()), Some("sub_2"));
                assert_eq!(again.told(Some("cus_1"), Some(&tellings[2])), None);
            }
        }
    }
}
