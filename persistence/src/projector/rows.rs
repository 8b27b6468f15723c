//! What a batch of the journal writes into the store.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::changes::changed;
use plenum_domain::{Id, Timestamp};
use plenum_rooms::kinds::session::wire::Settings;
use serde_json::{Map, Value, json};

use crate::store::activity::CountedRoom;
use crate::store::connection::Transaction;
use crate::store::facts::{self, ArchivedRecord};
use crate::store::messages::{self, MessageRow, ReactionsRow};
use crate::store::polls::{self, PollRow, ResetRow, ResultsRow, VoteRow};
use crate::store::questions::{self, QuestionRow, SupportRow};
use crate::store::{Note, Session, SessionChange, StoreError, activity, audit, halls, screens, sessions};

/// Of an id, the bits behind its time.
const RANDOM_BITS: u32 = 80;

/// The rows of a batch. All of them are absolute: writing them twice changes nothing.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) facts: Vec<ArchivedRecord>,
    pub(super) polls: Vec<PollRow>,
    pub(super) results: Vec<ResultsRow>,
    pub(super) resets: Vec<ResetRow>,
    pub(super) votes: Vec<VoteRow>,
    pub(super) questions: Vec<QuestionRow>,
    pub(super) support: Vec<SupportRow>,
    pub(super) messages: Vec<MessageRow>,
    pub(super) reactions: BTreeMap<Id, ReactionsRow>,
    /// Messages that are gone: tenant and id.
    pub(super) deleted: Vec<(Id, Id)>,
    pub(super) statuses: Vec<StatusRow>,
    pub(super) edits: Vec<EditRow>,
    pub(super) scenes: Vec<SceneRow>,
}

/// Who made a fact that the audit log tells of, and the id that its entry takes: the same each time that it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace {
    pub(super) entry: Id,
    pub(super) by: Id,
    pub(super) at: Timestamp,
}

impl Trace {
    /// The trace of a fact. Entries are read in the order of their ids, which begin with the time.
    pub(super) fn of(room: Id, seq: u64, by: Id, at: Timestamp) -> Self {
        let rest = (room.bits() ^ u128::from(seq)) & ((1 << RANDOM_BITS) - 1);
        let entry = Id::from_bits((u128::from(at.ms().max(0).cast_unsigned()) << RANDOM_BITS) | rest);
        Self { entry, by, at }
    }

    async fn write(
        self,
        transaction: &mut Transaction,
        (tenant, subject): (Id, Id),
        (action, subject_is): (&'static str, &'static str),
        (before, after): (Map<String, Value>, Map<String, Value>),
    ) -> Result<(), StoreError> {
        let details = changed(before, after);
        if details.is_empty() {
            return Ok(());
        }
        let actor = (self.by != Id::default()).then_some(self.by);
        let (id, at, actor_name, details) = (self.entry, self.at, String::new(), Value::Object(details));
        let note = Note { id, tenant, at, actor, actor_name, action, subject_is, subject, details };
        audit::write_of_room(transaction, &note).await
    }
}

/// The status that a session has come to.
#[derive(Clone, Debug)]
pub(super) struct StatusRow {
    pub(super) tenant: Id,
    pub(super) session: Id,
    pub(super) status: String,
    pub(super) at: Timestamp,
}

/// What a session is called, when it is and where, since its room was told.
#[derive(Clone, Debug)]
pub(super) struct EditRow {
    pub(super) tenant: Id,
    pub(super) conference: Id,
    pub(super) session: Id,
    pub(super) about: Settings,
    /// The id that the hall gets when it is new.
    pub(super) new_hall: Id,
    pub(super) trace: Trace,
}

/// The session that a screen follows, since its room was told.
#[derive(Clone, Debug)]
pub(super) struct SceneRow {
    pub(super) tenant: Id,
    pub(super) screen: Id,
    pub(super) session: Option<Id>,
    pub(super) trace: Trace,
}

impl EditRow {
    async fn write(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let (tenant, session, at) = (self.tenant, self.session, self.trace.at);
        let Some(before) = sessions::of(transaction, tenant, session).await? else { return Ok(()) };
        let Settings { title, starts_ms, ends_ms, hall } = self.about.clone();
        let hall = match hall {
            Some(name) => {
                Some(halls::named(transaction, tenant, self.conference, &name, self.new_hall).await?)
            }
            None => None,
        };
        let (title, starts, ends) = (Some(title), starts_ms, ends_ms);
        let change = SessionChange { title, starts, ends, hall: Some(hall), ..SessionChange::default() };
        sessions::change(&mut *transaction, tenant, session, &change, at).await?;
        let after = sessions::of(transaction, tenant, session).await?.map(told).unwrap_or_default();
        let words = ("session.changed", "session");
        self.trace.write(transaction, (tenant, session), words, (told(before), after)).await
    }
}

/// What a room tells of its session, as the audit log has it.
fn told(session: Session) -> Map<String, Value> {
    let (starts, ends) = (session.starts.rfc3339(), session.ends.rfc3339());
    let fields = [
        ("title", json!(session.title)),
        ("starts_at", json!(starts)),
        ("ends_at", json!(ends)),
        ("hall", json!(session.hall_name)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl SceneRow {
    async fn write(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let (tenant, screen) = (self.tenant, self.screen);
        let Some(before) = screens::of(transaction, tenant, screen).await? else { return Ok(()) };
        screens::place(transaction, tenant, screen, self.session).await?;
        let after = screens::of(transaction, tenant, screen).await?.and_then(|screen| screen.session);
        let session = |id: Option<Id>| Map::from_iter([("session".to_owned(), json!(id))]);
        let words = ("screen.placed", "screen");
        let seen = (session(before.session), session(after));
        self.trace.write(transaction, (tenant, screen), words, seen).await
    }
}

impl Rows {
    /// Writes the rows.
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        facts::save(transaction, &self.facts).await?;
        polls::save(transaction, &self.polls).await?;
        polls::save_results(transaction, &self.results).await?;
        polls::save_resets(transaction, &self.resets).await?;
        polls::save_votes(transaction, &self.votes).await?;
        questions::save(transaction, &self.questions).await?;
        questions::save_support(transaction, &self.support).await?;
        messages::save(transaction, &self.messages).await?;
        let reactions: Vec<ReactionsRow> = self.reactions.values().cloned().collect();
        messages::save_reactions(transaction, &reactions).await?;
        messages::delete(transaction, &self.deleted).await?;
        for row in &self.statuses {
            sessions::set_status(&mut *transaction, row.tenant, row.session, &row.status, row.at).await?;
        }
        for row in &self.edits {
            row.write(transaction).await?;
        }
        for row in &self.scenes {
            row.write(transaction).await?;
        }
        activity::count(transaction, &self.rooms()).await
    }

    /// The rooms of the batch.
    fn rooms(&self) -> Vec<CountedRoom> {
        let room = |fact: &ArchivedRecord| CountedRoom {
            tenant: fact.tenant,
            conference: fact.conference,
            kind: fact.kind.clone(),
            room: fact.room,
        };
        let rooms: BTreeSet<CountedRoom> = self.facts.iter().map(room).collect();
        rooms.into_iter().collect()
    }
}
