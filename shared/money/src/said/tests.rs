use super::*;
use serde_json::{Value, json};

const ACCOUNT: &str = "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV";

fn says(kind: &str, object: Value) -> Result<Said, Unfit> {
    Event { id: "evt_1".into(), kind: kind.into(), live: false, created: 9, object }.says()
}

fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

fn session(more: &Value) -> Value {
    let mut session = json!({
        "id": "cs_1", "mode": "payment", "payment_status": "paid", "client_reference_id": ACCOUNT,
        "metadata": { "acct": ACCOUNT, "product": "starter@1", "other": "x" },
        "amount_total": 595, "currency": "eur", "payment_intent": "pi_1", "something_new": { "a": [1] },
    });
    for (name, value) in more.as_object().unwrap() {
        session[name] = value.clone();
    }
    session
}

fn outcome(said: &Result<Said, Unfit>) -> Option<Outcome> {
    match said {
        Ok(Said::Fact(Fact::Purchase { outcome, .. })) => Some(*outcome),
        _ => None,
    }
}

#[test]
fn a_checkout_is_worth_what_our_table_says_and_cost_what_stripe_says() {
    let wanted = Fact::Purchase {
        id: "cs_1".into(),
        account: account(),
        product: "starter@1".into(),
        credits: 20,
        paid: Money { minor: 595, currency: "eur".into() },
        outcome: Outcome::Paid,
        intent: Some("pi_1".into()),
    };
    assert_eq!(says("checkout.session.completed", session(&json!({}))), Ok(Said::Fact(wanted.clone())));
    let expanded = session(&json!({ "payment_intent": { "id": "pi_1", "amount": 595 } }));
    assert_eq!(says("checkout.session.completed", expanded), Ok(Said::Fact(wanted)));
}

#[test]
fn the_status_decides_and_not_the_event_s_name() {
    let cases = [
        ("checkout.session.completed", "unpaid", Outcome::Pending),
        ("checkout.session.completed", "no_payment_required", Outcome::Paid),
        ("checkout.session.async_payment_succeeded", "paid", Outcome::Paid),
        ("checkout.session.async_payment_succeeded", "unpaid", Outcome::Pending),
        ("checkout.session.async_payment_failed", "unpaid", Outcome::Failed),
        ("checkout.session.expired", "unpaid", Outcome::Expired),
    ];
    for (kind, status, wanted) in cases {
        let said = says(kind, session(&json!({ "payment_status": status })));
        assert_eq!(outcome(&said), Some(wanted), "{kind} {status}");
    }
}

#[test]
fn a_purchase_that_does_not_fit_is_shown_to_somebody() {
    let completed = |more: Value| says("checkout.session.completed", session(&more)).unwrap_err().to_string();
    let other = "acct_01ARZ3NDEKTSV4RRFFQ69G5FAW";
    assert_eq!(
        completed(json!({ "client_reference_id": other })),
        "cs_1 names no account, or not one and the same everywhere"
    );
    assert!(completed(json!({ "metadata": null })).contains("names no account"));
    let product = json!({ "metadata": { "acct": ACCOUNT, "product": "starter@9" } });
    assert_eq!(completed(product), "cs_1 is of the product \"starter@9\", which there is not");
    assert!(completed(json!({ "mode": 7 })).starts_with("checkout.session.completed cannot be read: invalid type"));
}

#[test]
fn the_invoices_of_a_subscription_are_purchases_and_other_invoices_are_not() {
    let invoice = |reason: &str| {
        json!({
            "id": "in_1", "billing_reason": reason, "amount_paid": 900, "currency": "usd",
            "parent": { "type": "subscription_details", "subscription_details": {
                "subscription": "sub_1", "metadata": { "acct": ACCOUNT, "product": "monthly@1" } } },
        })
    };
    for reason in ["subscription_create", "subscription_cycle"] {
        let said = says("invoice.paid", invoice(reason));
        assert!(matches!(&said, Ok(Said::Fact(Fact::Purchase { credits: 60, .. }))), "{said:?}");
    }
    assert_eq!(says("invoice.paid", invoice("manual")), Ok(Said::Nothing));
    assert_eq!(says("checkout.session.completed", session(&json!({ "mode": "setup" }))), Ok(Said::Nothing));
    let begun = session(&json!({ "mode": "subscription", "invoice": "in_1" }));
    let wanted = Said::Begun { checkout: "cs_1".into(), invoice: "in_1".into() };
    assert_eq!(says("checkout.session.completed", begun), Ok(wanted));
    let link = json!({ "invoice": "in_1", "payment": { "type": "payment_intent", "payment_intent": "pi_1" } });
    let wanted = Fact::Link { id: "in_1".into(), intent: "pi_1".into() };
    assert_eq!(says("invoice_payment.paid", link), Ok(Said::Fact(wanted)));
}

#[test]
fn refunds_and_disputes_name_their_payment() {
    let refunded = json!({ "id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 150 });
    let wanted = Fact::Refund { intent: "pi_1".into(), refunded: 150 };
    assert_eq!(says("charge.refunded", refunded), Ok(Said::Fact(wanted)));
    let dispute = |status: &str| json!({ "id": "dp_1", "payment_intent": "pi_1", "status": status });
    let fact = |state| Ok(Said::Fact(Fact::Dispute { intent: "pi_1".into(), id: "dp_1".into(), state }));
    assert_eq!(says("charge.dispute.created", dispute("needs_response")), fact(Dispute::Open));
    assert_eq!(says("charge.dispute.closed", dispute("won")), fact(Dispute::Won));
    assert_eq!(says("charge.dispute.closed", dispute("lost")), fact(Dispute::Lost));
    for asked in ["created", "closed"] {
        assert_eq!(says(&format!("charge.dispute.{asked}"), dispute("warning_needs_response")), Ok(Said::Nothing));
    }
    for status in ["needs_response", "under_review", "warning_under_review"] {
        let withdrawn = says("charge.dispute.funds_withdrawn", dispute(status));
        assert_eq!(withdrawn, fact(Dispute::Open), "the money is gone, whatever it is called");
    }
    assert!(crate::ALLOWED.contains(&"charge.dispute.funds_withdrawn"));
    assert_eq!(says("refund.failed", json!({})), Ok(Said::AskStripe));
}

#[test]
fn a_subscription_tells_how_it_stands() {
    let object = json!({
        "id": "sub_1", "status": "active", "cancel_at_period_end": true, "metadata": { "acct": ACCOUNT },
        "items": { "data": [{ "current_period_end": 1_800_000_000 }] },
    });
    let wanted = Subscription {
        id: "sub_1".into(),
        status: "active".into(),
        ends_with_period: true,
        period_ends: Some(1_800_000_000),
        told: 9,
    };
    assert_eq!(says("customer.subscription.updated", object), Ok(Said::Subscription(account(), wanted)));
    let event = |object| Event { id: "evt_1".into(), kind: "x".into(), live: false, created: 9, object };
    let known = json!({ "customer": "cus_1", "metadata": { "acct": ACCOUNT } });
    assert_eq!(event(known).customer(), Some((account(), "cus_1".into())));
    assert_eq!(event(json!({ "customer": null, "metadata": { "acct": ACCOUNT } })).customer(), None);
}
