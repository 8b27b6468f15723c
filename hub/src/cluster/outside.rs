//! The other nodes, as a shard sees them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use dashmap::{DashMap, DashSet};
use plenum_domain::Id;
use plenum_rooms::engine::Refusal;
use plenum_rooms::relay::Beat;
use plenum_rooms::{Input, RoomRef};
use tokio::sync::mpsc;

use super::ownership::Ownership;
use super::wire::{Down, Spread};
use crate::shard::Visitor;

/// Inputs for other nodes that may wait to be sent; past it they are refused.
const WAITING_MAX: usize = 32_768;
/// Beats that wait to be published; one more is dropped, and repeated to who asks for it.
const BEATS_MAX: usize = 1_024;
/// Messages that wait for one other node; one more, and its connection is given up and made anew.
const DOWN_MAX: usize = 65_536;

/// Told once a room was looked for: it is in the directory, or there is a reason why not.
pub(crate) type Found = Box<dyn FnOnce(Option<Refusal>) + Send>;

/// What shards want of other nodes.
pub(super) enum Wanted {
    /// Somebody here asks something of a conference that is elsewhere.
    Input(Id, Input),
    /// A room is meant that nobody here ever heard of.
    Room { room: RoomRef, found: Found },
    /// Someone's sockets are to be closed wherever they are.
    Close { participant: Id },
}

/// The other end of an [`Outside`].
pub(crate) struct Inbox {
    pub(super) wanted: mpsc::UnboundedReceiver<Wanted>,
    pub(super) beats: mpsc::Receiver<(Id, Beat<Spread>)>,
}

/// The other nodes: what to ask of them, and what to tell those that are connected.
pub struct Outside {
    wanted: mpsc::UnboundedSender<Wanted>,
    waiting: AtomicUsize,
    beats: mpsc::Sender<(Id, Beat<Spread>)>,
    visitors: DashMap<Visitor, mpsc::Sender<Down>>,
    last_visitor: AtomicU8,
    /// The conferences whose rooms are at desks here.
    mine: DashSet<Id>,
    /// What clients know as epoch, of conferences elsewhere.
    histories: DashMap<Id, u64>,
    ownership: Arc<dyn Ownership>,
}

impl Outside {
    pub(crate) fn new(ownership: Arc<dyn Ownership>) -> (Arc<Self>, Inbox) {
        let (to_wanted, wanted) = mpsc::unbounded_channel();
        let (to_beats, beats) = mpsc::channel(BEATS_MAX);
        let outside = Self {
            wanted: to_wanted,
            waiting: AtomicUsize::new(0),
            beats: to_beats,
            visitors: DashMap::new(),
            last_visitor: AtomicU8::new(0),
            mine: DashSet::new(),
            histories: DashMap::new(),
            ownership,
        };
        (Arc::new(outside), Inbox { wanted, beats })
    }

    /// Asks something of a conference that is elsewhere. That someone left is always taken.
    ///
    /// # Errors
    /// `hub.busy` when too much waits already.
    pub(crate) fn ask(&self, conference: Id, input: Input) -> Result<(), Refusal> {
        let must = matches!(input, Input::Leave { .. });
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX && !must {
            self.taken();
            metrics::counter!("plenum_forward_refused_total").increment(1);
            return Err(busy());
        }
        self.want(Wanted::Input(conference, input));
        Ok(())
    }

    /// An input was taken over by the router.
    pub(super) fn taken(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Looks for a room that is not in the directory.
    pub(crate) fn locate(&self, room: RoomRef, found: Found) {
        self.want(Wanted::Room { room, found });
    }

    /// Closes someone's sockets on all other nodes.
    pub(crate) fn close(&self, participant: Id) {
        self.want(Wanted::Close { participant });
    }

    fn want(&self, wanted: Wanted) {
        // The router ends with the process.
        let _ = self.wanted.send(wanted);
    }

    /// Sends a beat of a conference of ours to all nodes that listen.
    pub(crate) fn spread(&self, conference: Id, beat: Beat<Spread>) {
        if self.beats.try_send((conference, beat)).is_err() {
            metrics::counter!("plenum_beats_dropped_total").increment(1);
        }
    }

    /// Tells a connected node something. One that does not take it any more is given up: it comes back and starts anew.
    pub(crate) fn tell(&self, to: Visitor, message: Down) {
        let taken = self.visitors.get(&to).is_none_or(|line| line.try_send(message).is_ok());
        if !taken {
            self.dismiss(to);
        }
    }

    /// A node connected. None when there are too many.
    pub(super) fn admit(&self) -> Option<(Visitor, mpsc::Receiver<Down>)> {
        let next = || Visitor(self.last_visitor.fetch_add(1, Ordering::Relaxed).wrapping_add(1));
        let free = |one: &Visitor| *one != Visitor::HERE && !self.visitors.contains_key(one);
        let visitor = std::iter::repeat_with(next).take(512).find(free)?;
        let (line, messages) = mpsc::channel(DOWN_MAX);
        self.visitors.insert(visitor, line);
        Some((visitor, messages))
    }

    /// A node is gone, or is to go.
    pub(super) fn dismiss(&self, visitor: Visitor) {
        self.visitors.remove(&visitor);
    }

    /// Whether what a conference's rooms say may leave: its lease is trusted at this moment.
    pub(crate) fn may_act(&self, conference: Id) -> bool {
        self.ownership.held(conference).is_some()
    }

    /// Whether a conference's rooms are at a desk here.
    pub(super) fn is_mine(&self, conference: Id) -> bool {
        self.mine.contains(&conference)
    }

    pub(super) fn set_mine(&self, conference: Id, mine: bool) {
        if mine {
            self.mine.insert(conference);
        } else {
            self.mine.remove(&conference);
        }
    }

    /// The conferences whose rooms are at desks here.
    pub(super) fn all_mine(&self) -> Vec<Id> {
        self.mine.iter().map(|conference| *conference).collect()
    }

    /// What clients know as epoch of a conference elsewhere; none until it was asked for something.
    pub(crate) fn history(&self, conference: Id) -> Option<u64> {
        self.histories.get(&conference).map(|history| *history)
    }

    pub(super) fn learn_history(&self, conference: Id, history: u64) {
        self.histories.insert(conference, history);
    }
}

/// Too much waits already.
pub(super) fn busy() -> Refusal {
    Refusal::busy("the node of this room has more to do than it can; try again", 250)
}
