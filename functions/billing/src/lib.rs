//! `/api/billing`: what can be bought, pages of Stripe's to buy it on and to look after it, and every movement so far.

mod books;
mod buy;
mod leave;

use api::{Kind, Problem};
use cloud::Cloud;
use edge::{Door, DoorSettings, Settings};
use lambda_http::{Body, Error, Request, Response};
use money::{Stripe, StripeFault};
use serde::Deserialize;

/// What the function holds between calls.
pub struct App {
    door: Door,
    stripe: Stripe,
    with_tax: bool,
}

#[derive(Deserialize)]
struct Key {
    secret_key: String,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let place = get("STRIPE_API").filter(|place| !place.is_empty());
        let settings = Settings::new(get);
        let read = (
            DoorSettings::read(&settings),
            ["STRIPE_KEY_SECRET_ARN", "STRIPE_MODE", "STRIPE_TAX"].map(|name| settings.text(name)),
        );
        let (door, [secret, mode, tax]) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        let secret = cloud.secrets().read(&secret).await?;
        // The parser's own words could repeat the key.
        let key: Key = serde_json::from_str(&secret).map_err(|_| "the Stripe key is not {\"secret_key\": …}")?;
        let stripe = Stripe::new(&key.secret_key, &mode, place.as_deref())?;
        Ok(Self { door: Door::open(&cloud, door).await?, stripe, with_tax: tax == "on" })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let result = match edge::route_key(&request).as_str() {
        "GET /api/billing/products" => books::products(),
        "GET /api/billing" => books::standing(app, &request).await,
        "GET /api/billing/entries" => books::entries(app, &request).await,
        "POST /api/billing/checkout" => buy::checkout(app, &request).await,
        "GET /api/billing/checkout/{checkout}" => buy::state(app, &request).await,
        "POST /api/billing/portal" => buy::portal(app, &request).await,
        // No route of the API: only the clock sends it (infra/app.yaml).
        "CLOCK stripe" => leave::forget_customers(app).await,
        _ => Err(Problem::not_found()),
    };
    Ok(edge::answer(&request, result))
}

/// What a fault of Stripe's is to the caller: nothing was bought, and nothing is known of the card.
fn stripe(fault: &StripeFault) -> Problem {
    match fault {
        StripeFault::KeyReused => {
            Problem::new(Kind::KeyReused, "Take a new key for another purchase; nothing was paid.")
        }
        StripeFault::NoCustomer => Problem::not_found(),
        StripeFault::Refused { .. } => Problem::ours(fault.to_string()),
        StripeFault::Unreachable(_) => Problem::busy(fault.to_string()),
    }
}
