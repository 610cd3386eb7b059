//! What we ask of Stripe: a page to pay on, and a page to look after what was bought.
//!
//! The client is Stripe's community's; the answers are read by structs of our own, which need only what is used.

use std::time::Duration;

use domain::ids::AccountId;
use domain::plan::Product;
use serde::Serialize;
use stripe_client_core::{CustomizableStripeRequest, RequestBuilder, StripeMethod};
use stripe_rust::{ApiErrorsCode, ApiErrorsType, Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError};

/// How long one call may take: the function itself has fifteen seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where Stripe is.
const STRIPE: &str = "https://api.stripe.com/";

/// Stripe, as this stage knows it.
pub struct Stripe {
    client: Client,
}

/// Why Stripe cannot be asked at all. Never says the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripeSetting {
    /// A test key on a live stage, or the other way.
    #[error("the key is not of the mode {mode}")]
    OtherMode {
        /// The stage's mode.
        mode: String,
    },
    /// Real money goes to Stripe only.
    #[error("the mode live asks {STRIPE} and nobody else")]
    OtherPlace,
    /// A key that no header can hold.
    #[error("the key cannot be used")]
    BadKey,
}

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripeFault {
    /// Stripe says no; asking again would not help.
    #[error("Stripe answered {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Stripe's words.
        message: String,
    },
    /// The key was used for another wish.
    #[error("the Idempotency-Key belongs to another wish")]
    KeyReused,
    /// Stripe no longer knows the customer: somebody deleted it there.
    #[error("Stripe does not know the customer")]
    NoCustomer,
    /// No answer, or one that cannot be read: nothing is known, ask again with the same key.
    #[error("Stripe cannot be reached: {0}")]
    Unreachable(String),
}

/// Who wants to buy.
pub struct Buyer<'a> {
    /// Whose credits.
    pub account: &'a AccountId,
    /// Stripe's id, if it knows the account already.
    pub customer: Option<&'a str>,
    /// Filled in for a new customer.
    pub email: Option<&'a str>,
}

#[derive(miniserde::Deserialize)]
struct Page {
    url: Option<String>,
}

/// An answer of which nothing is needed.
#[derive(miniserde::Deserialize)]
struct Gone {}

#[derive(Serialize)]
struct Checkout<'a> {
    mode: &'a str,
    client_reference_id: String,
    success_url: String,
    cancel_url: String,
    line_items: [Line<'a>; 1],
    metadata: Marks<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent_data: Option<Marked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_data: Option<Marked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_creation: Option<&'a str>,
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
struct Marks<'a> {
    acct: String,
    product: &'a str,
}

#[derive(Serialize)]
struct Marked<'a> {
    metadata: Marks<'a>,
}

#[derive(Serialize)]
struct Switch {
    enabled: bool,
}

#[derive(Serialize)]
struct Portal<'a> {
    customer: &'a str,
    return_url: String,
}

impl Stripe {
    /// Makes a client. `place` is Stripe, or a stand-in where no money moves.
    pub fn new(key: &str, mode: &str, place: Option<&str>) -> Result<Self, StripeSetting> {
        let wanted = [format!("sk_{mode}_"), format!("rk_{mode}_")];
        if !wanted.iter().any(|prefix| key.starts_with(prefix.as_str())) {
            return Err(StripeSetting::OtherMode { mode: mode.to_owned() });
        }
        let place = place.unwrap_or(STRIPE);
        if mode == "live" && place != STRIPE {
            return Err(StripeSetting::OtherPlace);
        }
        let client = ClientBuilder::new(key).url(place).timeout(PATIENCE).build().map_err(|_| StripeSetting::BadKey)?;
        Ok(Self { client })
    }

    /// Opens a page on which a product is paid, and gives its address. The same key and wish give the same page.
    pub async fn checkout(
        &self,
        buyer: &Buyer<'_>,
        (product, currency, price): (&Product, &str, u64),
        site: &str,
        with_tax: bool,
        key: &str,
    ) -> Result<String, StripeFault> {
        let name = format!("{}@{}", product.id, product.version);
        let marks = Marks { acct: buyer.account.to_string(), product: &name };
        let marked = || Some(Marked { metadata: marks.clone() });
        let once = !product.every_month;
        let form = Checkout {
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
            metadata: marks.clone(),
            customer: buyer.customer,
            customer_email: if buyer.customer.is_none() { buyer.email } else { None },
            customer_creation: (once && buyer.customer.is_none()).then_some("always"),
            automatic_tax: Switch { enabled: with_tax },
        };
        let request = RequestBuilder::new(StripeMethod::Post, "/checkout/sessions").form(&form).customize();
        self.page(request, Some(key)).await
    }

    /// Opens the page for cards, invoices and cancelling, and gives its address.
    pub async fn portal(&self, customer: &str, site: &str) -> Result<String, StripeFault> {
        let form = Portal { customer, return_url: format!("{site}/credits") };
        self.page(RequestBuilder::new(StripeMethod::Post, "/billing_portal/sessions").form(&form).customize(), None)
            .await
    }

    /// Deletes a customer, with cards and a subscription that runs. What was paid stays in Stripe's books.
    pub async fn delete_customer(&self, customer: &str) -> Result<(), StripeFault> {
        let path = format!("/customers/{customer}");
        let request: CustomizableStripeRequest<Gone> = RequestBuilder::new(StripeMethod::Delete, path).customize();
        request.request_strategy(RequestStrategy::Once).send(&self.client).await.map(|_| ()).map_err(fault)
    }

    async fn page(&self, request: CustomizableStripeRequest<Page>, key: Option<&str>) -> Result<String, StripeFault> {
        let strategy = match key.map(IdempotencyKey::new).transpose() {
            Ok(Some(key)) => RequestStrategy::Idempotent(key),
            Ok(None) => RequestStrategy::Once,
            Err(fault) => return Err(StripeFault::Refused { status: 400, message: fault.to_string() }),
        };
        let page = request.request_strategy(strategy).send(&self.client).await.map_err(fault)?;
        page.url.ok_or_else(|| StripeFault::Unreachable("the answer has no address".to_owned()))
    }
}

/// What a failed call means.
fn fault(error: StripeError) -> StripeFault {
    match error {
        StripeError::Stripe(error, _) if error.type_ == ApiErrorsType::IdempotencyError => StripeFault::KeyReused,
        StripeError::Stripe(error, _) if error.code == Some(ApiErrorsCode::ResourceMissing) => StripeFault::NoCustomer,
        StripeError::Stripe(error, status) if status < 500 && status != 429 => {
            StripeFault::Refused { status, message: error.message.unwrap_or_default() }
        }
        other => StripeFault::Unreachable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_places_of_another_mode_are_refused() {
        let refused = |key, mode, place| Stripe::new(key, mode, place).err();
        assert_eq!(refused("sk_test_1", "live", None), Some(StripeSetting::OtherMode { mode: "live".into() }));
        assert_eq!(refused("rk_live_1", "test", None), Some(StripeSetting::OtherMode { mode: "test".into() }));
        assert_eq!(refused("sk_live_1", "live", Some("http://127.0.0.1:1/")), Some(StripeSetting::OtherPlace));
        assert_eq!(refused("sk_test_\n", "test", None), Some(StripeSetting::BadKey));
        assert_eq!(refused("rk_test_1", "test", Some("http://127.0.0.1:1/")), None);
    }
}
