//! The money under fire: deliveries and generations as steps that a seed interleaves, kills and repeats, on a table that
//! checks conditions as ours does. Whatever happens, the books must add up; taking any one condition away must be seen.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::credits::{Posting, Wallet};
use domain::ids::{AccountId, GenerationId};
use domain::payment::{Change, Charge, Dispute, Fact, Known, Money, Outcome, Payment};

/// The conditions of the writes; each is taken away once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// An entry of this source must not be there.
    Entry,
    /// The wallet must be at the version that was read.
    Wallet,
    /// The payment must be at the version that was read.
    Payment,
    /// The charge must be at the version that was read.
    Charge,
}

/// A die that a seed loads.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// The table: rows, and every entry ever written, also those that replaced one.
struct Store {
    wallet: Wallet,
    written: Vec<Posting>,
    payments: BTreeMap<String, Payment>,
    charges: BTreeMap<String, Charge>,
    /// Holding, or settled.
    generations: BTreeMap<u8, bool>,
}

/// What one transaction writes, each with the version or state that was read.
#[derive(Clone, Default)]
struct Write {
    postings: Vec<Posting>,
    payment: Option<Payment>,
    charge: Option<Charge>,
    generation: Option<(u8, Option<bool>, bool)>,
}

impl Store {
    fn new() -> Self {
        let first = Wallet::open(AccountId::fresh(now(), [0; 10]), false, now());
        Self {
            wallet: first.wallet.clone(),
            written: vec![first],
            payments: BTreeMap::new(),
            charges: BTreeMap::new(),
            generations: BTreeMap::new(),
        }
    }

    /// Writes all or nothing; says whether it did.
    fn transact(&mut self, write: &Write, without: Option<Condition>) -> bool {
        if !self.fits(write, without) {
            return false;
        }
        for posting in &write.postings {
            self.wallet = posting.wallet.clone();
            self.written.push(posting.clone());
        }
        self.payments.extend(write.payment.iter().map(|payment| (payment.id.clone(), payment.clone())));
        self.charges.extend(write.charge.iter().map(|charge| (charge.intent.clone(), charge.clone())));
        if let Some((number, _, after)) = write.generation {
            self.generations.insert(number, after);
        }
        true
    }

    fn fits(&self, write: &Write, without: Option<Condition>) -> bool {
        let holds = |condition, fits: bool| without == Some(condition) || fits;
        let entry = |source: &String| self.written.iter().all(|posting| posting.entry.source != *source);
        let payment = |id: &String| self.payments.get(id).map_or(0, |payment| payment.version);
        let charge = |intent: &String| self.charges.get(intent).map_or(0, |charge| charge.version);
        let (first, generation) = (write.postings.first(), write.generation);
        holds(Condition::Wallet, first.is_none_or(|first| self.wallet.version == first.wallet.version - 1))
            && holds(Condition::Entry, write.postings.iter().all(|posting| entry(&posting.entry.source)))
            && holds(Condition::Payment, write.payment.iter().all(|after| payment(&after.id) == after.version - 1))
            && holds(Condition::Charge, write.charge.iter().all(|after| charge(&after.intent) == after.version - 1))
            // A second guard: the wallet's version forbids the same.
            && generation.is_none_or(|(number, before, _)| self.generations.get(&number).copied() == before)
    }
}

/// What somebody wants to get done; repeated until it is, or told to somebody who is already done.
#[derive(Clone)]
enum Task {
    Tell(Fact),
    Hold(u8),
    Settle(u8, bool),
}

/// A task somewhere between reading and writing.
struct Actor {
    task: Task,
    ready: Option<Write>,
}

fn now() -> Timestamp {
    Timestamp::from_second(0).unwrap()
}

impl Actor {
    /// One step: reads and decides, or writes. Gives whether the task is done.
    fn step(&mut self, store: &mut Store, without: Option<Condition>) -> bool {
        match self.ready.take() {
            None => {
                self.ready = decide(&self.task, store);
                // Nothing to write: somebody else has done it, or it is forbidden.
                self.ready.is_none()
            }
            Some(write) => store.transact(&write, without),
        }
    }
}

fn decide(task: &Task, store: &Store) -> Option<Write> {
    let wallet = &store.wallet;
    let id = |number: u8| GenerationId::fresh(now(), [number; 10]);
    match task {
        Task::Tell(fact) => {
            let after = known(fact, store).with(fact, Some(wallet), now());
            let idle = after == Change::default();
            let write =
                Write { postings: after.postings, payment: after.payment, charge: after.charge, ..Write::default() };
            (!idle).then_some(write)
        }
        Task::Hold(number) if !store.generations.contains_key(number) => {
            let posting = wallet.hold(&id(*number), 1, now()).ok()?;
            Some(Write { postings: vec![posting], generation: Some((*number, None, true)), ..Write::default() })
        }
        Task::Settle(number, good) if store.generations.get(number) == Some(&true) => {
            let settle = if *good { Wallet::capture } else { Wallet::release };
            let posting = settle(wallet, &id(*number), 1, now()).ok()?;
            Some(Write { postings: vec![posting], generation: Some((*number, Some(true), false)), ..Write::default() })
        }
        Task::Hold(_) | Task::Settle(..) => None,
    }
}

/// What the table reads: a purchase leads to its money, and its money to the purchase.
fn known(fact: &Fact, store: &Store) -> Known {
    let payment = |id| store.payments.get(id).cloned();
    let told = fact.payment().and_then(payment);
    let intent = fact.intent().or(told.as_ref().and_then(|payment| payment.intent.as_deref()));
    let charge = intent.and_then(|intent| store.charges.get(intent)).cloned();
    let linked = charge.as_ref().and_then(|charge| charge.payment.as_deref());
    Known { payment: told.or_else(|| linked.and_then(payment)), charge }
}

/// An invoice, and what it is paid by, are two facts.
const INVOICE: u8 = 6;
/// Paid by one of our Stripe account's customers, and none of ours.
const FOREIGN: u8 = 7;

fn purchase(number: u8, outcome: Outcome) -> Fact {
    Fact::Purchase {
        id: if number == INVOICE { format!("in_{number}") } else { format!("cs_{number}") },
        account: AccountId::fresh(now(), [0; 10]),
        product: "starter@1".into(),
        credits: 20,
        paid: Money { minor: 500, currency: "eur".into() },
        outcome,
        // What costs nothing, by a voucher, has no payment.
        intent: (number < 5).then(|| format!("pi_{number}")),
    }
}

fn facts() -> Vec<Fact> {
    let refund = |number: u8, refunded| Fact::Refund { intent: format!("pi_{number}"), refunded };
    let dispute =
        |number: u8, state| Fact::Dispute { intent: format!("pi_{number}"), id: format!("dp_{number}"), state };
    let link = |number: u8| Fact::Link { id: format!("in_{number}"), intent: format!("pi_{number}") };
    vec![
        purchase(1, Outcome::Pending),
        purchase(1, Outcome::Paid),
        refund(1, 150),
        refund(1, 500),
        purchase(2, Outcome::Paid),
        dispute(2, Dispute::Open),
        dispute(2, Dispute::Won),
        refund(2, 125),
        purchase(3, Outcome::Paid),
        purchase(4, Outcome::Failed),
        purchase(5, Outcome::Pending),
        purchase(5, Outcome::Paid),
        purchase(INVOICE, Outcome::Paid),
        link(INVOICE),
        refund(INVOICE, 250),
        link(FOREIGN),
        refund(FOREIGN, 250),
    ]
}

/// One history: the table at its end, and how often somebody died.
fn history(seed: u64, without: Option<Condition>) -> (Store, usize) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut store = Store::new();
    let mut waiting: Vec<Task> = facts().into_iter().map(Task::Tell).collect();
    waiting.extend((0..8).flat_map(|number| {
        // A worker and the sweeper both want to settle, each in its own way.
        [Task::Hold(number), Task::Hold(number), Task::Settle(number, true), Task::Settle(number, false)]
    }));
    let mut actors: Vec<Actor> = Vec::new();
    let mut crashes = 0;
    // Without a condition some wait for ever for what cannot be.
    for _ in 0..5000 {
        if waiting.is_empty() && actors.is_empty() {
            break;
        }
        if actors.is_empty() || (!waiting.is_empty() && actors.len() < 6 && dice.roll(2) == 0) {
            let task = waiting.swap_remove(dice.roll(waiting.len()));
            // Sometimes the same message comes twice at once.
            for _ in 0..=usize::from(dice.roll(4) == 0) {
                actors.push(Actor { task: task.clone(), ready: None });
            }
            continue;
        }
        let (at, roll) = (dice.roll(actors.len()), dice.roll(20));
        if roll == 0 {
            // It dies before its step; the message comes again.
            crashes += 1;
            waiting.push(actors.swap_remove(at).task);
            continue;
        }
        let wrote = actors[at].ready.is_some();
        if actors[at].step(&mut store, without) {
            let task = actors.swap_remove(at).task;
            if wrote && roll == 1 {
                // It dies after its write; the message comes again.
                crashes += 1;
                waiting.push(task);
            }
        }
    }
    (store, crashes)
}

/// What is wrong at the end.
fn judge(store: &Store) -> Result<(), String> {
    let Store { wallet, written, payments, .. } = store;
    let signed = |credits: u64| i64::try_from(credits).unwrap();
    let sum = |pick: fn(&Posting) -> i64| written.iter().map(pick).sum::<i64>();
    let sums =
        [sum(|posting| posting.entry.available), sum(|posting| posting.entry.held), sum(|posting| posting.entry.debt)];
    let sources: BTreeSet<&String> = written.iter().map(|posting| &posting.entry.source).collect();
    let gapless = (1..).zip(written).all(|(number, posting)| posting.entry.sequence == number);
    let holding = store.generations.values().filter(|holding| **holding).count();
    // Five purchases were paid; of the first all went back, of the second a quarter, of the invoice half.
    let ends: Vec<(u64, bool)> = payments.values().map(|payment| (payment.taken, payment.granted)).collect();
    let bought = written.iter().filter(|posting| posting.entry.source.starts_with("pay#"));
    let bought: i64 = bought.map(|posting| posting.entry.available - posting.entry.debt).sum();
    let rules = [
        (sources.len() == written.len(), "an entry was written twice"),
        (sums == [wallet.available, wallet.held, wallet.debt].map(signed), "the entries are not the wallet"),
        (gapless, "the entries have gaps"),
        (usize::try_from(wallet.held) == Ok(holding), "credits are held that no generation holds"),
        (
            ends == [(20, true), (5, true), (0, true), (0, false), (0, true), (10, true), (0, false)],
            "the purchases ended otherwise",
        ),
        (bought == 65, "the purchases gave other credits than they are worth"),
    ];
    match rules.iter().find(|(kept, _)| !kept) {
        Some((_, broken)) => Err(format!("{broken}: {wallet:?}, entries {sums:?}, bought {bought}, {ends:?}")),
        None => Ok(()),
    }
}

#[test]
fn whatever_happens_between_two_steps_the_books_add_up() {
    let mut all = 0;
    for seed in 0..5000 {
        let (store, crashes) = history(seed, None);
        judge(&store).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
        all += crashes;
    }
    assert!(all > 5000, "{all} crashes");
}

#[test]
fn without_any_one_condition_they_do_not() {
    for condition in [Condition::Wallet, Condition::Payment, Condition::Charge] {
        let wrong = (0..1000).filter(|seed| judge(&history(*seed, Some(condition)).0).is_err()).count();
        assert!(wrong > 0, "{condition:?} was taken away and nobody noticed");
    }
}

/// The entry's own key forbids a second grant even where all else was forgotten: rows restored from an older copy.
#[test]
fn a_purchase_whose_rows_were_lost_is_not_granted_again() {
    for (without, entries) in [(None, 0), (Some(Condition::Entry), 1)] {
        let (mut store, _) = history(1, None);
        let before = store.written.len();
        store.payments.clear();
        store.charges.clear();
        let again = decide(&Task::Tell(purchase(3, Outcome::Paid)), &store).unwrap();
        assert_eq!(store.transact(&again, without), without.is_some());
        assert_eq!(store.written.len() - before, entries);
    }
}
