//! The bodies of what concerns credits and money.

use domain::credits::{Entry, Kind};
use domain::patron::Subscription;
use domain::plan::Product;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct Products {
    /// All that is offered now.
    pub products: Vec<ProductView>,
}

/// Something that can be bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    /// Its name for `POST /api/billing/checkout`.
    #[schema(example = "starter")]
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Credits for each payment.
    pub credits: u64,
    /// Paid every month until it is cancelled; otherwise once.
    pub every_month: bool,
    /// Price in the currency's smallest unit (cents, yen), taxes not counted, by currency (ISO 4217, small letters).
    pub prices: BTreeMap<&'static str, u64>,
}

impl From<&Product> for ProductView {
    fn from(product: &Product) -> Self {
        let Product { id, name, credits, every_month, prices, .. } = *product;
        Self { id, name, credits, every_month, prices: prices.iter().copied().collect() }
    }
}

/// How an account stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// Can be spent.
    pub available: u64,
    /// Promised to models being made.
    pub held: u64,
    /// Of a refunded or disputed purchase, and already spent: the next purchase pays it first.
    pub debt: u64,
    /// The subscription that runs, if there is one.
    #[schema(required = true)]
    pub subscription: Option<SubscriptionView>,
    /// `POST /api/billing/portal` leads somewhere.
    pub has_portal: bool,
}

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// Stripe's word for its state, such as `active` or `past_due`.
    pub status: String,
    /// It was cancelled and ends with the period that is paid.
    pub ends_with_period: bool,
    /// When that period ends, in seconds since 1970.
    #[schema(required = true)]
    pub period_ends: Option<i64>,
}

impl From<&Subscription> for SubscriptionView {
    fn from(subscription: &Subscription) -> Self {
        let Subscription { status, ends_with_period, period_ends, .. } = subscription.clone();
        Self { status, ends_with_period, period_ends }
    }
}

/// A page of movements, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryPage {
    /// The movements.
    pub items: Vec<EntryView>,
    /// Where the next page begins, if there is one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// One movement of credits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct EntryView {
    /// Its number in the account, from 1.
    pub number: u64,
    /// Why: `free_grant`, `purchase`, `hold`, `capture`, `release`, `clawback`, `give_back` or `expire`.
    #[schema(schema_with = kinds)]
    pub kind: Kind,
    /// Change of what can be spent.
    pub available: i64,
    /// Change of what is promised to models being made.
    pub held: i64,
    /// Change of what is owed.
    pub debt: i64,
    /// The generation it was for, if it was for one.
    #[schema(required = true)]
    pub generation_id: Option<String>,
    /// When, RFC 3339.
    pub at: String,
}

fn states() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["waiting", "pending", "paid", "failed"]))
        .build()
}

fn kinds() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["free_grant", "hold", "capture", "release", "purchase", "clawback", "give_back", "expire"]))
        .build()
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let generation = entry.source.strip_prefix("gen#").and_then(|rest| rest.split('#').next());
        Self {
            number: entry.sequence,
            kind: entry.kind,
            available: entry.available,
            held: entry.held,
            debt: entry.debt,
            generation_id: generation.map(ToOwned::to_owned),
            at: entry.at.to_string(),
        }
    }
}

/// Asks for a page to pay on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheckout {
    /// A product's id.
    #[schema(example = "starter")]
    pub product: String,
    /// One of its currencies.
    #[schema(example = "eur")]
    pub currency: String,
}

/// A page of Stripe's.
#[derive(Debug, Serialize, ToSchema)]
pub struct StripePage {
    /// Go there.
    pub url: String,
}

/// How a checkout stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutState {
    /// `waiting` (Stripe has told nothing yet), `pending` (the money is on its way), `paid` or `failed`.
    #[schema(schema_with = states)]
    pub state: &'static str,
    /// What it is worth.
    pub credits: u64,
}
