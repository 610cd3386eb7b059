//! What an event says, in our words.

use domain::ids::AccountId;
use domain::payment::{Dispute, Fact, Money, Outcome};
use domain::plan;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::event::Event;

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Something about money.
    Fact(Fact),
    /// How a subscription stands.
    Subscription(Subscription),
    /// Something that only Stripe can make clear: it is asked later.
    AskStripe,
    /// Nothing that changes anything.
    Nothing,
}

/// How a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Stripe's id.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// Stripe's word for its state, such as `active`, `past_due`, `canceled`.
    pub status: String,
    /// It ends with the period that is paid.
    pub ends_with_period: bool,
    /// When that period ends, in seconds since 1970, if it is told.
    pub period_ends: Option<i64>,
    /// When it was told, in whole seconds.
    pub told: i64,
}

/// Why an event that is signed and known still has no effect: somebody must look at it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A field that is needed is missing or another thing.
    #[error("{kind} cannot be read: {reason}")]
    Unreadable {
        /// The event's type.
        kind: String,
        /// What is missing.
        reason: String,
    },
    /// It is of a product that we do not sell.
    #[error("{id} is of the product {product:?}, which there is not")]
    UnknownProduct {
        /// The purchase.
        id: String,
        /// `product@version` as Stripe has it.
        product: String,
    },
    /// It names no account of ours, or two.
    #[error("{id} names no account, or not one and the same everywhere")]
    UnknownAccount {
        /// The purchase.
        id: String,
    },
}

/// What we write on each purchase when it is begun, and read on every event of it.
#[derive(Debug, Default, Deserialize)]
struct Marks {
    acct: Option<String>,
    product: Option<String>,
}

/// An id, alone or within the object that Stripe put in its place.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Reference {
    Id(String),
    Object { id: String },
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Id(id) | Reference::Object { id } => id,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Checkout {
    id: String,
    mode: String,
    payment_status: String,
    client_reference_id: Option<String>,
    #[serde(default)]
    metadata: Option<Marks>,
    amount_total: Option<u64>,
    currency: Option<String>,
    payment_intent: Option<Reference>,
}

#[derive(Debug, Deserialize)]
struct Invoice {
    id: String,
    billing_reason: Option<String>,
    amount_paid: u64,
    currency: String,
    parent: Option<Parent>,
}

#[derive(Debug, Deserialize)]
struct Parent {
    subscription_details: Option<SubscriptionDetails>,
}

#[derive(Debug, Deserialize)]
struct SubscriptionDetails {
    metadata: Option<Marks>,
}

#[derive(Debug, Deserialize)]
struct InvoicePayment {
    invoice: Reference,
    payment: PaidBy,
}

#[derive(Debug, Deserialize)]
struct PaidBy {
    payment_intent: Option<Reference>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    payment_intent: Option<Reference>,
    amount_refunded: u64,
}

#[derive(Debug, Deserialize)]
struct Disputed {
    id: String,
    payment_intent: Option<Reference>,
    status: String,
}

#[derive(Debug, Deserialize)]
struct Subscribed {
    id: String,
    status: String,
    #[serde(default)]
    cancel_at_period_end: bool,
    metadata: Option<Marks>,
    items: Option<Items>,
}

#[derive(Debug, Deserialize)]
struct Items {
    data: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    current_period_end: Option<i64>,
}

impl Event {
    /// What it says. Amounts are Stripe's, credits are our table's; neither was ever the browser's.
    pub fn says(&self) -> Result<Said, Unfit> {
        match self.kind.as_str() {
            "checkout.session.completed" => self.checkout(None),
            "checkout.session.async_payment_succeeded" => self.checkout(Some(Outcome::Paid)),
            "checkout.session.async_payment_failed" => self.checkout(Some(Outcome::Failed)),
            "checkout.session.expired" => self.checkout(Some(Outcome::Expired)),
            "invoice.paid" => self.invoice(),
            "invoice_payment.paid" => self.invoice_payment(),
            "charge.refunded" => self.refund(),
            "charge.dispute.created" | "charge.dispute.closed" => self.dispute(),
            "refund.failed" => Ok(Said::AskStripe),
            kind if kind.starts_with("customer.subscription.") => self.subscription(),
            _ => Ok(Said::Nothing),
        }
    }

    fn object<T: DeserializeOwned>(&self) -> Result<T, Unfit> {
        T::deserialize(&self.object)
            .map_err(|error| Unfit::Unreadable { kind: self.kind.clone(), reason: error.to_string() })
    }

    fn checkout(&self, told: Option<Outcome>) -> Result<Said, Unfit> {
        let checkout: Checkout = self.object()?;
        // Of a subscription the invoices tell, the first as all others.
        if checkout.mode != "payment" {
            return Ok(Said::Nothing);
        }
        let paid = matches!(checkout.payment_status.as_str(), "paid" | "no_payment_required");
        // The status decides, not the event's name.
        let outcome = match told {
            None | Some(Outcome::Paid) if paid => Outcome::Paid,
            None | Some(Outcome::Paid) => Outcome::Pending,
            Some(other) => other,
        };
        let Checkout { id, client_reference_id, metadata, amount_total, currency, payment_intent, .. } = checkout;
        let (account, product) = marks(&id, metadata)?;
        if client_reference_id.is_some_and(|reference| reference != account.to_string()) {
            return Err(Unfit::UnknownAccount { id });
        }
        let paid = Money { minor: amount_total.unwrap_or_default(), currency: currency.unwrap_or_default() };
        purchase(id, account, product, paid, outcome, payment_intent)
    }

    fn invoice(&self) -> Result<Said, Unfit> {
        let invoice: Invoice = self.object()?;
        if !matches!(invoice.billing_reason.as_deref(), Some("subscription_create" | "subscription_cycle")) {
            return Ok(Said::Nothing);
        }
        let details = invoice.parent.and_then(|parent| parent.subscription_details);
        let (account, product) = marks(&invoice.id, details.and_then(|details| details.metadata))?;
        let paid = Money { minor: invoice.amount_paid, currency: invoice.currency };
        purchase(invoice.id, account, product, paid, Outcome::Paid, None)
    }

    fn invoice_payment(&self) -> Result<Said, Unfit> {
        let InvoicePayment { invoice, payment } = self.object()?;
        Ok(payment
            .payment_intent
            .map_or(Said::Nothing, |intent| Said::Fact(Fact::Link { id: invoice.into(), intent: intent.into() })))
    }

    fn refund(&self) -> Result<Said, Unfit> {
        let Charge { payment_intent, amount_refunded } = self.object()?;
        Ok(payment_intent.map_or(Said::Nothing, |intent| {
            Said::Fact(Fact::Refund { intent: intent.into(), refunded: amount_refunded })
        }))
    }

    fn dispute(&self) -> Result<Said, Unfit> {
        let Disputed { id, payment_intent, status } = self.object()?;
        let state = match status.as_str() {
            "won" => Dispute::Won,
            "lost" => Dispute::Lost,
            // Only asked about: the money stays until it becomes a real one.
            warning if warning.starts_with("warning") => return Ok(Said::Nothing),
            _ => Dispute::Open,
        };
        Ok(payment_intent
            .map_or(Said::Nothing, |intent| Said::Fact(Fact::Dispute { intent: intent.into(), id, state })))
    }

    fn subscription(&self) -> Result<Said, Unfit> {
        let subscribed: Subscribed = self.object()?;
        let (account, _) = marks(&subscribed.id, subscribed.metadata)?;
        let first = subscribed.items.and_then(|items| items.data.into_iter().next());
        Ok(Said::Subscription(Subscription {
            id: subscribed.id,
            account,
            status: subscribed.status,
            ends_with_period: subscribed.cancel_at_period_end,
            period_ends: first.and_then(|item| item.current_period_end),
            told: self.created,
        }))
    }
}

fn marks(id: &str, marks: Option<Marks>) -> Result<(AccountId, String), Unfit> {
    let Marks { acct, product } = marks.unwrap_or_default();
    let account = acct.and_then(|account| AccountId::parse(&account).ok());
    let account = account.ok_or_else(|| Unfit::UnknownAccount { id: id.to_owned() })?;
    Ok((account, product.unwrap_or_default()))
}

fn purchase(
    id: String,
    account: AccountId,
    product: String,
    paid: Money,
    outcome: Outcome,
    intent: Option<Reference>,
) -> Result<Said, Unfit> {
    let known = product.split_once('@').and_then(|(id, version)| plan::product(id, version.parse().ok()?));
    let Some(known) = known else { return Err(Unfit::UnknownProduct { id, product }) };
    let intent = intent.map(String::from);
    Ok(Said::Fact(Fact::Purchase { id, account, product, credits: known.credits, paid, outcome, intent }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ACCOUNT: &str = "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn says(kind: &str, object: Value) -> Result<Said, Unfit> {
        Event { id: "evt_1".into(), kind: kind.into(), live: false, created: 9, object }.says()
    }

    fn account() -> AccountId {
        AccountId::parse(ACCOUNT).unwrap()
    }

    fn session(more: &Value) -> Value {
        let mut session = json!({
            "id": "cs_1", "mode": "payment", "payment_status": "paid", "client_reference_id": ACCOUNT,
            "metadata": { "acct": ACCOUNT, "product": "starter@1", "other": "x" },
            "amount_total": 595, "currency": "eur", "payment_intent": "pi_1", "something_new": { "a": [1] },
        });
        for (name, value) in more.as_object().unwrap() {
            session[name] = value.clone();
        }
        session
    }

    fn outcome(said: &Result<Said, Unfit>) -> Option<Outcome> {
        match said {
            Ok(Said::Fact(Fact::Purchase { outcome, .. })) => Some(*outcome),
            _ => None,
        }
    }

    #[test]
    fn a_checkout_is_worth_what_our_table_says_and_cost_what_stripe_says() {
        let wanted = Fact::Purchase {
            id: "cs_1".into(),
            account: account(),
            product: "starter@1".into(),
            credits: 20,
            paid: Money { minor: 595, currency: "eur".into() },
            outcome: Outcome::Paid,
            intent: Some("pi_1".into()),
        };
        assert_eq!(says("checkout.session.completed", session(&json!({}))), Ok(Said::Fact(wanted.clone())));
        let expanded = session(&json!({ "payment_intent": { "id": "pi_1", "amount": 595 } }));
        assert_eq!(says("checkout.session.completed", expanded), Ok(Said::Fact(wanted)));
    }

    #[test]
    fn the_status_decides_and_not_the_event_s_name() {
        let cases = [
            ("checkout.session.completed", "unpaid", Outcome::Pending),
            ("checkout.session.completed", "no_payment_required", Outcome::Paid),
            ("checkout.session.async_payment_succeeded", "paid", Outcome::Paid),
            ("checkout.session.async_payment_succeeded", "unpaid", Outcome::Pending),
            ("checkout.session.async_payment_failed", "unpaid", Outcome::Failed),
            ("checkout.session.expired", "unpaid", Outcome::Expired),
        ];
        for (kind, status, wanted) in cases {
            let said = says(kind, session(&json!({ "payment_status": status })));
            assert_eq!(outcome(&said), Some(wanted), "{kind} {status}");
        }
    }

    #[test]
    fn a_purchase_that_does_not_fit_is_shown_to_somebody() {
        let completed = |more: Value| says("checkout.session.completed", session(&more)).unwrap_err().to_string();
        let other = "acct_01ARZ3NDEKTSV4RRFFQ69G5FAW";
        assert_eq!(
            completed(json!({ "client_reference_id": other })),
            "cs_1 names no account, or not one and the same everywhere"
        );
        assert!(completed(json!({ "metadata": null })).contains("names no account"));
        let product = json!({ "metadata": { "acct": ACCOUNT, "product": "starter@9" } });
        assert_eq!(completed(product), "cs_1 is of the product \"starter@9\", which there is not");
        assert!(completed(json!({ "mode": 7 })).starts_with("checkout.session.completed cannot be read: invalid type"));
    }

    #[test]
    fn the_invoices_of_a_subscription_are_purchases_and_other_invoices_are_not() {
        let invoice = |reason: &str| {
            json!({
                "id": "in_1", "billing_reason": reason, "amount_paid": 900, "currency": "usd",
                "parent": { "type": "subscription_details", "subscription_details": {
                    "subscription": "sub_1", "metadata": { "acct": ACCOUNT, "product": "monthly@1" } } },
            })
        };
        for reason in ["subscription_create", "subscription_cycle"] {
            let said = says("invoice.paid", invoice(reason));
            assert!(matches!(&said, Ok(Said::Fact(Fact::Purchase { credits: 60, .. }))), "{said:?}");
        }
        assert_eq!(says("invoice.paid", invoice("manual")), Ok(Said::Nothing));
        assert_eq!(says("checkout.session.completed", session(&json!({ "mode": "subscription" }))), Ok(Said::Nothing));
        let link = json!({ "invoice": "in_1", "payment": { "type": "payment_intent", "payment_intent": "pi_1" } });
        let wanted = Fact::Link { id: "in_1".into(), intent: "pi_1".into() };
        assert_eq!(says("invoice_payment.paid", link), Ok(Said::Fact(wanted)));
    }

    #[test]
    fn refunds_and_disputes_name_their_payment() {
        let refunded = json!({ "id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 150 });
        let wanted = Fact::Refund { intent: "pi_1".into(), refunded: 150 };
        assert_eq!(says("charge.refunded", refunded), Ok(Said::Fact(wanted)));
        let dispute = |status: &str| json!({ "id": "dp_1", "payment_intent": "pi_1", "status": status });
        let fact = |state| Ok(Said::Fact(Fact::Dispute { intent: "pi_1".into(), id: "dp_1".into(), state }));
        assert_eq!(says("charge.dispute.created", dispute("needs_response")), fact(Dispute::Open));
        assert_eq!(says("charge.dispute.closed", dispute("won")), fact(Dispute::Won));
        assert_eq!(says("charge.dispute.closed", dispute("lost")), fact(Dispute::Lost));
        assert_eq!(says("charge.dispute.created", dispute("warning_needs_response")), Ok(Said::Nothing));
        assert_eq!(says("refund.failed", json!({})), Ok(Said::AskStripe));
    }

    #[test]
    fn a_subscription_tells_how_it_stands() {
        let object = json!({
            "id": "sub_1", "status": "active", "cancel_at_period_end": true, "metadata": { "acct": ACCOUNT },
            "items": { "data": [{ "current_period_end": 1_800_000_000 }] },
        });
        let wanted = Subscription {
            id: "sub_1".into(),
            account: account(),
            status: "active".into(),
            ends_with_period: true,
            period_ends: Some(1_800_000_000),
            told: 9,
        };
        assert_eq!(says("customer.subscription.updated", object), Ok(Said::Subscription(wanted)));
    }
}
