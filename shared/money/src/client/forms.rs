//! What is written into the requests to Stripe.

use super::Buyer;
use domain::ids::AccountId;
use domain::plan::Product;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct NewCustomer {
    metadata: Owner,
}

#[derive(Serialize)]
struct Owner {
    acct: String,
}

impl NewCustomer {
    pub(super) fn of(account: &AccountId) -> Self {
        Self { metadata: Owner { acct: account.to_string() } }
    }
}

#[derive(Serialize)]
pub(super) struct CustomerEmail<'a> {
    pub(super) email: &'a str,
}

#[derive(Serialize)]
pub(super) struct Portal<'a> {
    pub(super) customer: &'a str,
    pub(super) return_url: String,
}

/// Which of a customer's things to list: as many as Stripe lists at once.
#[derive(Serialize)]
pub(super) struct OfCustomer<'a> {
    customer: &'a str,
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) starting_after: Option<String>,
}

impl<'a> OfCustomer<'a> {
    pub(super) fn new(customer: &'a str) -> Self {
        Self { customer, limit: 100, status: None, starting_after: None }
    }

    pub(super) fn open_pages(customer: &'a str) -> Self {
        Self { status: Some("open"), ..Self::new(customer) }
    }
}

#[derive(Serialize)]
pub(super) struct Checkout<'a> {
    mode: &'a str,
    client_reference_id: String,
    success_url: String,
    cancel_url: String,
    line_items: [Line<'a>; 1],
    metadata: Marks,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent_data: Option<Marked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_data: Option<Marked>,
    customer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_update: Option<CustomerUpdate>,
    automatic_tax: Switch,
}

#[derive(Serialize)]
struct Line<'a> {
    quantity: u32,
    price_data: Price<'a>,
}

#[derive(Serialize)]
struct Price<'a> {
    currency: &'a str,
    unit_amount: u64,
    product_data: Named<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurring: Option<Every<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Every<'a> {
    interval: &'a str,
}

/// What every event of the purchase brings back: see `said.rs`.
#[derive(Serialize, Clone)]
struct Marks {
    acct: String,
    product: String,
}

#[derive(Serialize)]
struct Marked {
    metadata: Marks,
}

#[derive(Serialize)]
struct Switch {
    enabled: bool,
}

#[derive(Serialize)]
struct CustomerUpdate {
    address: &'static str,
}

impl<'a> Checkout<'a> {
    pub(super) fn of(
        buyer: Buyer<'a>,
        (product, currency, price): (&'a Product, &'a str, u64),
        site: &str,
        with_tax: bool,
    ) -> Self {
        let marks = Marks { acct: buyer.account.to_string(), product: format!("{}@{}", product.id, product.version) };
        let marked = || Some(Marked { metadata: marks.clone() });
        let once = !product.every_month;
        Self {
            mode: if once { "payment" } else { "subscription" },
            client_reference_id: buyer.account.to_string(),
            // Stripe puts the session's id there.
            success_url: format!("{site}/credits?checkout={{CHECKOUT_SESSION_ID}}"),
            cancel_url: format!("{site}/credits"),
            line_items: [Line {
                quantity: 1,
                price_data: Price {
                    currency,
                    unit_amount: price,
                    product_data: Named { name: product.name },
                    recurring: (!once).then_some(Every { interval: "month" }),
                },
            }],
            payment_intent_data: if once { marked() } else { None },
            subscription_data: if once { None } else { marked() },
            metadata: marks,
            customer: buyer.customer,
            // Tax needs an address. Stripe refuses a known customer whose address it may not take from the page.
            customer_update: with_tax.then_some(CustomerUpdate { address: "auto" }),
            automatic_tax: Switch { enabled: with_tax },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::plan;
    use serde_json::{Value, json};

    fn form(product: &str, with_tax: bool) -> Value {
        let account = AccountId::parse("acct_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let buyer = Buyer { account: &account, customer: "cus_1" };
        let sold = (plan::product(product, 1).unwrap(), "eur", 500);
        serde_json::to_value(Checkout::of(buyer, sold, "https://site", with_tax)).unwrap()
    }

    #[test]
    fn every_page_is_of_the_customer_and_marks_what_it_begins() {
        let marks = json!({ "acct": "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "product": "starter@1" });
        let once = form("starter", false);
        assert_eq!((&once["customer"], &once["mode"]), (&json!("cus_1"), &json!("payment")));
        assert_eq!((&once["metadata"], &once["payment_intent_data"]["metadata"]), (&marks, &marks));
        let monthly = form("monthly", false);
        assert_eq!((&monthly["customer"], &monthly["mode"]), (&json!("cus_1"), &json!("subscription")));
        assert_eq!(monthly["subscription_data"]["metadata"]["product"], "monthly@1");
        assert_eq!(monthly["payment_intent_data"], Value::Null);
    }

    #[test]
    fn a_page_with_tax_takes_the_address_from_the_page() {
        let taxed = form("starter", true);
        assert_eq!(
            (&taxed["automatic_tax"]["enabled"], &taxed["customer_update"]),
            (&json!(true), &json!({ "address": "auto" }))
        );
        assert_eq!(form("starter", false)["customer_update"], Value::Null);
    }
}
