//! What we ask of Stripe: a customer for an account, pages to pay on, and a page to look after what was bought.
//!
//! The client is Stripe's community's; the answers are read by structs of our own, which need only what is used.

use std::time::Duration;

use domain::ids::AccountId;
use domain::patron;
use domain::plan::Product;
use forms::{Checkout, CustomerEmail, NewCustomer, OfCustomer, Portal};
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_rust::{ApiErrorsCode, ApiErrorsType, Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError};

/// How long one call may take: the function itself has fifteen seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where Stripe is.
const STRIPE: &str = "https://api.stripe.com/";

mod forms;

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
#[derive(Clone, Copy)]
pub struct Buyer<'a> {
    /// Whose credits.
    pub account: &'a AccountId,
    /// Stripe's id of the account: with no customer named, each page would make its own.
    pub customer: &'a str,
}

/// A page of Stripe's.
pub struct Page {
    /// Stripe's id of it.
    pub id: String,
    /// Go there.
    pub url: String,
}

#[derive(miniserde::Deserialize)]
struct Opened {
    id: String,
    url: Option<String>,
}

/// An answer of which nothing else is needed.
#[derive(miniserde::Deserialize)]
struct Done {
    id: String,
}

#[derive(miniserde::Deserialize)]
struct OpenPages {
    data: Vec<OpenPage>,
    has_more: bool,
}

#[derive(miniserde::Deserialize)]
struct OpenPage {
    id: String,
    mode: String,
}

#[derive(miniserde::Deserialize)]
struct Subscriptions {
    data: Vec<Subscription>,
}

#[derive(miniserde::Deserialize)]
struct Subscription {
    status: String,
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

    /// Makes the account a customer, and gives its id. Asked again within a day it is the same; `gone` is the customer
    /// before it, which was deleted at Stripe.
    ///
    /// Nothing of the person is in it yet: a customer whose id is lost on its way to us must lead to nobody.
    pub async fn customer(&self, account: &AccountId, gone: Option<&str>) -> Result<String, StripeFault> {
        let key = format!("cus:{account}:{}", gone.unwrap_or("first"));
        let request = post("/customers").form(&NewCustomer::of(account));
        self.send(request, Some(&key)).await.map(|Done { id }| id)
    }

    /// Tells whom the customer's mails go to: pages then show it filled in.
    pub async fn write_email(&self, customer: &str, email: &str) -> Result<(), StripeFault> {
        let request = post(format!("/customers/{customer}")).form(&CustomerEmail { email });
        self.send(request, None).await.map(|Done { .. }| ())
    }

    /// Opens a page on which a product is paid. The same key and wish give the same page.
    pub async fn checkout(
        &self,
        buyer: Buyer<'_>,
        sold: (&Product, &str, u64),
        site: &str,
        with_tax: bool,
        key: &str,
    ) -> Result<Page, StripeFault> {
        let form = Checkout::of(buyer, sold, site, with_tax);
        self.page(post("/checkout/sessions").form(&form), Some(key)).await
    }

    /// Leaves a customer only this page to begin a subscription on, and closes the others. False if one has begun by now.
    ///
    /// Stripe is asked, not what its events have told: they may be on their way. And in this order: what is paid for
    /// meanwhile is among the subscriptions.
    pub async fn leave_one_page(&self, customer: &str, page: &str) -> Result<bool, StripeFault> {
        let mut asked = OfCustomer::open_pages(customer);
        loop {
            let OpenPages { data, has_more } = self.send(get("/checkout/sessions").query(&asked), None).await?;
            for other in data.iter().filter(|open| open.mode == "subscription" && open.id != page) {
                match self.send(post(format!("/checkout/sessions/{}/expire", other.id)), None).await {
                    Ok(Done { .. }) | Err(StripeFault::Refused { status: 400, .. }) => {} // closed, or paid by now
                    Err(fault) => return Err(fault),
                }
            }
            match data.into_iter().next_back() {
                Some(last) if has_more => asked.starting_after = Some(last.id),
                _ => break,
            }
        }
        let all: Subscriptions = self.send(get("/subscriptions").query(&OfCustomer::new(customer)), None).await?;
        Ok(all.data.iter().all(|subscription| patron::is_over(&subscription.status)))
    }

    /// Opens the page for cards, invoices and cancelling.
    pub async fn portal(&self, customer: &str, site: &str) -> Result<Page, StripeFault> {
        let form = Portal { customer, return_url: format!("{site}/credits") };
        self.page(post("/billing_portal/sessions").form(&form), None).await
    }

    /// Deletes a customer, with cards and subscriptions that run. What was paid stays in Stripe's books.
    pub async fn delete_customer(&self, customer: &str) -> Result<(), StripeFault> {
        let request = RequestBuilder::new(StripeMethod::Delete, format!("/customers/{customer}"));
        self.send(request, None).await.map(|Done { .. }| ())
    }

    async fn page(&self, request: RequestBuilder, key: Option<&str>) -> Result<Page, StripeFault> {
        let Opened { id, url } = self.send(request, key).await?;
        let url = url.ok_or_else(|| StripeFault::Unreachable("the answer has no address".to_owned()))?;
        Ok(Page { id, url })
    }

    /// Asks once; with a key it is done once, however often it is asked.
    async fn send<T: miniserde::Deserialize>(
        &self,
        request: RequestBuilder,
        key: Option<&str>,
    ) -> Result<T, StripeFault> {
        let strategy = match key.map(IdempotencyKey::new).transpose() {
            Ok(Some(key)) => RequestStrategy::Idempotent(key),
            Ok(None) => RequestStrategy::Once,
            Err(fault) => return Err(StripeFault::Refused { status: 400, message: fault.to_string() }),
        };
        request.customize::<T>().request_strategy(strategy).send(&self.client).await.map_err(fault)
    }
}

fn get(path: &str) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Get, path)
}

fn post(path: impl Into<String>) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Post, path)
}

/// What a failed call means.
fn fault(error: StripeError) -> StripeFault {
    match error {
        // The first call with this key is still at work: come again.
        StripeError::Stripe(error, 409) => StripeFault::Unreachable(error.message.unwrap_or_default()),
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

    #[test]
    fn a_key_that_is_at_work_is_not_one_that_was_used_for_another_wish() {
        let said = |error: &str, status| {
            fault(StripeError::Stripe(Box::new(miniserde::json::from_str(error).unwrap()), status))
        };
        let reused = r#"{"type":"idempotency_error"}"#;
        assert_eq!(said(reused, 400), StripeFault::KeyReused);
        assert_eq!(said(reused, 409), StripeFault::Unreachable(String::new()));
        let missing = r#"{"type":"invalid_request_error","code":"resource_missing"}"#;
        assert_eq!(said(missing, 404), StripeFault::NoCustomer);
    }
}
