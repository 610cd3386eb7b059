//! `POST /api/stripe/webhook`: is it Stripe, what does it say, and then event and effect in one transaction.
//!
//! Stripe repeats what is not answered with 2xx, for days. So: 2xx for what is done, known, or of no interest; 400 for
//! what is not Stripe's; 503 for what should come again. What is Stripe's but cannot be applied is kept open for
//! somebody to look at, and acknowledged: repeating it would not help.

mod keys;

use api::{Kind, Problem};
use cloud::{Cloud, CloudError, EventRace, EventStatus, StripeEvent, Table};
use domain::credits::Wallet;
use domain::mail::Occasion;
use domain::payment::{Fact, Known};
use domain::plan;
use edge::{Answer, EVENTS_LEFT_OPEN, Meter, Settings, WEBHOOK_REJECTED};
use keys::Keys;
use lambda_http::{Body, Error, Request, Response};
use money::{Event, Said};

/// Tries when other writes keep moving the same rows.
const TRIES: usize = 10;

/// What the function holds between calls.
pub struct App {
    table: Table,
    keys: Keys,
    live: bool,
    meter: Meter,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let read = ["TABLE_NAME", "STRIPE_WEBHOOK_SECRET_ARN", "STRIPE_MODE", "STAGE"].map(|name| settings.text(name));
        let [table, secret, mode, stage] = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        let keys = Keys::open(cloud.secrets(), secret).await?;
        Ok(Self { table: cloud.table(table), keys, live: mode == "live", meter: Meter::new(stage) })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let taken = take(app, &request).await;
    if taken.as_ref().is_err_and(|problem| problem.kind == Kind::BadRequest) {
        app.meter.one(WEBHOOK_REJECTED);
    }
    Ok(edge::answer(&request, taken))
}

async fn take(app: &App, request: &Request) -> Result<Answer, Problem> {
    // The very bytes that were signed.
    let body: &[u8] = request.body();
    if body.len() > plan::MAX_EVENT_BYTES {
        let detail = format!("The event has {} bytes; at most {}.", body.len(), plan::MAX_EVENT_BYTES);
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    let signature = edge::header(request, "stripe-signature").unwrap_or_default();
    app.keys.verify(body, signature).await?;
    let event = Event::read(body).map_err(|error| Problem::new(Kind::BadRequest, format!("{error}.")))?;
    if event.live != app.live {
        tracing::error!(
            event.id,
            live = event.live,
            "event {} is of the other mode: the secrets are mixed up",
            event.id
        );
        return Err(Problem::new(Kind::BadRequest, "The event is of the other mode, test or live."));
    }
    if !event.is_allowed() {
        tracing::info!(event.id, event.kind, "event {} of the type {} is not looked at", event.id, event.kind);
        return Ok(Answer::only(200));
    }
    let known = app.table.stripe_event(&event.id).await.map_err(edge::cloud)?;
    if known.is_some_and(|known| known.status == EventStatus::Applied) {
        return Ok(Answer::only(200));
    }
    apply(app, &event).await?;
    Ok(Answer::only(200))
}

async fn apply(app: &App, event: &Event) -> Result<(), Problem> {
    // Before the event counts as applied: what is told twice changes nothing.
    if let Some((account, customer)) = event.customer() {
        app.table.keep_patron(&account, Some(&customer), None).await.map_err(edge::cloud)?;
    }
    warn(app, event).await?;
    match event.says() {
        Ok(Said::Fact(fact)) => settle(app, event, &fact).await,
        Ok(Said::Nothing) => done(app.table.keep_event(&record(event, None)).await),
        Ok(Said::Begun { checkout, invoice }) => {
            app.table.keep_begun(&checkout, &invoice).await.map_err(edge::cloud)?;
            done(app.table.keep_event(&record(event, None)).await)
        }
        // What a subscription grants comes with its invoices.
        Ok(Said::Subscription(account, subscription)) => {
            app.table.keep_patron(&account, None, Some(&subscription)).await.map_err(edge::cloud)?;
            tracing::info!(
                event.id,
                status = subscription.status,
                "subscription {} is {}",
                subscription.id,
                subscription.status
            );
            done(app.table.keep_event(&record(event, None)).await)
        }
        Ok(Said::AskStripe) => leave_open(app, event, "only Stripe can tell what is left of the money").await,
        Err(unfit) => leave_open(app, event, &unfit.to_string()).await,
    }
}

/// A mail to whoever went to pay, when the money did not come; told twice, written once.
async fn warn(app: &App, event: &Event) -> Result<(), Problem> {
    let Some(account) = event.unpaid() else { return Ok(()) };
    let Some(user) = app.table.patron(&account).await.map_err(edge::cloud)?.user else { return Ok(()) };
    app.table.post(&user, Occasion::PaymentProblem, &event.id, edge::now()).await.map_err(edge::cloud)
}

/// Brings the books to what is known with this fact; event, rows and entries in one transaction.
async fn settle(app: &App, event: &Event, fact: &Fact) -> Result<(), Problem> {
    for _ in 0..TRIES {
        let known = app.table.known(fact).await.map_err(edge::cloud)?;
        let wallet = match wallet(app, &known, fact).await {
            Err(CloudError::Gone { .. }) => return leave_open(app, event, "the account is not there").await,
            wallet => wallet.map_err(edge::cloud)?,
        };
        let change = known.with(fact, wallet.as_ref(), edge::now());
        match app.table.apply(&record(event, None), &change).await {
            Ok(()) => {
                app.meter.moved(change.postings.iter().map(|posting| &posting.entry));
                let entries = change.postings.len();
                tracing::info!(event.id, event.kind, entries, "event {} applied with {entries} entries", event.id);
                return Ok(());
            }
            Err(EventRace::Known) => return Ok(()),
            // Somebody wrote first: read again and decide again.
            Err(EventRace::Moved) => {}
            Err(EventRace::Cloud(error)) => return Err(edge::cloud(error)),
        }
    }
    Err(Problem::busy(format!("the rows of event {} kept moving in {TRIES} tries", event.id)))
}

/// The wallet of whoever the purchase is of, if that is known.
async fn wallet(app: &App, known: &Known, fact: &Fact) -> Result<Option<Wallet>, CloudError> {
    let told = match fact {
        Fact::Purchase { account, .. } => Some(account),
        Fact::Link { .. } | Fact::Refund { .. } | Fact::Dispute { .. } => None,
    };
    match known.payment.as_ref().and_then(|payment| payment.account.as_ref()).or(told) {
        Some(account) => app.table.wallet(account).await.map(Some),
        None => Ok(None),
    }
}

async fn leave_open(app: &App, event: &Event, why: &str) -> Result<(), Problem> {
    tracing::error!(event.id, event.kind, why, "event {} stays open: {why}", event.id);
    app.meter.one(EVENTS_LEFT_OPEN);
    done(app.table.keep_event(&record(event, Some(why))).await)
}

/// Somebody else may have kept it at the same moment.
fn done(kept: Result<(), CloudError>) -> Result<(), Problem> {
    match kept {
        Ok(()) | Err(CloudError::Raced) => Ok(()),
        Err(error) => Err(edge::cloud(error)),
    }
}

fn record(event: &Event, open: Option<&str>) -> StripeEvent {
    StripeEvent {
        id: event.id.clone(),
        kind: event.kind.clone(),
        created: event.created,
        status: if open.is_some() { EventStatus::Open } else { EventStatus::Applied },
        why: open.map(ToOwned::to_owned),
        at: edge::now(),
    }
}
