//! What may happen next: somebody begins, goes on, or dies; time passes.

use crate::world::{Bounds, Coins, Next, Process, Row, WHOLE, Who, World, file, now, opened};
use domain::credits::Kind;
use domain::generation::{Claim, Failure, Repair, Stage, Status};
use domain::{after, plan};

/// What happened, and the world after it.
pub(crate) type Step = (Event, World);

/// What happened, for whoever reads the way to a fault.
#[derive(Debug, Clone, Copy)]
#[expect(dead_code, reason = "read through Debug")]
pub(crate) enum Event {
    Beginning,
    Comes(Process),
    Dies(Process),
    Does(Process),
    TimeOf(usize),
    DeadlineOf(usize),
}

/// Every step that may come next.
pub(crate) fn steps(world: &World, bounds: &Bounds) -> Vec<Step> {
    let mut all = Vec::new();
    for number in 0..bounds.generations {
        begin(world, bounds, number, &mut all);
        pass_time(world, number, &mut all);
    }
    if bounds.payments {
        for event in 0..2 {
            enter(world, bounds, Process { who: Who::Bank, number: event, next: Next::ReadWallet }, &mut all);
        }
    }
    for (place, process) in world.at_work.iter().enumerate() {
        let Some(process) = process else { continue };
        all.push((Event::Dies(*process), world.with(place, None)));
        all.extend(go_on(world, bounds, place, *process).into_iter().map(|next| (Event::Does(*process), next)));
    }
    all
}

/// Somebody comes in, if there is room.
fn enter(world: &World, bounds: &Bounds, process: Process, all: &mut Vec<Step>) {
    let busy = world.at_work.iter().flatten().count();
    if busy < bounds.at_work {
        let mut next = *world;
        next.at_work[0] = Some(process); // in order, the free places come first
        next.at_work.sort_unstable();
        all.push((Event::Comes(process), next));
    }
}

/// Who may begin to work on a generation. A message that was received stays until it is acknowledged: it may come twice.
fn begin(world: &World, bounds: &Bounds, number: usize, all: &mut Vec<Step>) {
    let mut come = |who, next| enter(world, bounds, Process { who, number, next }, all);
    let Some(row) = world.rows[number] else {
        return come(Who::Client, Next::ReadWallet);
    };
    let held = world.at_work.iter().flatten().filter(|one| one.number == number && one.has_message()).count();
    let held = if bounds.duplicates { 0 } else { held };
    if usize::from(world.messages[number]) > held {
        if bounds.dead_letters {
            come(Who::Burier, Next::ReadRow);
        }
        if row.status().is_terminal() || row.claim < bounds.claims {
            come(Who::Worker, Next::ReadRow);
        }
    }
    if row.is_due && bounds.laws.upkeep {
        come(Who::Upkeep, Next::ReadRow);
    }
    if bounds.people && !row.status().is_terminal() {
        come(Who::Canceller, Next::ReadRow);
    }
    if bounds.people && !row.deleted {
        come(Who::Deleter, Next::ReadRow);
    }
}

/// A lease lapses, a queued one has waited, a deadline goes by: at any time, whoever is still at work.
fn pass_time(world: &World, number: usize, all: &mut Vec<Step>) {
    let Some(row) = world.rows[number].filter(|row| !row.status().is_terminal()) else { return };
    let mut to = |event, row| {
        let mut next = *world;
        next.rows[number] = Some(row);
        all.push((event, next));
    };
    if !row.is_due {
        to(Event::TimeOf(number), Row { is_due: true, ..row });
    }
    if !row.is_late {
        to(Event::DeadlineOf(number), Row { is_late: true, ..row });
    }
}

/// What one's next step leads to: several where the world may answer in several ways.
fn go_on(world: &World, bounds: &Bounds, place: usize, process: Process) -> Vec<World> {
    let Process { who, number, .. } = process;
    let to = |next| world.with(place, next);
    match process.next {
        Next::ReadWallet if who == Who::Bank => vec![to(Some(Next::Pay { seen: world.wallet }))],
        Next::ReadWallet if world.rows[number].is_some() => vec![to(None)],
        Next::ReadWallet => vec![to(Some(Next::Order { seen: world.wallet }))],
        Next::Order { seen } => vec![order(world, bounds, place, number, seen)],
        Next::Pay { seen } => vec![pay(world, bounds, place, number, seen)],
        Next::Send => {
            let mut next = to(None);
            next.messages[number] = (next.messages[number] + 1).min(bounds.copies);
            vec![next]
        }
        Next::ReadRow => vec![to(read(world, bounds, who, number))],
        Next::Claim { before, after } => {
            vec![write(world, bounds, place, before, after, Some(Next::Call { row: after }), None)]
        }
        Next::Call { row } => called(row, number).into_iter().map(|next| to(Some(next))).collect(),
        Next::Save { row } => {
            vec![write(world, bounds, place, row, row, Some(Next::StoreSome { row }), Some(Next::Discard))]
        }
        Next::StoreSome { row } => {
            let mut next = to(Some(Next::StoreReport { row }));
            next.objects[number] = next.objects[number].max(1);
            vec![next]
        }
        Next::StoreReport { row } => {
            let mut next = to(succeeded(row, number));
            next.objects[number] = WHOLE;
            vec![next]
        }
        Next::Requeue { before, after } => {
            let (done, raced) = match who {
                Who::Upkeep => (Some(Next::Send), None),
                _ => (None, Some(Next::Discard)),
            };
            vec![write(world, bounds, place, before, after, done, raced)]
        }
        Next::Settle { before, after } => vec![to(Some(Next::End { before, after, seen: world.wallet }))],
        Next::End { before, after, seen } => vec![end(world, bounds, place, (before, after), seen)],
        Next::Discard => {
            let mut next = to(Some(Next::Acknowledge));
            let row = world.rows[number].unwrap();
            if row.deleted || row.status().is_terminal() && !row.files {
                next.objects[number] = 0;
            }
            vec![next]
        }
        Next::Acknowledge => {
            let mut next = to(None);
            next.messages[number] = next.messages[number].saturating_sub(1);
            vec![next]
        }
        Next::LookForResults { before, otherwise } => {
            let whole = before.status() == Status::Running && world.objects[number] == WHOLE;
            let next =
                if whole { succeeded(before, number) } else { otherwise.map(|after| ended_or_queued(before, after)) };
            vec![to(next)]
        }
        Next::Erase { before } => {
            let mut next = to(Some(Next::Hide { before }));
            next.objects[number] = 0;
            next.erasing[number] = true;
            vec![next]
        }
        Next::Hide { before } => {
            let after = Row::of(&before.read(number).delete(now()));
            vec![write(world, bounds, place, before, after, None, Some(Next::ReadRow))]
        }
    }
}

/// An order: key, generation, wallet and entry, all or nothing.
fn order(world: &World, bounds: &Bounds, place: usize, number: usize, seen: Coins) -> World {
    if bounds.laws.wish && world.rows[number].is_some() {
        return world.with(place, None); // the first click's is the answer
    }
    if bounds.laws.version && world.wallet.version != seen.version {
        return world.with(place, Some(Next::ReadWallet));
    }
    let generation = opened(number);
    let Ok(hold) = seen.read().hold(&generation.id, generation.price, now()) else {
        return world.with(place, None);
    };
    let mut next = world.with(place, Some(Next::Send));
    next.rows[number] = Some(Row::of(&generation));
    next.post(&hold);
    next
}

/// The bank's event and its credits, all or nothing; it may come any number of times.
fn pay(world: &World, bounds: &Bounds, place: usize, event: usize, seen: Coins) -> World {
    if world.applied[event] {
        return world.with(place, None);
    }
    if bounds.laws.version && world.wallet.version != seen.version {
        return world.with(place, Some(Next::ReadWallet));
    }
    let mut next = world.with(place, None);
    let posting = match event {
        0 => seen.read().grant("purchase".to_owned(), Kind::Purchase, 1, now()),
        _ => seen.read().claw_back("refund".to_owned(), 1, now()),
    };
    next.post(&posting);
    next.applied[event] = true;
    next
}

/// What follows from a row as it is now.
fn read(world: &World, bounds: &Bounds, who: Who, number: usize) -> Option<Next> {
    let before = world.rows[number]?;
    let generation = before.read(number);
    let failed = || Row::of(&generation.fail(failure(), now()).unwrap());
    match who {
        Who::Worker => match generation.claim(now(), after(now(), 120)) {
            Claim::Run(run) => Some(Next::Claim { before, after: Row::of(&run) }),
            Claim::Held => None,
            Claim::Ended if bounds.laws.discard => Some(Next::Discard),
            Claim::Ended => Some(Next::Acknowledge),
        },
        Who::Upkeep => match generation.repair(now()) {
            Repair::Nothing => None,
            Repair::SendAgain(queued) => Some(Next::LookForResults { before, otherwise: Some(Row::of(&queued)) }),
            Repair::Fail(_) => Some(Next::LookForResults { before, otherwise: Some(failed()) }),
        },
        Who::Burier if before.status().is_terminal() => Some(Next::Acknowledge),
        Who::Burier => Some(Next::Settle { before, after: failed() }),
        Who::Canceller | Who::Deleter => match generation.cancel(now()) {
            Ok(cancelled) => Some(Next::Settle { before, after: Row::of(&cancelled) }),
            Err(_) if who == Who::Deleter && !before.deleted => Some(Next::Erase { before }),
            Err(_) => None,
        },
        Who::Client | Who::Bank => None,
    }
}

/// What the endpoint may answer, and what `dispatch` makes of it.
fn called(row: Row, number: usize) -> Vec<Next> {
    let running = row.read(number);
    let back = |counted| Row::of(&running.requeue(counted, Stage::Waiting, now()).unwrap());
    let failed = Next::Settle { before: row, after: Row::of(&running.fail(failure(), now()).unwrap()) };
    let broke = if running.attempts + 1 >= plan::MAX_ATTEMPTS {
        failed
    } else {
        Next::Requeue { before: row, after: back(true) }
    };
    vec![Next::Save { row }, Next::Requeue { before: row, after: back(false) }, broke, failed]
}

fn succeeded(before: Row, number: usize) -> Option<Next> {
    let ended = before.read(number).succeed(vec![file()], serde_json::Value::Null, now()).ok()?;
    Some(Next::Settle { before, after: Row::of(&ended) })
}

fn ended_or_queued(before: Row, after: Row) -> Next {
    if after.status().is_terminal() { Next::Settle { before, after } } else { Next::Requeue { before, after } }
}

/// Writes a row if the one that was read still stands.
fn write(
    world: &World,
    bounds: &Bounds,
    place: usize,
    before: Row,
    after: Row,
    done: Option<Next>,
    raced: Option<Next>,
) -> World {
    let number = world.at_work[place].unwrap().number;
    if !stands(world, bounds, number, before) {
        return world.with(place, raced);
    }
    let mut next = world.with(place, done);
    // Time that has passed stays passed: the row's deadline is the same, whoever writes it.
    let is_late = world.rows[number].unwrap().is_late && !after.status().is_terminal();
    next.rows[number] = Some(Row { is_late, ..after });
    next
}

fn stands(world: &World, bounds: &Bounds, number: usize, before: Row) -> bool {
    let row = world.rows[number].unwrap();
    !bounds.laws.fence || (row.status(), row.claim) == (before.status(), before.claim)
}

/// Ends a generation and settles its credits, all or nothing.
fn end(world: &World, bounds: &Bounds, place: usize, (before, after): (Row, Row), seen: Coins) -> World {
    let Process { who, number, .. } = world.at_work[place].unwrap();
    let raced = match who {
        Who::Worker => Some(Next::Discard),
        Who::Canceller | Who::Deleter => Some(Next::ReadRow),
        Who::Client | Who::Upkeep | Who::Burier | Who::Bank => None,
    };
    if !stands(world, bounds, number, before) {
        return world.with(place, raced);
    }
    if bounds.laws.version && world.wallet.version != seen.version {
        return world.with(place, Some(Next::Settle { before, after }));
    }
    let Ok(posting) = seen.read().settle(&after.read(number), now()) else {
        return world.with(place, None);
    };
    let done = match who {
        Who::Worker | Who::Burier => Some(Next::Acknowledge),
        Who::Deleter => Some(Next::ReadRow),
        Who::Client | Who::Upkeep | Who::Canceller | Who::Bank => None,
    };
    let mut next = world.with(place, done);
    next.rows[number] = Some(after);
    next.settled[number][usize::from(after.status() != Status::Succeeded)] += 1;
    next.post(&posting);
    next
}

fn failure() -> Failure {
    Failure { kind: String::new(), title: String::new(), detail: String::new() }
}
