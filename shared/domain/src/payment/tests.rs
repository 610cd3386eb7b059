use super::*;

fn now() -> Timestamp {
    Timestamp::from_second(0).unwrap()
}

fn wallet() -> Wallet {
    Wallet::open(AccountId::fresh(now(), [0; 10]), false, now()).wallet
}

fn purchase(outcome: Outcome) -> Fact {
    Fact::Purchase {
        id: "cs_1".into(),
        account: wallet().account,
        product: "starter@1".into(),
        credits: 20,
        paid: Money { minor: 500, currency: "eur".into() },
        outcome,
        intent: Some("pi_1".into()),
    }
}

fn refund(refunded: u64) -> Fact {
    Fact::Refund { intent: "pi_1".into(), refunded }
}

fn dispute(state: Dispute) -> Fact {
    Fact::Dispute { intent: "pi_1".into(), id: "dp_1".into(), state }
}

/// Tells facts one after the other; gives the wallet and the number of entries.
fn told(facts: &[Fact], mut wallet: Wallet) -> (Wallet, usize) {
    let (mut known, mut entries) = (Known::default(), 0);
    for fact in facts {
        let change = known.with(fact, Some(&wallet), now()).unwrap();
        known = Known { payment: change.payment.or(known.payment), charge: change.charge.or(known.charge) };
        entries += change.postings.len();
        if let Some(last) = change.postings.last() {
            wallet = last.wallet.clone();
        }
    }
    (wallet, entries)
}

#[test]
fn a_purchase_that_is_told_twice_is_granted_once() {
    let paid = purchase(Outcome::Paid);
    let (wallet, entries) = told(&[purchase(Outcome::Pending), paid.clone(), paid], wallet());
    assert_eq!((wallet.available, entries), (30, 1));
}

#[test]
fn money_that_did_not_come_gives_nothing_and_a_late_failure_takes_nothing() {
    assert_eq!(told(&[purchase(Outcome::Failed), purchase(Outcome::Pending)], wallet()).0.available, 10);
    assert_eq!(told(&[purchase(Outcome::Paid), purchase(Outcome::Failed)], wallet()).0.available, 30);
}

#[test]
fn a_part_of_the_money_takes_its_share_of_the_credits_rounded_up() {
    let (after, entries) = told(&[purchase(Outcome::Paid), refund(150), refund(150), refund(500)], wallet());
    assert_eq!((after.available, entries), (10, 3));
    assert_eq!(told(&[purchase(Outcome::Paid), refund(1)], wallet()).0.available, 29);
}

#[test]
fn what_was_spent_before_a_refund_is_owed_and_the_next_purchase_pays_it() {
    let spent = Wallet { available: 2, ..told(&[purchase(Outcome::Paid)], wallet()).0 };
    let posting = spent.claw_back("x".into(), 20, now());
    assert_eq!((posting.wallet.available, posting.wallet.debt), (0, 18));
    let posting = posting.wallet.grant("y".into(), Kind::Purchase, 20, now());
    assert_eq!((posting.wallet.available, posting.wallet.debt), (2, 0));
}

#[test]
fn a_dispute_takes_all_until_it_is_won() {
    let open = [purchase(Outcome::Paid), refund(100), dispute(Dispute::Open)];
    assert_eq!(told(&open, wallet()).0.available, 10);
    let won = [&open[..], &[dispute(Dispute::Won), dispute(Dispute::Open)]].concat();
    assert_eq!(told(&won, wallet()).0.available, 26);
    let lost = [&open[..], &[dispute(Dispute::Lost)]].concat();
    assert_eq!(told(&lost, wallet()).0.available, 10);
}

#[test]
fn the_order_of_what_is_told_changes_nothing() {
    let facts = [
        purchase(Outcome::Pending),
        purchase(Outcome::Paid),
        refund(150),
        refund(200),
        dispute(Dispute::Open),
        dispute(Dispute::Won),
    ];
    let wanted = told(&facts, wallet()).0;
    assert_eq!(wanted.available, 22);
    let mut orders = vec![Vec::new()];
    for _ in 0..facts.len() {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..facts.len()).filter(|at| !order.contains(at)).map(|at| [&order[..], &[at]].concat()).collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    assert_eq!(orders.len(), 720);
    for order in orders {
        // The first fact comes a second time at the end.
        let told_so: Vec<Fact> = order.iter().chain(&order[..1]).map(|at| facts[*at].clone()).collect();
        let found = told(&told_so, wallet()).0;
        assert_eq!((found.available, found.debt), (wanted.available, wanted.debt), "{order:?}");
    }
}

#[test]
fn an_invoice_s_payment_may_be_told_before_or_after_what_happened_to_it() {
    let invoice = |intent| match purchase(Outcome::Paid) {
        Fact::Purchase { account, product, credits, paid, outcome, .. } => {
            Fact::Purchase { id: "in_1".into(), account, product, credits, paid, outcome, intent }
        }
        other => other,
    };
    let link = Fact::Link { id: "in_1".into(), intent: "pi_1".into() };
    assert_eq!(Known::default().with(&link, None, now()), Err(NotYet { id: "in_1".into() }));
    for facts in [[invoice(None), link.clone(), refund(500)], [invoice(Some("pi_1".into())), refund(500), link]] {
        assert_eq!(told(&facts, wallet()).0.available, 10, "{facts:?}");
    }
}
