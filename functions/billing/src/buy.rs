//! Pages of Stripe's: to pay on, and to look after what was bought. Neither card nor amount ever passes through us.

use crate::{App, books, stripe};
use api::billing::{CheckoutState, NewCheckout, StripePage};
use api::{Kind, Problem};
use domain::activity::Deed;
use domain::limits;
use domain::payment::Outcome;
use domain::plan::Product;
use edge::{Answer, Caller};
use lambda_http::Request;
use money::{Buyer, Page, StripeFault};

pub(crate) async fn checkout(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let key = edge::idempotency_key(request)?;
    let asked: NewCheckout = edge::json(request)?;
    let (product, price) = wanted(&asked)?;
    app.door.limit(request, limits::CHECKOUT, Some(&caller)).await?;
    let table = &app.door.table;
    let patron = table.patron(&caller.account).await.map_err(edge::cloud)?;
    if product.every_month && patron.subscribed().is_some() {
        return Err(already_subscribed());
    }
    let sold = (product, asked.currency.as_str(), price);
    let (customer, page) = open(app, &caller, patron.customer, sold, &key).await?;
    if product.every_month {
        let only = app.stripe.leave_one_page(&customer, &page.id).await.map_err(|fault| stripe(&fault))?;
        if !only {
            return Err(already_subscribed());
        }
    }
    table.keep_payer(&caller.account, &caller.user).await.map_err(edge::cloud)?;
    table.note(&caller.user, &app.door.visit(request, Deed::PurchaseBegun)?).await.map_err(edge::cloud)?;
    Answer::json(201, &StripePage { url: page.url })
}

fn already_subscribed() -> Problem {
    Problem::new(Kind::AlreadySubscribed, "Change or cancel it under “Manage”.")
}

/// A page to pay on, and the account's customer, which it is of.
async fn open(
    app: &App,
    caller: &Caller,
    known: Option<String>,
    sold: (&Product, &str, u64),
    wish: &str,
) -> Result<(String, Page), Problem> {
    let customer = match known {
        Some(customer) => customer,
        None => become_customer(app, caller, None).await?,
    };
    match open_for(app, caller, &customer, sold, wish).await {
        // Deleted at Stripe, by somebody there.
        Err(StripeFault::NoCustomer) => {
            let anew = become_customer(app, caller, Some(&customer)).await?;
            let page = open_for(app, caller, &anew, sold, wish).await.map_err(|fault| stripe(&fault))?;
            Ok((anew, page))
        }
        opened => opened.map(|page| (customer, page)).map_err(|fault| stripe(&fault)),
    }
}

async fn open_for(
    app: &App,
    caller: &Caller,
    customer: &str,
    sold: (&Product, &str, u64),
    wish: &str,
) -> Result<Page, StripeFault> {
    let buyer = Buyer { account: &caller.account, customer };
    // One person's wish is never another's, and of another customer it is another page.
    let key = format!("chk:{}:{customer}:{wish}", caller.account);
    app.stripe.checkout(buyer, sold, &app.door.site_origin, app.with_tax, &key).await
}

/// Makes the account a customer of Stripe's before there is a page: all its pages are then of the same one, which can be
/// looked after, and deleted, as a whole. `gone` is the one before, which Stripe no longer knows.
async fn become_customer(app: &App, caller: &Caller, gone: Option<&str>) -> Result<String, Problem> {
    let table = &app.door.table;
    let customer = app.stripe.customer(&caller.account, gone).await.map_err(|fault| stripe(&fault))?;
    table.keep_patron(&caller.account, Some(&customer), None).await.map_err(edge::cloud)?;
    // Only now that it is kept, and so will be deleted. Whoever pays can also write it on the page: no reason to fail.
    if let Some(email) = table.profile(&caller.user).await.map_err(edge::cloud)?.person.email {
        _ = app.stripe.write_email(&customer, &email).await;
    }
    Ok(customer)
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
    let (state, credits) = match payment.filter(|payment| payment.account.as_ref() == Some(&caller.account)) {
        None => ("waiting", 0),
        Some(payment) => match payment.outcome {
            Outcome::Untold => ("waiting", 0),
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
    let page = app.stripe.portal(&customer, &app.door.site_origin).await.map_err(|fault| stripe(&fault))?;
    Answer::json(201, &StripePage { url: page.url })
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
