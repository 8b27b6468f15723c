//! A room whose types its host does not know.

use bytes::Bytes;
use plenum_domain::{Id, Timestamp};

use super::payload::{Codec, Payload, encode};
use super::record::Scope;
use super::refusal::{Refusal, Rejection};
use super::room::{Actor, Audience, Moment, Numbered, Opening, Publish, Room, SubId, Viewer};

/// Bytes of the journal that this program cannot read: a bug, or a newer program's data.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what} of a {kind} room cannot be read: {why}")]
pub struct Corrupt {
    /// Snapshot, facts or settings.
    pub what: &'static str,
    /// The room's kind.
    pub kind: &'static str,
    /// The reader's words.
    pub why: String,
}

/// What an accepted command did to the room that it was sent to.
#[derive(Debug)]
pub struct Applied {
    /// How many facts; 0 when all was so already.
    pub count: u64,
    /// The facts, as the journal keeps them.
    pub facts: Vec<u8>,
    /// When the most urgent of them is told.
    pub publish: Publish,
    /// Whether they may have moved anyone to another audience.
    pub regroups: bool,
    /// Rooms that they open.
    pub openings: Vec<Opening>,
}

/// One push, encoded in every codec that has a reader.
#[derive(Debug)]
pub struct Telling {
    /// Covers every fact up to this seq.
    pub seq: u64,
    /// The event's name.
    pub ev: &'static str,
    /// The data by codec index.
    pub data: [Option<Bytes>; 2],
}

/// One personal push, encoded in both codecs.
#[derive(Debug)]
pub struct Whispering {
    /// Who is told.
    pub to: Id,
    /// The subscription that is not told.
    pub skip: Option<SubId>,
    /// The event's name.
    pub ev: &'static str,
    /// The data by codec index.
    pub data: [Bytes; 2],
}

/// A [`Room`] behind bytes.
pub trait Hosted: Send {
    /// Decides and applies a command; its facts are numbered from `seq + 1`.
    ///
    /// # Errors
    /// The room's refusal; nothing changed.
    fn command(
        &mut self,
        by: &Actor,
        op: &str,
        data: &Payload<'_>,
        at: &Moment,
        seq: u64,
        origin: Option<SubId>,
    ) -> Result<Applied, Refusal>;
    /// Lets time act; its facts are numbered from `seq + 1`.
    fn wake(&mut self, at: &Moment, seq: u64) -> Applied;
    /// Applies journaled facts. Returns how many there were and the rooms that they open.
    ///
    /// # Errors
    /// [`Corrupt`] when the bytes are not facts of this kind.
    fn replay(&mut self, facts: &[u8]) -> Result<(u64, Vec<Opening>), Corrupt>;
    /// See [`Room::touch`].
    fn touch(&mut self, by: &Actor, op: &str, data: &Payload<'_>, at: &Moment)
    -> Option<Result<(), Refusal>>;
    /// See [`Room::audience`].
    fn audience(&self, actor: &Actor) -> Audience;
    /// See [`Room::state`].
    fn state(&self, to: &Viewer<'_>, codec: Codec) -> Bytes;
    /// What an audience is told of the facts since the last beat, in the wanted codecs.
    fn tell(&self, to: Audience, wanted: [bool; 2]) -> Vec<Telling>;
    /// What single people are told of the facts since the last beat.
    fn whisper(&self) -> Vec<Whispering>;
    /// The beat is over: the facts since the last one were told.
    fn end_beat(&mut self);
    /// See [`Room::flicker`].
    fn flicker(&mut self) -> Vec<(&'static str, [Bytes; 2])>;
    /// See [`Room::present`].
    fn present(&mut self, people: u32, now: Timestamp);
    /// See [`Room::wake_at`].
    fn wake_at(&self) -> Option<Timestamp>;
    /// The whole state.
    fn snapshot(&self) -> Vec<u8>;
}

struct Host<R: Room> {
    room: R,
    /// Facts applied and not told yet.
    untold: Vec<Numbered<R::Fact>>,
}

/// Opens a room of kind `R`.
///
/// # Errors
/// The settings cannot be read, or cannot work.
pub fn open<R: Room>(id: Id, scope: Scope, settings: &Payload<'_>) -> Result<Box<dyn Hosted>, Refusal> {
    let settings = settings.read().map_err(|why| Refusal::bad_data("the settings", why))?;
    Ok(Box::new(Host { room: R::open(id, scope, settings)?, untold: Vec::new() }))
}

/// Reads back what [`Hosted::snapshot`] wrote.
///
/// # Errors
/// [`Corrupt`] when the bytes are no state of this kind.
pub fn restore<R: Room>(state: &[u8]) -> Result<Box<dyn Hosted>, Corrupt> {
    let room: R = rmp_serde::from_slice(state).map_err(|why| corrupt::<R>("the snapshot", &why))?;
    Ok(Box::new(Host { room, untold: Vec::new() }))
}

fn corrupt<R: Room>(what: &'static str, why: &dyn std::fmt::Display) -> Corrupt {
    Corrupt { what, kind: R::KIND, why: why.to_string() }
}

impl<R: Room> Host<R> {
    fn apply(&mut self, facts: Vec<R::Fact>, at: &Moment, seq: u64, origin: Option<SubId>) -> Applied {
        let bytes = rmp_serde::to_vec_named(&facts).expect("facts are plain data");
        let publish = facts.iter().map(R::publish).max().unwrap_or(Publish::Never);
        let regroups = facts.iter().any(R::regroups);
        let openings = facts.iter().filter_map(R::opens).collect();
        let count = facts.len() as u64;
        for (fact, seq) in facts.into_iter().zip(seq + 1..) {
            self.room.evolve(&fact);
            self.untold.push(Numbered { seq, fact, at: at.now, origin });
        }
        Applied { count, facts: bytes, publish, regroups, openings }
    }
}

impl<R: Room> Hosted for Host<R> {
    fn command(
        &mut self,
        by: &Actor,
        op: &str,
        data: &Payload<'_>,
        at: &Moment,
        seq: u64,
        origin: Option<SubId>,
    ) -> Result<Applied, Refusal> {
        let command = R::read(op, data)?;
        let facts = self.room.decide(by, command, at).map_err(|no| no.refusal())?;
        Ok(self.apply(facts, at, seq, origin))
    }

    fn wake(&mut self, at: &Moment, seq: u64) -> Applied {
        let facts = self.room.on_wake(at);
        self.apply(facts, at, seq, None)
    }

    fn replay(&mut self, facts: &[u8]) -> Result<(u64, Vec<Opening>), Corrupt> {
        let facts: Vec<R::Fact> = rmp_serde::from_slice(facts).map_err(|why| corrupt::<R>("facts", &why))?;
        facts.iter().for_each(|fact| self.room.evolve(fact));
        Ok((facts.len() as u64, facts.iter().filter_map(R::opens).collect()))
    }

    fn touch(
        &mut self,
        by: &Actor,
        op: &str,
        data: &Payload<'_>,
        at: &Moment,
    ) -> Option<Result<(), Refusal>> {
        self.room.touch(by, op, data, at)
    }

    fn audience(&self, actor: &Actor) -> Audience {
        self.room.audience(actor)
    }

    fn state(&self, to: &Viewer<'_>, codec: Codec) -> Bytes {
        encode(codec, &self.room.state(to))
    }

    fn tell(&self, to: Audience, wanted: [bool; 2]) -> Vec<Telling> {
        let encoded =
            |view: &R::View| Codec::ALL.map(|codec| wanted[codec.index()].then(|| encode(codec, view)));
        let told = self.room.tell(&self.untold, to).into_iter();
        told.map(|told| Telling { seq: told.seq, ev: told.ev, data: encoded(&told.view) }).collect()
    }

    fn whisper(&self) -> Vec<Whispering> {
        let whispers = self.room.whisper(&self.untold).into_iter();
        let encoded = |view: &R::View| Codec::ALL.map(|codec| encode(codec, view));
        whispers
            .map(|one| Whispering { to: one.to, skip: one.skip, ev: one.ev, data: encoded(&one.view) })
            .collect()
    }

    fn end_beat(&mut self) {
        self.untold.clear();
        self.untold.shrink_to(64);
    }

    fn flicker(&mut self) -> Vec<(&'static str, [Bytes; 2])> {
        let shown = self.room.flicker().into_iter();
        shown.map(|(ev, view)| (ev, Codec::ALL.map(|codec| encode(codec, &view)))).collect()
    }

    fn present(&mut self, people: u32, now: Timestamp) {
        self.room.present(people, now);
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.room.wake_at()
    }

    fn snapshot(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(&self.room).expect("a room's state is plain data")
    }
}
