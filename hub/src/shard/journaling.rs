//! From the engine's appends to the journal, and back when they are durable or lost.

use plenum_domain::Id;
use plenum_persistence::journal::{JournalError, Source};
use plenum_rooms::engine::{Refusal, Snapshot};

use super::desk::Desk;
use super::health::JournalState;
use super::message::News;
use super::state::Shard;

/// How long senders wait before they try again while the disk is full, in milliseconds.
const FULL_RETRY_MS: u64 = 2_000;
/// How long they wait while the conference gets another owner, in milliseconds.
const MOVING_RETRY_MS: u64 = 500;
/// How long they wait while Redis does not answer, in milliseconds: it may be back in a moment.
const UNREACHABLE_RETRY_MS: u64 = 500;
/// While the journal's space runs out, so many rooms are kept so often, in milliseconds.
const KEPT_AT_ONCE: usize = 32;
const MAKE_SPACE_MS: i64 = 100;

impl Shard {
    /// Sends what was appended since the last time, as one batch.
    pub(super) fn append_batch(&mut self, key: Id, desk: &mut Desk) {
        if desk.batch.is_empty() {
            return;
        }
        let batch = std::mem::take(&mut desk.batch);
        let (upto, generation, me) = (desk.appended, desk.source.generation, self.me);
        let links = std::sync::Arc::clone(&self.links);
        let followed = links.tracer.appending(&batch);
        let done = move |result: Result<(), JournalError>| {
            links.tracer.appended(&followed, result.is_ok());
            links.tell(me, News::Journaled { desk: key, generation, upto, result });
        };
        if let Err(error) = self.links.journals.append(desk.source, batch, Box::new(done)) {
            self.journal_failed(desk, &error);
        }
    }

    /// The fate of a batch. What an older generation sent was given up already.
    pub(super) fn journaled(
        &mut self,
        key: Id,
        generation: u32,
        upto: u64,
        result: &Result<(), JournalError>,
    ) {
        self.with_desks(|shard, desks| {
            let desk = desks.get_mut(&key).filter(|desk| desk.source.generation == generation);
            match (desk, result) {
                (Some(desk), Ok(())) => {
                    desk.journal = JournalState::Good;
                    desk.engine.durable(upto);
                }
                (Some(desk), Err(error)) => shard.journal_failed(desk, error),
                (None, _) => {}
            }
        });
    }

    fn journal_failed(&mut self, desk: &mut Desk, error: &JournalError) {
        tracing::error!(shard = self.me, %error, "the journal refused a batch; its rooms are read back");
        metrics::counter!("plenum_journal_failures_total").increment(1);
        desk.journal = JournalState::from(error);
        self.generations += 1;
        desk.source.generation = self.generations;
        desk.batch.clear();
        desk.engine.failed(&refusal(error));
    }

    pub(super) fn keep(&self, source: Source, snapshot: Snapshot) {
        let (room, me, links) = (snapshot.room, self.me, std::sync::Arc::clone(&self.links));
        let fate = move |result: Result<(), JournalError>| {
            if let Err(error) = result {
                tracing::warn!(%room, %error, "a snapshot was not kept; a later one will be");
                links.tell(me, News::NotKept(room));
            }
        };
        let refused = fate.clone();
        if let Err(error) = self.links.journals.snapshot(source, snapshot, Box::new(fate)) {
            refused(Err(error));
        }
    }

    /// While the journal's space runs out, lets rooms be kept, a few at a time, so that their records can be trimmed.
    pub(super) fn make_space(&mut self) {
        if self.turn_at.since_ms(self.space_made_at) >= MAKE_SPACE_MS && self.links.journals.is_tight() {
            self.space_made_at = self.turn_at;
            self.desks.values_mut().for_each(|desk| desk.engine.snapshot_oldest(KEPT_AT_ONCE));
        }
    }
}

/// What a sender is told whose action could not be made durable.
pub(super) fn refusal(error: &JournalError) -> Refusal {
    match error {
        JournalError::NoSpace(_) => {
            let why = "the hub's disk is full, so nothing can be counted safely; your action was not counted, try again";
            Refusal::busy(why, FULL_RETRY_MS).with("reason", "journal_full")
        }
        JournalError::Full => {
            Refusal::busy("the hub's journal is behind; try again", 250).with("reason", "journal_busy")
        }
        JournalError::Fenced => {
            Refusal::busy("the conference is moving to another node; try again", MOVING_RETRY_MS)
                .with("reason", "moving")
        }
        JournalError::Unreachable(_) => {
            let why = "what the hub needs to count safely does not answer; try again with the same key";
            Refusal::busy(why, UNREACHABLE_RETRY_MS).with("reason", "journal_unreachable")
        }
        _ => Refusal::busy("the hub's journal failed; your action was not counted, try again", FULL_RETRY_MS)
            .with("reason", "journal_failed"),
    }
}
