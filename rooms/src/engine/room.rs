//! The shape of a room.

use plenum_domain::{Action, Denied, Id, Roles, Timestamp, access};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::payload::Payload;
use super::record::Scope;
use super::refusal::{Refusal, Rejection};

/// All that a room knows of the world when a command comes or time passes.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The hub's clock.
    pub now: Timestamp,
    /// The command's id. A new thing takes it as its own id, so that a retried command cannot make two.
    pub command: Id,
    /// The same number for the same command, for whatever has to look random.
    pub seed: u64,
}

/// Who sends a command or looks at a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person or screen; a user of the tenant has its user id.
    pub participant: Id,
    /// The name that others see.
    pub name: String,
    /// What it may do.
    pub roles: Roles,
}

impl Actor {
    /// Whether the actor's roles allow `action`.
    ///
    /// # Errors
    /// [`Denied`] names the roles that are missing.
    pub fn may(&self, action: Action) -> Result<(), Denied> {
        access::allows(self.roles, action)
    }

    /// Whether the actor runs rooms.
    pub fn moderates(&self) -> bool {
        self.may(Action::Moderate).is_ok()
    }
}

/// Those who are shown the same. A push is encoded once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Audience {
    /// Attendees.
    Attendee,
    /// Attendees who may see what only those who took part may see, such as results after one's own vote.
    Informed,
    /// Those who run the room.
    Moderator,
    /// Venue screens.
    Screen,
}

/// Every audience, in the order of its index.
pub const AUDIENCES: [Audience; 4] =
    [Audience::Attendee, Audience::Informed, Audience::Moderator, Audience::Screen];

impl Audience {
    /// The audience's place in arrays that hold one thing per audience.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The audience of an actor in a room that makes no difference between attendees.
    pub fn by_role(actor: &Actor) -> Self {
        match () {
            () if actor.moderates() => Self::Moderator,
            () if actor.may(Action::TakePart).is_ok() => Self::Attendee,
            () => Self::Screen,
        }
    }
}

/// Who a room's state is made for: an audience, and the person in it whose own things it shows.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The person or screen.
    pub actor: &'a Actor,
    /// What the room said the actor's audience is.
    pub audience: Audience,
}

/// When a fact is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Publish {
    /// Nobody is told.
    Never,
    /// With the next beat, merged with what else falls into it. The first change after quiet starts a beat at once.
    Soon,
    /// At once, with whatever was waiting.
    Now,
}

/// A subscription: one socket in one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SubId(pub u64);

/// A fact with its place in the room's order.
#[derive(Clone, Debug)]
pub struct Numbered<F> {
    /// The room's seq at this fact.
    pub seq: u64,
    /// The fact.
    pub fact: F,
    /// When it happened.
    pub at: Timestamp,
    /// The subscription whose command it came from.
    pub origin: Option<SubId>,
}

/// One push to an audience.
#[derive(Clone, Debug)]
pub struct Told<V> {
    /// The push covers every fact up to this seq.
    pub seq: u64,
    /// The event's name, `<kind>.<what>`.
    pub ev: &'static str,
    /// What the audience is shown.
    pub view: V,
}

/// One push to one person, on all of its sockets in the room.
#[derive(Clone, Debug)]
pub struct Whisper<V> {
    /// Who is told.
    pub to: Id,
    /// Not the socket whose command it came from: that one has the reply.
    pub skip: Option<SubId>,
    /// The event's name.
    pub ev: &'static str,
    /// What the person is shown.
    pub view: V,
}

/// A room that a fact opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The kind of the new room.
    pub kind: &'static str,
    /// Its id.
    pub id: Id,
    /// Its settings.
    pub settings: serde_json::Value,
}

/// A kind of room: a pure state machine. Its own serialisation is its snapshot.
///
/// Three vocabularies, never one: a command is asked, a fact happened, a view is shown.
pub trait Room: Sized + Send + Serialize + DeserializeOwned + 'static {
    /// The kind's name, the first half of its rooms' names.
    const KIND: &'static str;
    /// Every command that the kind knows.
    const OPS: &'static [&'static str];
    /// Every event that the kind pushes.
    const EVENTS: &'static [&'static str];
    /// What a room is opened with.
    type Settings: Serialize + DeserializeOwned;
    /// What is asked.
    type Command;
    /// What happened: journaled, never changed.
    type Fact: Serialize + DeserializeOwned + Clone + std::fmt::Debug + PartialEq + Send;
    /// What is shown.
    type View: Serialize;
    /// Why not.
    type Rejection: Rejection;

    /// Opens a room.
    ///
    /// # Errors
    /// The settings cannot work; the message names the field.
    fn open(id: Id, scope: Scope, settings: Self::Settings) -> Result<Self, Refusal>;

    /// Reads a command.
    ///
    /// # Errors
    /// [`Refusal::unknown_op`] or [`Refusal::bad_data`].
    fn read(op: &str, data: &Payload<'_>) -> Result<Self::Command, Refusal>;

    /// Says what a command makes happen. Changes nothing.
    ///
    /// # Errors
    /// Why it may not happen.
    fn decide(
        &self,
        by: &Actor,
        command: Self::Command,
        at: &Moment,
    ) -> Result<Vec<Self::Fact>, Self::Rejection>;

    /// Applies what happened. Cannot fail: it already happened.
    fn evolve(&mut self, fact: &Self::Fact);

    /// When a fact is told.
    fn publish(fact: &Self::Fact) -> Publish;

    /// The audience that an actor belongs to now.
    fn audience(&self, actor: &Actor) -> Audience {
        Audience::by_role(actor)
    }

    /// Whether a fact may change the audience of others than the one whose command it came from, or takes back something
    /// that was told. Everyone's audience is asked for again then, and who reads with another one is shown the state; so
    /// is who comes back from before the fact, instead of the pushes that were kept.
    fn regroups(fact: &Self::Fact) -> bool {
        let _ = fact;
        false
    }

    /// All that a joiner is shown.
    fn state(&self, to: &Viewer<'_>) -> Self::View;

    /// What an audience is told about `facts`, which are applied already, oldest first. Each push covers the facts
    /// up to its seq; digests go last and cover all that the audience may know of.
    fn tell(&self, facts: &[Numbered<Self::Fact>], to: Audience) -> Vec<Told<Self::View>>;

    /// What single people are told about `facts`, before their audience is.
    fn whisper(&self, facts: &[Numbered<Self::Fact>]) -> Vec<Whisper<Self::View>> {
        let _ = facts;
        Vec::new()
    }

    /// A room that a fact opens.
    fn opens(fact: &Self::Fact) -> Option<Opening> {
        let _ = fact;
        None
    }

    /// Handles a command that makes nothing happen for good (a reaction). None when the command is not of that sort.
    fn touch(
        &mut self,
        by: &Actor,
        op: &str,
        data: &Payload<'_>,
        at: &Moment,
    ) -> Option<Result<(), Refusal>> {
        let _ = (by, op, data, at);
        None
    }

    /// How many people are in the room now, whichever nodes their sockets are on.
    fn present(&mut self, people: u32, now: Timestamp) {
        let _ = (people, now);
    }

    /// What everyone is shown once and nobody keeps: taken at each beat, empty when nothing changed.
    fn flicker(&mut self) -> Vec<(&'static str, Self::View)> {
        Vec::new()
    }

    /// When time should call next.
    fn wake_at(&self) -> Option<Timestamp> {
        None
    }

    /// What time makes happen.
    fn on_wake(&self, at: &Moment) -> Vec<Self::Fact> {
        let _ = at;
        Vec::new()
    }
}
