//! A room in the engine: its state, its order, who listens, what they were told.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use plenum_domain::{Id, Timestamp};

use super::hosted::Hosted;
use super::keys::Keys;
use super::payload::Codec;
use super::record::Scope;
use super::room::{AUDIENCES, Actor, Audience, SubId};
use super::saving::Saving;
use super::stream::Stream;
use crate::kinds::Kind;

/// One socket in the room.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) actor: Arc<Actor>,
    pub(super) audience: Audience,
    pub(super) codec: Codec,
}

pub(super) struct Seat {
    pub(super) kind: &'static Kind,
    pub(super) host: Box<dyn Hosted>,
    pub(super) scope: Scope,
    pub(super) seq: u64,
    pub(super) keys: Keys,
    streams: [[Stream; 2]; AUDIENCES.len()],
    pub(super) subscriptions: BTreeMap<SubId, Subscription>,
    /// The sockets of each person, for what is personal; its size is the presence.
    people: BTreeMap<Id, SocketsOf>,
    /// How many of the people are screens.
    screens: u32,
    /// The seq of the last personal push of each person: who was away during one gets the state.
    pub(super) personal: BTreeMap<Id, u64>,
    /// The seq at which audiences were last made anew: who was away then gets the state.
    pub(super) regrouped: u64,
    /// The state is being read back from the journal: nothing is accepted meanwhile.
    pub(super) reloading: bool,
    /// What was told last is still on its way to the sockets: the next beat waits for it.
    pub(super) telling: bool,
    pub(super) last_beat: Timestamp,
    pub(super) beat_at: Option<Timestamp>,
    pub(super) last_flicker: Timestamp,
    pub(super) flicker_at: Option<Timestamp>,
    /// The room's entry in the engine's agenda.
    pub(super) due: Option<Timestamp>,
    pub(super) saving: Saving,
}

impl Seat {
    pub(super) fn new(kind: &'static Kind, host: Box<dyn Hosted>, scope: Scope, seq: u64) -> Self {
        let long_ago = Timestamp::from_ms(i64::MIN / 2);
        let mut seat = Self {
            kind,
            host,
            scope,
            seq,
            keys: Keys::default(),
            streams: Default::default(),
            subscriptions: BTreeMap::new(),
            people: BTreeMap::new(),
            screens: 0,
            personal: BTreeMap::new(),
            regrouped: 0,
            reloading: false,
            telling: false,
            last_beat: long_ago,
            beat_at: None,
            last_flicker: long_ago,
            flicker_at: None,
            due: None,
            saving: Saving::default(),
        };
        seat.skip_streams();
        seat
    }

    pub(super) fn stream(&mut self, audience: Audience, codec: Codec) -> &mut Stream {
        &mut self.streams[audience.index()][codec.index()]
    }

    /// In which codecs an audience is read.
    pub(super) fn wanted(&self, audience: Audience) -> [bool; 2] {
        Codec::ALL.map(|codec| self.streams[audience.index()][codec.index()].readers > 0)
    }

    /// Streams that nobody reads move on without being encoded.
    pub(super) fn skip_unread(&mut self) {
        let seq = self.seq;
        self.streams.iter_mut().flatten().filter(|one| one.readers == 0).for_each(|one| one.skip_to(seq));
    }

    /// All streams move on: what they held is not true any more, or was never told.
    pub(super) fn skip_streams(&mut self) {
        let seq = self.seq;
        self.streams.iter_mut().flatten().for_each(|stream| stream.skip_to(seq));
    }

    /// Adds a socket; one that is there already is replaced.
    pub(super) fn subscribe(&mut self, sub: SubId, subscription: Subscription) {
        self.unsubscribe(sub);
        self.stream(subscription.audience, subscription.codec).readers += 1;
        match self.people.entry(subscription.actor.participant) {
            Entry::Occupied(mut known) => known.get_mut().add(sub),
            Entry::Vacant(new) => {
                self.screens += u32::from(is_screen(&subscription.actor));
                new.insert(SocketsOf::One(sub));
            }
        }
        self.subscriptions.insert(sub, subscription);
    }

    /// Removes a socket. Returns whether it was there.
    pub(super) fn unsubscribe(&mut self, sub: SubId) -> bool {
        let Some(gone) = self.subscriptions.remove(&sub) else { return false };
        self.stream(gone.audience, gone.codec).readers -= 1;
        let person = gone.actor.participant;
        if self.people.get_mut(&person).is_some_and(|sockets| sockets.remove(sub)) {
            self.people.remove(&person);
            self.screens -= u32::from(is_screen(&gone.actor));
        }
        true
    }

    /// The sockets of a person.
    pub(super) fn sockets_of(&self, person: Id) -> &[SubId] {
        self.people.get(&person).map_or(&[], SocketsOf::as_slice)
    }

    /// How many people, screens apart, are here.
    pub(super) fn people_present(&self) -> u32 {
        (self.people.len() as u32).saturating_sub(self.screens)
    }

    /// Moves a socket to another audience. Returns whether it changed.
    pub(super) fn move_to(&mut self, sub: SubId, audience: Audience) -> bool {
        let Some(subscription) = self.subscriptions.get_mut(&sub) else { return false };
        if subscription.audience == audience {
            return false;
        }
        let (left, codec) = (subscription.audience, subscription.codec);
        subscription.audience = audience;
        self.stream(left, codec).readers -= 1;
        self.stream(audience, codec).readers += 1;
        true
    }
}

/// The sockets of one person; most people have one.
enum SocketsOf {
    One(SubId),
    Several(Vec<SubId>),
}

impl SocketsOf {
    fn as_slice(&self) -> &[SubId] {
        match self {
            Self::One(sub) => std::slice::from_ref(sub),
            Self::Several(subs) => subs,
        }
    }

    fn add(&mut self, sub: SubId) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, sub]),
            Self::Several(subs) => subs.push(sub),
        }
    }

    /// Returns whether none is left.
    fn remove(&mut self, sub: SubId) -> bool {
        match self {
            Self::One(only) => *only == sub,
            Self::Several(subs) => {
                subs.retain(|one| *one != sub);
                subs.is_empty()
            }
        }
    }
}

/// Whether an actor only watches, whatever audience the room puts it in.
fn is_screen(actor: &Actor) -> bool {
    Audience::by_role(actor) == Audience::Screen
}
