//! What every shard knows of the others: their mailboxes, the directory, and what the node shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use plenum_persistence::store::Urgency;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Input, Refusal};
use tokio::sync::mpsc;

use super::backlog::Backlog;
use super::directory::{Directory, Place};
use super::message::{Ask, Mail, News};
use crate::clock::Clock;
use crate::cluster::{Journals, Outside};
use crate::limits::Limits;
use crate::telemetry::Tracer;

/// How many inputs may wait before a shard; past it they are refused.
pub(super) const MAILBOX: usize = 16_384;
/// How many answers the sockets of a shard may wait for; past it their commands are refused.
pub(super) const ANSWERS: usize = 65_536;

/// Handles to all shards of the node and to what they share.
pub(crate) struct Links {
    pub(super) mail: Vec<mpsc::Sender<Mail>>,
    pub(super) news: Vec<mpsc::UnboundedSender<News>>,
    /// The pushes among them.
    pub(super) backlogs: Vec<Backlog>,
    pub(crate) directory: Directory,
    pub(crate) journals: Arc<dyn Journals>,
    /// The other nodes; none when there are none.
    pub(crate) outside: Option<Arc<Outside>>,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    /// Follows some commands.
    pub(crate) tracer: Tracer,
    /// Somebody waits for what the store writes behind.
    pub(super) urgency: Urgency,
    /// This process is about to end: nobody new is let in.
    pub(super) closing: AtomicBool,
}

impl Links {
    /// Where a room is.
    ///
    /// # Errors
    /// `hub.not_found`.
    pub(crate) fn place(&self, room: RoomRef) -> Result<Place, Refusal> {
        let missing = || Refusal::new("hub.not_found", format!("there is no room {room}"));
        self.directory.find(room).ok_or_else(missing)
    }

    /// The history of a room's journal, as clients see it; none when nobody was asked about the room yet.
    pub(crate) fn epoch(&self, room: RoomRef) -> Option<String> {
        let conference = self.directory.find(room)?.scope.conference;
        let elsewhere = || self.outside.as_ref().and_then(|outside| outside.history(conference));
        let history = self.journals.history(conference).or_else(elsewhere);
        history.map(|history| format!("{history:016x}"))
    }

    /// Sends an input to the shard that owns its room.
    ///
    /// # Errors
    /// `hub.busy` when the shard's mailbox is full.
    pub(crate) fn post(&self, shard: usize, input: Input) -> Result<(), Refusal> {
        self.mail[shard].try_send(Mail::Input(input)).map_err(|_| busy())
    }

    pub(super) fn ask(&self, shard: usize, ask: Ask) -> Result<(), Refusal> {
        self.mail[shard].try_send(Mail::Ask(ask)).map_err(|_| busy())
    }

    /// Tells a shard something that it must hear. Only a push may be dropped, when too many wait: who misses it is shown
    /// the room's state.
    pub(crate) fn tell(&self, shard: usize, news: News) {
        if news.pushed().is_some_and(|room| !self.backlogs[shard].enter(room)) {
            return;
        }
        // A shard that has stopped has no sockets and no rooms any more: there is nobody to tell.
        let _ = self.news[shard].send(news);
    }

    /// Whether this process is about to end.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    pub(crate) fn shards(&self) -> usize {
        self.news.len()
    }
}

fn busy() -> Refusal {
    metrics::counter!("plenum_mailbox_refused_total").increment(1);
    Refusal::busy("the hub has more to do than it can; try again", 250)
}
