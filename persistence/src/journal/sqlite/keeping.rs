//! Keeping rooms' states. A large one is written in pieces, a commit each, so that no append waits behind the whole; it
//! takes the place of the older one with the last commit, or not at all.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::commit::explain;
use super::queue::Keep;
use super::rooms::Rooms;
use crate::journal::record::check_covers;
use crate::journal::{Cost, Done, JournalError, Source};

/// Bytes of a piece: about as much as a commit of a busy hub's records.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

const INLINE: &str = "SELECT length(state) FROM snapshots WHERE room = $1";
const IS_THERE: &str = "SELECT 1 FROM snapshots WHERE room = $1 AND seq >= $2";
const KEEP: &str = "INSERT INTO snapshots (room, seq, state) VALUES ($1, $2, $3)
    ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, state = excluded.state";
const KEEP_PIECE: &str = "INSERT INTO pieces (room, seq, piece, bytes) VALUES ($1, $2, $3, $4)";
const FORGET: &str = "DELETE FROM pieces WHERE room = $1 AND seq = $2";
/// One piece of a state that is not the room's any more, or never became it.
const SWEEP: &str = "DELETE FROM pieces WHERE rowid = (SELECT rowid FROM pieces
    WHERE room = $1 AND seq <> (SELECT seq FROM snapshots WHERE snapshots.room = $1) LIMIT 1)
    RETURNING length(bytes)";
const SWEEP_ALL: &str = "DELETE FROM pieces WHERE NOT EXISTS
    (SELECT 1 FROM snapshots WHERE snapshots.room = pieces.room AND snapshots.seq = pieces.seq)";

/// A state that is being kept.
pub(super) struct Keeping {
    keep: Keep,
    stage: Stage,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    /// Whether it may be kept.
    Check,
    /// The piece with this number, of the room with this row.
    Piece(i64, usize),
    /// The state is there; the pieces of older ones go.
    Sweep(i64),
}

/// How a step went.
pub(super) enum Step {
    /// There is more to do.
    More(Keeping),
    /// It is over: who asked is to be told this.
    Over(Done<()>, Result<(), JournalError>),
}

/// What a step did: the stage after it, and by how many bytes all states grew.
type Taken = (Option<Stage>, i64);

impl Keeping {
    pub(super) const fn new(keep: Keep) -> Self {
        Self { keep, stage: Stage::Check }
    }

    /// The source whose state it is.
    pub(super) const fn source(&self) -> Source {
        self.keep.source
    }

    pub(super) fn cost(&self) -> Cost {
        Cost::of_snapshot(&self.keep.snapshot)
    }

    /// Takes one step: one commit. `admitted` says whether the source may still write. Returns by how many bytes all states
    /// grew.
    pub(super) fn step(
        mut self,
        db: &mut Connection,
        rooms: &mut Rooms,
        admitted: Result<(), JournalError>,
    ) -> (Step, i64) {
        let taken = admitted.and_then(|()| {
            self.try_step(db, rooms).unwrap_or_else(|error| {
                rooms.forget();
                Err(explain(&error))
            })
        });
        match taken {
            Ok((Some(stage), grown)) => {
                self.stage = stage;
                (Step::More(self), grown)
            }
            Ok((None, grown)) => (Step::Over(self.keep.done, Ok(())), grown),
            Err(error) => {
                let grown = self.give_up(db);
                (Step::Over(self.keep.done, Err(error)), grown)
            }
        }
    }

    /// Pieces of a state that will not be there take no space, if the disk lets them be deleted; else the next state of the
    /// room, or the next start, does it.
    fn give_up(&self, db: &Connection) -> i64 {
        let Stage::Piece(room, number) = self.stage else { return 0 };
        match db.execute(FORGET, params![room, self.keep.snapshot.seq.cast_signed()]) {
            Ok(_) => -((number * PIECE_BYTES) as i64),
            Err(_) => 0,
        }
    }

    fn try_step(
        &self,
        db: &mut Connection,
        rooms: &mut Rooms,
    ) -> rusqlite::Result<Result<Taken, JournalError>> {
        let (state, seq) = (&self.keep.snapshot.state, self.keep.snapshot.seq.cast_signed());
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let taken = match self.stage {
            Stage::Check => match self.place(&transaction, rooms)? {
                Ok(room) => begin(&transaction, room, seq, state)?,
                Err(refusal) => return Ok(Err(refusal)),
            },
            Stage::Piece(room, number) => {
                let mut pieces = state.chunks(PIECE_BYTES).skip(number);
                let bytes = pieces.next().unwrap_or_default();
                let mut keep = transaction.prepare_cached(KEEP_PIECE)?;
                keep.execute(params![room, seq, number as i64, bytes])?;
                let (next, grown) = match pieces.next() {
                    Some(_) => (Stage::Piece(room, number + 1), 0),
                    None => (Stage::Sweep(room), switch(&transaction, room, seq, &[])?),
                };
                (Some(next), grown + bytes.len() as i64)
            }
            Stage::Sweep(room) => {
                let mut sweep = transaction.prepare_cached(SWEEP)?;
                let swept = sweep.query_row([room], |row| row.get::<_, i64>(0)).optional()?;
                (swept.map(|_| Stage::Sweep(room)), -swept.unwrap_or_default())
            }
        };
        transaction.commit()?;
        Ok(Ok(taken))
    }

    fn place(&self, db: &Connection, rooms: &mut Rooms) -> rusqlite::Result<Result<i64, JournalError>> {
        let snapshot = &self.keep.snapshot;
        let place = rooms.place(db, snapshot.room, &snapshot.scope)?;
        Ok(match check_covers(place.last_seq, snapshot) {
            Ok(()) => Ok(place.row),
            Err(refusal) => {
                // The transaction that may have added the room's row is given up.
                rooms.forget();
                Err(refusal)
            }
        })
    }
}

/// The first step of a state that may be kept: all of it when it is small.
fn begin(db: &Connection, room: i64, seq: i64, state: &[u8]) -> rusqlite::Result<Taken> {
    if db.prepare_cached(IS_THERE)?.exists(params![room, seq])? {
        return Ok((None, 0));
    }
    // Of a try that did not come to its end.
    db.prepare_cached(FORGET)?.execute(params![room, seq])?;
    if state.len() > PIECE_BYTES {
        return Ok((Some(Stage::Piece(room, 0)), 0));
    }
    Ok((Some(Stage::Sweep(room)), switch(db, room, seq, state)?))
}

/// Lets a state take the place of the older one, with these bytes beside those in pieces. Returns how many more these are.
fn switch(db: &Connection, room: i64, seq: i64, inline: &[u8]) -> rusqlite::Result<i64> {
    let before: Option<i64> = db.prepare_cached(INLINE)?.query_row([room], |row| row.get(0)).optional()?;
    db.prepare_cached(KEEP)?.execute(params![room, seq, inline])?;
    Ok(inline.len() as i64 - before.unwrap_or_default())
}

/// Deletes what a writer left that ended in the middle of a state.
pub(super) fn sweep(db: &Connection) -> rusqlite::Result<()> {
    db.execute(SWEEP_ALL, []).map(|_| ())
}
