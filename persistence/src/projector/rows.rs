//! What a batch of the journal writes into the store.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::{Id, Timestamp};
use plenum_rooms::kinds::session::wire::Settings;

use crate::store::activity::CountedRoom;
use crate::store::connection::Transaction;
use crate::store::facts::{self, ArchivedRecord};
use crate::store::messages::{self, MessageRow, ReactionsRow};
use crate::store::polls::{self, PollRow, ResetRow, ResultsRow, VoteRow};
use crate::store::questions::{self, QuestionRow, SupportRow};
use crate::store::{SessionChange, StoreError, activity, halls, sessions};

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
    pub(super) at: Timestamp,
}

impl EditRow {
    async fn write(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let Settings { title, starts_ms, ends_ms, hall } = self.about.clone();
        let (title, starts, ends) = (Some(title), starts_ms, ends_ms);
        let change = SessionChange { title, starts, ends, hall: Some(None), ..SessionChange::default() };
        let is_known =
            sessions::change(&mut *transaction, self.tenant, self.session, &change, self.at).await?;
        if let Some(name) = hall.filter(|_| is_known) {
            let (tenant, conference) = (self.tenant, self.conference);
            let id = halls::named(transaction, tenant, conference, &name, self.new_hall).await?;
            let change = SessionChange { hall: Some(Some(id)), ..SessionChange::default() };
            sessions::change(&mut *transaction, tenant, self.session, &change, self.at).await?;
        }
        Ok(())
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
