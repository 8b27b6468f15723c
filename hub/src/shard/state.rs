//! All that a shard owns.

use std::cell::{RefCell, RefMut};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use plenum_domain::Timestamp;
use plenum_rooms::engine::{Audience, Codec, Engine, Refusal, Ticket};
use plenum_rooms::{Input, RoomRef};
use tokio::sync::{Notify, oneshot};

use super::desk::Desks;
use super::fanout::Readers;
use super::health::{JournalState, Vitals};
use super::links::Links;
use super::message::{SocketId, ticket};
use super::strain::Strain;
use super::waiting::{Waiters, Waiting};
use super::walks::Walks;
use crate::socket::{Identify, Later, Locating, Place, Sockets, WireSettings};

/// A shard on its thread: tasks of its sockets and its driver take turns with it and never hold it over an await.
#[derive(Clone)]
pub(crate) struct ShardCell {
    inner: Rc<Cell>,
}

struct Cell {
    shard: RefCell<Shard>,
    /// Rung when there is work for the driver.
    work: Notify,
}

impl ShardCell {
    pub(super) fn new(shard: Shard) -> Self {
        Self { inner: Rc::new(Cell { shard: RefCell::new(shard), work: Notify::new() }) }
    }

    /// The shard, for as long as the caller does not await.
    pub(crate) fn get(&self) -> RefMut<'_, Shard> {
        self.inner.shard.borrow_mut()
    }

    /// Lets the driver run.
    pub(crate) fn ring(&self) {
        self.inner.work.notify_one();
    }

    pub(super) async fn rung(&self) {
        self.inner.work.notified().await;
    }
}

/// One shard.
pub(crate) struct Shard {
    pub(crate) me: usize,
    pub(crate) links: Arc<Links>,
    pub(super) desks: Desks,
    /// Generations of sources that were given so far.
    pub(super) generations: u32,
    /// Inputs of moderators go before all others.
    pub(super) urgent: VecDeque<Input>,
    pub(super) inbox: VecDeque<Input>,
    pub(super) waiters: Waiters,
    pub(crate) sockets: Sockets,
    pub(crate) wire: WireSettings,
    /// Who knows whose a token is; known once the shard listens.
    pub(crate) who: Option<Arc<dyn Identify>>,
    /// Sockets whose token must be looked up.
    pub(crate) wants_check: Vec<(SocketId, Later)>,
    /// Sockets with answers that leave at the end of the turn.
    pub(crate) corked: Vec<SocketId>,
    pub(super) readers: Readers,
    pub(super) walks: Walks,
    /// Other shards that have readers of a room of this one, as bits.
    pub(super) remote: HashMap<RoomRef, u64>,
    pub(super) stopping: Option<oneshot::Sender<()>>,
    pub(super) strain: Strain,
    /// When this turn began.
    pub(super) turn_at: Timestamp,
    pub(super) limits_swept_at: Timestamp,
    pub(super) space_made_at: Timestamp,
    /// What waits for rooms to be found.
    pub(crate) locating: Locating,
}

impl Shard {
    /// # Errors
    /// The process has no file descriptor left for the shard's sockets.
    pub(super) fn new(me: usize, links: Arc<Links>, wire: WireSettings) -> std::io::Result<Self> {
        Ok(Self {
            me,
            links,
            desks: Desks::new(),
            generations: 0,
            urgent: VecDeque::new(),
            inbox: VecDeque::new(),
            waiters: Waiters::default(),
            sockets: Sockets::new(me as u8)?,
            wire,
            who: None,
            wants_check: Vec::new(),
            corked: Vec::new(),
            readers: Readers::default(),
            walks: Walks::default(),
            remote: HashMap::new(),
            stopping: None,
            strain: Strain::default(),
            turn_at: Timestamp::from_ms(0),
            limits_swept_at: Timestamp::from_ms(0),
            space_made_at: Timestamp::from_ms(0),
            locating: Locating::default(),
        })
    }

    /// The hub's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.links.clock.now()
    }

    /// For measuring how long something took.
    pub(super) fn instant(&self) -> Instant {
        self.links.clock.instant()
    }

    /// The hub's time when this turn began: exact enough for deadlines, and not a clock read per delivery.
    pub(crate) fn now_of_turn(&self) -> Timestamp {
        self.turn_at
    }

    /// Notes who waits, and gives the ticket for the answer.
    pub(crate) fn wait(&mut self, waiting: Waiting) -> Ticket {
        ticket(self.me as u8, self.waiters.add(waiting))
    }

    /// Who waited with a ticket is answered otherwise.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        self.waiters.take(super::message::waiter(ticket).1);
    }

    /// Sends an input to the owner of its room; `urgent` when a moderator sends it.
    ///
    /// # Errors
    /// `hub.busy` when the owner has too much to do.
    pub(crate) fn send(&mut self, owner: usize, input: Input, urgent: bool) -> Result<(), Refusal> {
        if self.waiters.len() > super::links::ANSWERS {
            return Err(Refusal::busy("too many answers are waited for; try again", 250));
        }
        if owner != self.me {
            return self.links.post(owner, input);
        }
        let lane = if urgent { &mut self.urgent } else { &mut self.inbox };
        if lane.len() >= super::links::MAILBOX {
            return Err(Refusal::busy("the hub has more to do than it can; try again", 250));
        }
        lane.push_back(input);
        Ok(())
    }

    /// Sends an input that must arrive: the end of a stay in a room.
    pub(crate) fn send_sure(&mut self, owner: usize, input: Input) {
        if owner == self.me {
            self.inbox.push_back(input);
        } else {
            self.links.tell(owner, super::message::News::Input(input));
        }
    }

    /// A socket begins to read a room's pushes.
    pub(crate) fn read_with(
        &mut self,
        room: RoomRef,
        audience: Audience,
        codec: Codec,
        id: SocketId,
    ) -> Place {
        self.readers.add(room, audience, codec, id)
    }

    /// A socket reads no more. Returns the socket that took its place in the list.
    pub(crate) fn stop_reading(&mut self, room: RoomRef, place: Place) -> Option<SocketId> {
        self.readers.remove(room, place)
    }

    /// The first desk's trouble with its journal.
    fn journal_state(&self) -> JournalState {
        let mut states = self.desks.values().map(|desk| &desk.journal);
        states.find(|state| **state != JournalState::Good).cloned().unwrap_or_default()
    }

    pub(super) fn vitals(&self) -> Vitals {
        Vitals {
            shard: self.me,
            rooms: self.sum(Engine::rooms),
            subscriptions: self.sum(Engine::subscriptions),
            timers: self.sum(Engine::timers),
            sockets: self.sockets.len(),
            blocked: self.sockets.blocked(),
            outbox_bytes: self.sockets.outbox_bytes(),
            waiters: self.waiters.len(),
            pushes: self.links.backlogs[self.me].waiting(),
            inbox: self.inbox.len() + self.urgent.len() + self.waiters.len(),
            held: self.held(),
            walks: self.walks.len(),
            journal: self.journal_state(),
        }
    }

    /// A figure of all engines.
    fn sum(&self, figure: impl Fn(&Engine) -> usize) -> usize {
        self.desks.values().map(|desk| figure(&desk.engine)).sum()
    }
}
