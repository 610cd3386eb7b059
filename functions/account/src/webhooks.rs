//! Webhooks: made, changed and watched by the person alone, never by a key. What they are told is sent by `webhooks`.

use crate::{App, TRIES, done, kept_moving, written};
use api::hooks::{DeliveryPage, DeliveryView, MadeWebhook, NewWebhook, WebhookChange, WebhookView, Webhooks, kinds};
use api::{Kind, Problem};
use domain::activity::Deed;
use domain::ids::{EventId, UserId, WebhookId};
use domain::limits::{WEBHOOK, WEBHOOK_SEND};
use domain::webhook::{Delivery, Endpoint, Hooks, Secret};
use edge::Answer;
use lambda_http::Request;

const NO_KINDS: &str = "must name 1 to 3 kinds";

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    Answer::json(200, &Webhooks::from(&hooks(app, &caller.user).await?))
}

pub(crate) async fn make(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let asked: NewWebhook = edge::json(request)?;
    let kinds = kinds(asked.kinds);
    if kinds.is_empty() {
        return Err(Problem::invalid("/kinds", NO_KINDS));
    }
    app.door.limit(request, WEBHOOK, Some(&caller)).await?;
    check(app, &asked.url).await?;
    let (now, visit) = (edge::now(), app.door.visit(request, Deed::WebhooksChanged)?);
    let id = WebhookId::fresh(now, edge::dice()?);
    let endpoint = Endpoint { id, url: asked.url, kinds, off: None, created: now, failing: None };
    let secret = Secret::fresh(&edge::random()?);
    for _ in 0..TRIES {
        let before = hooks(app, &caller.user).await?;
        let next = before.with(endpoint.clone(), secret.clone());
        let next = next.map_err(|error| Problem::new(Kind::TooManyWebhooks, format!("{error}.")))?;
        if written(app.door.table.change_hooks(&next, &visit).await)? {
            return Answer::json(201, &made(&endpoint, &secret));
        }
    }
    Err(kept_moving())
}

fn made(endpoint: &Endpoint, secret: &Secret) -> MadeWebhook {
    MadeWebhook { webhook: WebhookView::from(endpoint), secret: secret.reveal().to_owned() }
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    let asked: WebhookChange = edge::json(request)?;
    app.door.limit(request, WEBHOOK, Some(&caller)).await?;
    let kinds = asked.kinds.map(kinds);
    if kinds.as_ref().is_some_and(Vec::is_empty) {
        return Err(Problem::invalid("/kinds", NO_KINDS));
    }
    if let Some(url) = &asked.url {
        check(app, url).await?;
    }
    let visit = app.door.visit(request, Deed::WebhooksChanged)?;
    for _ in 0..TRIES {
        let before = hooks(app, &caller.user).await?;
        let mut endpoint = one(&before, &id)?.clone();
        if let Some(on) = asked.enabled {
            endpoint = endpoint.switched(on);
        }
        endpoint.url = asked.url.clone().unwrap_or(endpoint.url);
        endpoint.kinds = kinds.clone().unwrap_or(endpoint.kinds);
        if written(app.door.table.change_hooks(&before.changed(&endpoint), &visit).await)? {
            return Answer::json(200, &WebhookView::from(&endpoint));
        }
    }
    Err(kept_moving())
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    let visit = app.door.visit(request, Deed::WebhooksChanged)?;
    for _ in 0..TRIES {
        let before = hooks(app, &caller.user).await?;
        one(&before, &id)?;
        if written(app.door.table.change_hooks(&before.without(&id), &visit).await)? {
            return Ok(done());
        }
    }
    Err(kept_moving())
}

pub(crate) async fn rotate(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    app.door.limit(request, WEBHOOK, Some(&caller)).await?;
    let visit = app.door.visit(request, Deed::WebhooksChanged)?;
    let secret = Secret::fresh(&edge::random()?);
    for _ in 0..TRIES {
        let before = hooks(app, &caller.user).await?;
        let endpoint = one(&before, &id)?;
        let next = before.rotated(&id, secret.clone(), edge::now());
        if written(app.door.table.change_hooks(&next, &visit).await)? {
            return Answer::json(200, &made(endpoint, &secret));
        }
    }
    Err(kept_moving())
}

pub(crate) async fn test(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    let before = hooks(app, &caller.user).await?;
    let endpoint = on(one(&before, &id)?)?;
    app.door.limit(request, WEBHOOK_SEND, Some(&caller)).await?;
    let now = edge::now();
    let event = EventId::fresh(now, edge::dice()?);
    send(app, Delivery::test(caller.user, endpoint, event, now)).await
}

pub(crate) async fn deliveries(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    let (limit, cursor) = edge::page(request, |text| EventId::parse(text).is_ok())?;
    one(&hooks(app, &caller.user).await?, &id)?;
    let cursor = cursor.and_then(|text| EventId::parse(&text).ok());
    let found = app.door.table.deliveries(&caller.user, &id, cursor.as_ref(), limit).await;
    let (found, next_cursor) = found.map_err(edge::cloud)?;
    Answer::json(200, &DeliveryPage { items: found.iter().map(DeliveryView::from).collect(), next_cursor })
}

pub(crate) async fn send_again(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: WebhookId = edge::id(request, "webhook")?;
    let event: EventId = edge::id(request, "delivery")?;
    let before = hooks(app, &caller.user).await?;
    on(one(&before, &id)?)?;
    let found = app.door.table.delivery(&caller.user, &id, &event).await.map_err(edge::cloud)?;
    let delivery = found.ok_or_else(Problem::not_found)?;
    app.door.limit(request, WEBHOOK_SEND, Some(&caller)).await?;
    send(app, delivery.again(edge::now())).await
}

/// The row first: without the message the clock finds it.
async fn send(app: &App, delivery: Delivery) -> Result<Answer, Problem> {
    app.door.table.keep_delivery(&delivery).await.map_err(edge::cloud)?;
    edge::send_for(&app.errands, std::slice::from_ref(&delivery), edge::now()).await;
    Answer::json(202, &DeliveryView::from(&delivery))
}

async fn hooks(app: &App, user: &UserId) -> Result<Hooks, Problem> {
    app.door.table.hooks(user).await.map_err(edge::cloud)
}

/// One of the caller's; another's is simply not there.
fn one<'a>(hooks: &'a Hooks, id: &WebhookId) -> Result<&'a Endpoint, Problem> {
    hooks.endpoint(id).ok_or_else(Problem::not_found)
}

fn on(endpoint: &Endpoint) -> Result<&Endpoint, Problem> {
    if endpoint.off.is_some() {
        return Err(Problem::new(Kind::WebhookOff, "Switch it on first."));
    }
    Ok(endpoint)
}

/// Refuses an address now that would be refused at every delivery; there it is checked again, where it connects.
async fn check(app: &App, url: &str) -> Result<(), Problem> {
    app.outbound.check(url).await.map_err(|error| Problem::invalid("/url", error.sentence()))
}
