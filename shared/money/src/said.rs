//! What an event says, in our words.

use domain::ids::AccountId;
use domain::patron::Subscription;
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
    /// A checkout that began a subscription, and the invoice that its first month is paid by.
    Begun {
        /// Stripe's id of the checkout.
        checkout: String,
        /// Stripe's id of the invoice.
        invoice: String,
    },
    /// How the subscription of an account stands.
    Subscription(AccountId, Subscription),
    /// Something that only Stripe can make clear: it is asked later.
    AskStripe,
    /// Nothing that changes anything.
    Nothing,
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
struct Customer {
    customer: Option<Reference>,
    metadata: Option<Marks>,
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
    invoice: Option<Reference>,
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
            "charge.dispute.created" | "charge.dispute.funds_withdrawn" | "charge.dispute.closed" => self.dispute(),
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
            let Checkout { id, invoice, .. } = checkout;
            let begun = |invoice: Reference| Said::Begun { checkout: id, invoice: invoice.into() };
            return Ok(invoice.map_or(Said::Nothing, begun));
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
            // Only asked about. The money stays until it becomes a real one, and then it is told that it was withdrawn.
            warning if warning.starts_with("warning") && self.kind != "charge.dispute.funds_withdrawn" => {
                return Ok(Said::Nothing);
            }
            _ => Dispute::Open,
        };
        Ok(payment_intent
            .map_or(Said::Nothing, |intent| Said::Fact(Fact::Dispute { intent: intent.into(), id, state })))
    }

    fn subscription(&self) -> Result<Said, Unfit> {
        let subscribed: Subscribed = self.object()?;
        let (account, _) = marks(&subscribed.id, subscribed.metadata)?;
        let first = subscribed.items.and_then(|items| items.data.into_iter().next());
        let subscription = Subscription {
            id: subscribed.id,
            status: subscribed.status,
            ends_with_period: subscribed.cancel_at_period_end,
            period_ends: first.and_then(|item| item.current_period_end),
            told: self.created,
        };
        Ok(Said::Subscription(account, subscription))
    }

    /// Whose payment did not succeed, if this tells that.
    pub fn unpaid(&self) -> Option<AccountId> {
        let marks = match self.kind.as_str() {
            "checkout.session.async_payment_failed" => self.object::<Customer>().ok()?.metadata,
            "invoice.payment_failed" => self.object::<Invoice>().ok()?.parent?.subscription_details?.metadata,
            _ => None,
        };
        marks?.acct.and_then(|account| AccountId::parse(&account).ok())
    }

    /// Which customer an account became, if this tells it.
    pub fn customer(&self) -> Option<(AccountId, String)> {
        let Customer { customer, metadata } = self.object().ok()?;
        let account = metadata?.acct.and_then(|account| AccountId::parse(&account).ok())?;
        Some((account, customer?.into()))
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
mod tests;
