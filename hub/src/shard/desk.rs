//! A desk: one engine, and how far its journal is.

use std::collections::BTreeMap;

use plenum_domain::{Id, Timestamp};
use plenum_persistence::journal::Source;
use plenum_rooms::engine::{Engine, Loaded, Record};
use plenum_rooms::{Input, RoomRef};

use super::health::JournalState;
use super::relaying::Relay;
use super::state::Shard;

/// The desks of a shard. A single node has one a shard, for everything; in a cluster each conference that the node owns
/// has its own, since each has its own journal, its own end, and moves alone.
pub(super) type Desks = BTreeMap<Id, Desk>;

/// The key of the only desk of a single node's shard.
pub(super) const ONLY: Id = Id::from_bits(0);

/// One engine and its journal's state.
pub(super) struct Desk {
    pub(super) engine: Engine,
    pub(super) batch: Vec<Record>,
    pub(super) appended: u64,
    pub(super) source: Source,
    /// Never given twice in a shard: what was read for an earlier desk of the same conference is not this one's.
    pub(super) tenure: u32,
    pub(super) journal: JournalState,
    /// What other nodes hear of it; none on a single node.
    pub(super) relay: Option<Relay>,
}

impl Desk {
    pub(super) const fn new(engine: Engine, source: Source, relay: Option<Relay>) -> Self {
        let (tenure, journal) = (source.generation, JournalState::Good);
        Self { engine, batch: Vec::new(), appended: 0, source, tenure, journal, relay }
    }

    /// Whether nothing of it is on its way to the journal.
    pub(super) fn is_settled(&self) -> bool {
        self.engine.waiting() == 0 && self.batch.is_empty()
    }
}

impl Shard {
    /// The conference that an input is about; none when its room is not known here.
    pub(super) fn conference_of(&self, input: &Input) -> Option<Id> {
        let room = match input {
            Input::Open { scope, .. } => return Some(scope.conference),
            Input::Command { room, .. }
            | Input::Join { room, .. }
            | Input::Look { room, .. }
            | Input::Leave { room, .. } => *room,
            // Handled as soon as it is there: it is for one desk.
            Input::Reloaded(_) => return None,
        };
        self.links.directory.find(room).map(|place| place.scope.conference)
    }

    /// Lets the engine of its room handle an input; one whose conference is not here goes to where it is.
    pub(super) fn handle(&mut self, input: Input, now: Timestamp) {
        let key = match self.links.outside {
            None => Some(ONLY),
            Some(_) => self.conference_of(&input),
        };
        let here = |desk: &&mut Desk| !desk.relay.as_ref().is_some_and(Relay::is_leaving);
        match key.and_then(|key| self.desks.get_mut(&key)).filter(here) {
            Some(desk) => desk.engine.handle(input, now),
            None => self.send_away(key, input),
        }
    }

    /// The desk of a room, when it is here.
    pub(super) fn desk_of(&mut self, room: RoomRef) -> Option<&mut Desk> {
        let key = match self.links.outside {
            None => ONLY,
            Some(_) => self.links.directory.find(room)?.scope.conference,
        };
        self.desks.get_mut(&key)
    }

    /// A room came back from the journal, for the desk that asked for it, if that is still there.
    pub(super) fn reloaded(&mut self, loaded: Loaded, tenure: u32) {
        let now = self.now();
        if let Some(desk) = self.desks.values_mut().find(|desk| desk.tenure == tenure) {
            desk.engine.handle(Input::Reloaded(Box::new(loaded)), now);
        }
    }

    /// Lets time pass at every desk.
    pub(super) fn tick(&mut self, now: Timestamp) {
        let stretch_ms = self.strain.stretch_ms();
        for desk in self.desks.values_mut() {
            desk.engine.stretch(stretch_ms);
            desk.engine.tick(now);
        }
    }

    /// When the first of the desks wants to be called.
    pub(super) fn next_call(&self) -> Option<Timestamp> {
        self.desks.values().filter_map(|desk| desk.engine.next_call()).min()
    }

    /// How many outputs wait for a journal.
    pub(super) fn held(&self) -> usize {
        self.desks.values().map(|desk| desk.engine.waiting()).sum()
    }
}
