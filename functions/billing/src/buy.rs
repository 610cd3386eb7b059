//! Pages of Stripe's: to pay on, and to look after what was bought. Neither card nor amount ever passes through us.

use crate::{App, books, stripe};
use api::billing::{CheckoutState, NewCheckout, StripePage};
use api::{Kind, Problem};
use domain::activity::Deed;
use domain::limits;
use domain::payment::Outcome;
use domain::plan::Product;
use edge::Answer;
use lambda_http::Request;
use money::{Buyer, StripeFault};

pub(crate) async fn checkout(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let key = edge::idempotency_key(request)?;
    let asked: NewCheckout = edge::json(request)?;
    let (product, price) = wanted(&asked)?;
    app.door.limit(request, limits::CHECKOUT, Some(&caller)).await?;
    let patron = app.door.table.patron(&caller.account).await.map_err(edge::cloud)?;
    if product.every_month && patron.subscribed().is_some() {
        return Err(Problem::new(Kind::AlreadySubscribed, "Change or cancel it under “Manage”."));
    }
    let profile = app.door.table.profile(&caller.user).await.map_err(edge::cloud)?;
    let buyer = Buyer {
        account: &caller.account,
        customer: patron.customer.as_deref(),
        email: profile.person.email.as_deref(),
    };
    // One person's key is never another's.
    let key = format!("chk:{}:{key}", caller.account);
    let what = (product, asked.currency.as_str(), price);
    let site = &app.door.site_origin;
    let url = match app.stripe.checkout(&buyer, what, site, app.with_tax, &key).await {
        // Deleted at Stripe: whoever pays becomes a customer anew, and the event of it tells us.
        Err(StripeFault::NoCustomer) => {
            let anew = Buyer { customer: None, ..buyer };
            app.stripe.checkout(&anew, what, site, app.with_tax, &format!("{key}:anew")).await
        }
        opened => opened,
    };
    let url = url.map_err(|fault| stripe(&fault))?;
    let table = &app.door.table;
    table.keep_payer(&caller.account, &caller.user).await.map_err(edge::cloud)?;
    table.note(&caller.user, &app.door.visit(request, Deed::PurchaseBegun)?).await.map_err(edge::cloud)?;
    Answer::json(201, &StripePage { url })
}

/// The product and its price in the asked currency, from our table.
fn wanted(asked: &NewCheckout) -> Result<(&'static Product, u64), Problem> {
    let product = books::offered().find(|product| product.id == asked.product);
    let product =
        product.ok_or_else(|| Problem::invalid("/product", "is not offered; see GET /api/billing/products"))?;
    let price = product.prices.iter().find(|(currency, _)| *currency == asked.currency);
    let (_, price) =
        price.ok_or_else(|| Problem::invalid("/currency", "has no price; see GET /api/billing/products"))?;
    Ok((product, *price))
}

/// How a checkout stands, for whoever comes back from it. Another's is like one that Stripe has told nothing of.
pub(crate) async fn state(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let id = edge::path(request, "checkout");
    if !(1..=200).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(Problem::not_found());
    }
    let payment = app.door.table.purchase(id).await.map_err(edge::cloud)?;
    let (state, credits) = match payment.filter(|payment| payment.account == caller.account) {
        None => ("waiting", 0),
        Some(payment) => match payment.outcome {
            Outcome::Pending => ("pending", payment.credits),
            Outcome::Expired | Outcome::Failed => ("failed", 0),
            Outcome::Paid => ("paid", payment.credits),
        },
    };
    Answer::json(200, &CheckoutState { state, credits })
}

pub(crate) async fn portal(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let patron = app.door.table.patron(&caller.account).await.map_err(edge::cloud)?;
    let customer = patron.customer.ok_or_else(Problem::not_found)?;
    let url = app.stripe.portal(&customer, &app.door.site_origin).await.map_err(|fault| stripe(&fault))?;
    Answer::json(201, &StripePage { url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_our_table_s_and_what_it_has_not_is_named() {
        let asked = |product: &str, currency: &str| NewCheckout { product: product.into(), currency: currency.into() };
        assert_eq!(wanted(&asked("starter", "jpy")).unwrap().1, 750);
        for (product, currency, pointer) in
            [("gold", "eur", "/product"), ("starter", "EUR", "/currency"), ("", "", "/product")]
        {
            let problem = wanted(&asked(product, currency)).unwrap_err();
            assert_eq!(problem.errors.first().map(|fault| fault.pointer.as_str()), Some(pointer));
        }
    }
}
