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
        let change = known.with(fact, Some(&wallet), now());
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

/// Every order of so many things.
fn orders(many: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..many {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..many).filter(|at| !order.contains(at)).map(|at| [&order[..], &[at]].concat()).collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}

/// The wallet after facts that are told in every order, the first a second time at the end: always the same.
fn told_in_every_order(facts: &[Fact]) -> Wallet {
    let wanted = told(facts, wallet()).0;
    for order in orders(facts.len()) {
        let told_so: Vec<Fact> = order.iter().chain(&order[..1]).map(|at| facts[*at].clone()).collect();
        let found = told(&told_so, wallet()).0;
        assert_eq!((found.available, found.debt), (wanted.available, wanted.debt), "{order:?}");
    }
    wanted
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
    assert_eq!(told_in_every_order(&facts).available, 22);
}

fn link() -> Fact {
    Fact::Link { id: "in_1".into(), intent: "pi_1".into() }
}

#[test]
fn an_invoice_s_payment_may_be_told_before_or_after_the_invoice_and_what_happened_to_it() {
    let Fact::Purchase { account, product, credits, paid, outcome, .. } = purchase(Outcome::Paid) else {
        unreachable!()
    };
    let invoice = Fact::Purchase { id: "in_1".into(), account, product, credits, paid, outcome, intent: None };
    let facts = [invoice, link(), refund(150), dispute(Dispute::Open), dispute(Dispute::Won)];
    assert_eq!(told_in_every_order(&facts).available, 24);
}

#[test]
fn an_invoice_that_never_comes_gives_nothing_whatever_happens_to_its_payment() {
    let (after, entries) = told(&[link(), refund(500), dispute(Dispute::Open), link()], wallet());
    assert_eq!((after, entries), (wallet(), 0));
    let known = link().added_to(&Known::default());
    let payment = known.payment.unwrap();
    assert_eq!((payment.account, payment.outcome, payment.intent.as_deref()), (None, Outcome::Untold, Some("pi_1")));
}
