//! The service as a machine of small steps: the table's rows, the queue, the bucket, and whoever is at work.
//!
//! What is decided, the domain's own code decides ([`Generation`], [`Wallet`]). What is modelled is around it: a write
//! happens only if its condition holds at that moment, and between any two steps another may go, or die.

use domain::credits::{Posting, Wallet};
use domain::generation::{Generation, Photo, ResultFile, Stage, Status};
use domain::ids::{AccountId, GenerationId, UploadId, UserId};
use domain::options::Options;
use domain::upload::PhotoType;
use domain::{Timestamp, after};
use std::sync::OnceLock;

/// Generations that there can be.
pub(crate) const BOTH: usize = 2;
/// Results in the bucket: none, some, or all with the report.
pub(crate) const WHOLE: u8 = 2;

const STATUSES: [Status; 5] = [Status::Queued, Status::Running, Status::Succeeded, Status::Failed, Status::Cancelled];

/// The conditions of the writes. All hold in the service; a test leaves one out to see that it is missed.
#[derive(Clone, Copy)]
pub(crate) struct Laws {
    /// A generation is written only if status and claim are those that were read.
    pub(crate) fence: bool,
    /// A wallet is written only if its version is the one that was read.
    pub(crate) version: bool,
    /// An order is written only if its `Idempotency-Key` is new.
    pub(crate) wish: bool,
    /// `upkeep` looks at what is due.
    pub(crate) upkeep: bool,
    /// A worker that comes to an ended generation erases what was stored for it, if nobody wants it.
    pub(crate) discard: bool,
}

/// The service as it is.
pub(crate) const SERVICE: Laws = Laws { fence: true, version: true, wish: true, upkeep: true, discard: true };

/// How much of the world there is.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) laws: Laws,
    /// Generations that are ordered.
    pub(crate) generations: usize,
    /// Who may be at work at once.
    pub(crate) at_work: usize,
    /// Claims of one generation, after which no worker takes it any more.
    pub(crate) claims: u8,
    /// Copies of one generation's message.
    pub(crate) copies: u8,
    /// Whether a message may reach two workers at once, and two may so believe that it is theirs to acknowledge.
    pub(crate) duplicates: bool,
    /// Whether messages may end among the dead letters.
    pub(crate) dead_letters: bool,
    /// Whether anybody cancels or deletes; without them it must end by itself.
    pub(crate) people: bool,
    /// Whether credits are bought and the money goes back meanwhile.
    pub(crate) payments: bool,
    /// Credits at the beginning.
    pub(crate) credits: u8,
}

/// What a row holds of a generation that any decision looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) status: u8,
    pub(crate) claim: u8,
    pub(crate) attempts: u8,
    pub(crate) is_due: bool,
    pub(crate) is_late: bool,
    pub(crate) files: bool,
    pub(crate) deleted: bool,
}

impl Row {
    pub(crate) fn status(self) -> Status {
        STATUSES[usize::from(self.status)]
    }

    pub(crate) fn of(generation: &Generation) -> Self {
        let status = STATUSES.iter().position(|status| *status == generation.status).unwrap();
        let is_open = !generation.status.is_terminal();
        Self {
            status: u8::try_from(status).unwrap(),
            claim: u8::try_from(generation.claim).unwrap(),
            attempts: u8::try_from(generation.attempts).unwrap(),
            is_due: is_open && generation.due.is_none_or(|due| due <= now()),
            is_late: is_open && generation.deadline <= now(),
            files: !generation.files.is_empty(),
            deleted: generation.deleted.is_some(),
        }
    }

    /// The generation as the domain knows it.
    pub(crate) fn read(self, number: usize) -> Generation {
        let time = |is_past| if is_past { after(now(), -1) } else { after(now(), 10_000) };
        Generation {
            status: self.status(),
            stage: Stage::Waiting,
            claim: self.claim.into(),
            attempts: self.attempts.into(),
            due: if self.status().is_terminal() { None } else { Some(time(self.is_due)) },
            deadline: time(self.is_late),
            files: if self.files { vec![file()] } else { Vec::new() },
            deleted: self.deleted.then(now),
            ..opened(number)
        }
    }
}

/// Time stands still at this moment: what has come and what has not is a step of its own, which may happen at any time.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_000_000).unwrap()
}

/// One stored file.
pub(crate) fn file() -> ResultFile {
    ResultFile { name: String::new(), content_type: String::new(), bytes: 1 }
}

/// A new generation.
pub(crate) fn opened(number: usize) -> Generation {
    static OPENED: OnceLock<[Generation; BOTH]> = OnceLock::new();
    OPENED.get_or_init(|| [open(0), open(1)])[number].clone()
}

fn open(number: usize) -> Generation {
    let dice = [u8::try_from(number).unwrap(); 10];
    let photo =
        Photo { upload: UploadId::fresh(now(), dice), version: String::new(), content_type: PhotoType::Png, bytes: 9 };
    let (id, user) = (GenerationId::fresh(now(), dice), UserId::fresh(now(), [0; 10]));
    Generation::open(id, user, account(), photo, Options::default(), now())
}

fn account() -> AccountId {
    AccountId::fresh(now(), [0; 10])
}

/// Who is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Who {
    Client,
    Worker,
    Upkeep,
    Burier,
    Canceller,
    Deleter,
    Bank,
}

/// What somebody does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Next {
    ReadWallet,
    Order { seen: Coins },
    Send,
    ReadRow,
    Claim { before: Row, after: Row },
    Call { row: Row },
    Save { row: Row },
    StoreSome { row: Row },
    StoreReport { row: Row },
    Requeue { before: Row, after: Row },
    Settle { before: Row, after: Row },
    End { before: Row, after: Row, seen: Coins },
    Discard,
    Acknowledge,
    LookForResults { before: Row, otherwise: Option<Row> },
    Erase { before: Row },
    Hide { before: Row },
    Pay { seen: Coins },
}

/// What a wallet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Coins {
    /// Available, held, debt.
    pub(crate) amounts: [u8; 3],
    pub(crate) open: u8,
    pub(crate) version: u8,
}

impl Coins {
    /// The wallet as the domain knows it.
    pub(crate) fn read(self) -> Wallet {
        let [available, held, debt] = self.amounts.map(u64::from);
        Wallet { account: account(), available, held, debt, open: self.open.into(), version: self.version.into() }
    }
}

/// Somebody at work for one generation (for the bank: one event).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Process {
    pub(crate) who: Who,
    pub(crate) number: usize,
    pub(crate) next: Next,
}

impl Process {
    /// Whether it came by a message, which it acknowledges at the end or leaves to come again.
    pub(crate) fn has_message(self) -> bool {
        matches!(self.who, Who::Worker | Who::Burier)
    }
}

/// Everything there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) rows: [Option<Row>; BOTH],
    pub(crate) messages: [u8; BOTH],
    pub(crate) objects: [u8; BOTH],
    /// Whether somebody began to delete it.
    pub(crate) erasing: [bool; BOTH],
    pub(crate) wallet: Coins,
    /// The same, as the entries add up.
    pub(crate) entries: [i8; 3],
    /// Captures and releases of each.
    pub(crate) settled: [[u8; 2]; BOTH],
    /// Events of the bank that were applied: the purchase, the refund.
    pub(crate) applied: [bool; 2],
    /// In order, so that it does not matter who came first.
    pub(crate) at_work: [Option<Process>; 3],
}

impl World {
    pub(crate) fn new(credits: u8) -> Self {
        Self {
            rows: [None; BOTH],
            messages: [0; BOTH],
            objects: [0; BOTH],
            erasing: [false; BOTH],
            wallet: Coins { amounts: [credits, 0, 0], open: 0, version: 1 },
            entries: [i8::try_from(credits).unwrap(), 0, 0],
            settled: [[0; 2]; BOTH],
            applied: [false; 2],
            at_work: [None; 3],
        }
    }

    /// Writes a movement: the wallet and its entry.
    pub(crate) fn post(&mut self, posting: &Posting) {
        let Posting { wallet, entry } = posting;
        let amounts = [wallet.available, wallet.held, wallet.debt].map(|number| u8::try_from(number).unwrap());
        let (open, version) = (u8::try_from(wallet.open).unwrap(), u8::try_from(wallet.version).unwrap());
        self.wallet = Coins { amounts, open, version };
        for (sum, change) in self.entries.iter_mut().zip([entry.available, entry.held, entry.debt]) {
            *sum += i8::try_from(change).unwrap();
        }
    }

    /// The same with somebody at another step, or gone.
    pub(crate) fn with(&self, place: usize, next: Option<Next>) -> Self {
        let mut world = *self;
        world.at_work[place] = next.and_then(|next| self.at_work[place].map(|one| Process { next, ..one }));
        world.at_work.sort_unstable();
        world
    }

    /// What is wrong with it, if anything.
    pub(crate) fn broken(&self) -> Option<String> {
        let open = |row: &Option<Row>| row.is_some_and(|row| !row.status().is_terminal());
        let opens = u8::try_from(self.rows.iter().filter(|row| open(row)).count()).unwrap();
        let Coins { amounts, open: told, .. } = self.wallet;
        if amounts.map(i16::from) != self.entries.map(i16::from) {
            return Some(format!("the wallet is {:?} and its entries add up to {:?}", amounts, self.entries));
        }
        if (amounts[1], told) != (opens, opens) {
            return Some(format!("{opens} are open, {} credits are held for {told}", amounts[1]));
        }
        for number in 0..BOTH {
            let (settled, row) = (self.settled[number], self.rows[number]);
            let due = match row.map(Row::status) {
                None | Some(Status::Queued | Status::Running) => [0, 0],
                Some(Status::Succeeded) => [1, 0],
                Some(Status::Failed | Status::Cancelled) => [0, 1],
            };
            if settled != due {
                return Some(format!("generation {number} is {row:?} and was settled {settled:?} (charged, released)"));
            }
            let is_there = row.is_some_and(|row| row.status() == Status::Succeeded && !row.deleted);
            if is_there && !self.erasing[number] && self.objects[number] != WHOLE {
                return Some(format!("generation {number} succeeded and its model is not there"));
            }
        }
        None
    }

    /// Whether a step from here to there changed what must stay as it is.
    pub(crate) fn forbids(&self, next: &Self) -> Option<String> {
        for number in 0..BOTH {
            let (Some(before), Some(after)) = (self.rows[number], next.rows[number]) else { continue };
            let ended = before.status().is_terminal();
            if ended && (before.status() != after.status() || before.deleted && !after.deleted) {
                return Some(format!("generation {number} had ended as {before:?} and became {after:?}"));
            }
        }
        None
    }

    /// Whether all that was ordered has ended and, if `tidy`, nothing is left of what was deleted. (What a dead worker
    /// stored for a failed one goes when that is deleted.)
    pub(crate) fn is_settled(&self, tidy: bool) -> bool {
        (0..BOTH).all(|number| match self.rows[number] {
            None => true,
            Some(row) => row.status().is_terminal() && (!row.deleted || !tidy || self.objects[number] == 0),
        })
    }
}
