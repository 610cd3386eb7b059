//! What can be bought, how an account stands, and every movement so far.

use crate::App;
use api::Problem;
use api::billing::{EntryPage, EntryView, ProductView, Products, Standing, SubscriptionView};
use domain::plan;
use edge::Answer;
use lambda_http::Request;

/// The newest version of each product.
pub(crate) fn offered() -> impl Iterator<Item = &'static plan::Product> {
    let newest = |product: &&plan::Product| {
        plan::PRODUCTS.iter().all(|other| other.id != product.id || other.version <= product.version)
    };
    plan::PRODUCTS.iter().filter(newest)
}

pub(crate) fn products() -> Result<Answer, Problem> {
    let products = Products { products: offered().map(ProductView::from).collect() };
    Ok(Answer::json(200, &products)?.with("cache-control", "public, max-age=300"))
}

pub(crate) async fn standing(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let wallet = app.door.table.wallet(&caller.account).await.map_err(edge::cloud)?;
    let patron = app.door.table.patron(&caller.account).await.map_err(edge::cloud)?;
    let standing = Standing {
        available: wallet.available,
        held: wallet.held,
        debt: wallet.debt,
        subscription: patron.subscribed().map(SubscriptionView::from),
        has_portal: patron.customer.is_some(),
    };
    Answer::json(200, &standing)
}

pub(crate) async fn entries(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let number = |text: &str| text.parse().ok().filter(|before: &u64| *before < 1_000_000_000_000);
    let (limit, cursor) = edge::page(request, |text| number(text).is_some())?;
    let before = cursor.as_deref().and_then(number);
    let found = app.door.table.entries(&caller.account, before, limit).await.map_err(edge::cloud)?;
    // The first entry of all is number 1.
    let next_cursor = found.last().map(|last| last.sequence).filter(|last| *last > 1 && found.len() == limit);
    let items = found.iter().map(EntryView::from).collect();
    Answer::json(200, &EntryPage { items, next_cursor: next_cursor.map(|next| next.to_string()) })
}
