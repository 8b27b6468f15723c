//! Everybody in a conference, read piece by piece in the order of the ids: for doors, lists and badges.

use std::collections::BTreeMap;

use plenum_domain::registration::Notice;
use plenum_domain::{Id, Timestamp};
use serde_json::Value as Json;

use super::bulk::{Bulk, Write, row};
use super::columns::{Key, MaybeMicros};
use super::names;
use super::query::query;
use super::{Edit, NewParticipant, Participant, Store, StoreError, letters};

const EVERYONE: &str = "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM participants WHERE tenant = $1 AND conference = $2 AND id > $3 ORDER BY id LIMIT $4";
const AT_DOOR: &str = "SELECT id, display_name, status,
    (SELECT MIN(at_us) FROM check_ins WHERE check_ins.tenant = $1 AND check_ins.participant = participants.id
        AND counts AND (session = $5 OR (session IS NULL AND $5 IS NULL))) AS in_us
    FROM participants WHERE tenant = $1 AND conference = $2 AND id > $3 ORDER BY id LIMIT $4";
pub(super) const BRING: Bulk = Bulk {
    table: "participants",
    row: "id, tenant, conference, display_name, email, roles, joined_us, answers",
    key: 0,
    write: Write::Insert("ON CONFLICT (id) DO NOTHING"),
};
const IS_KNOWN: &str = "SELECT id FROM participants WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[EVERYONE, AT_DOOR, IS_KNOWN];

/// What a door knows of someone.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Expected {
    /// The participant.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The name that others see.
    #[sqlx(rename = "display_name")]
    pub name: String,
    /// Where the registration is in its life.
    pub status: String,
    /// When they came in at this door.
    #[sqlx(rename = "in_us", try_from = "MaybeMicros")]
    pub came_in: Option<Timestamp>,
}

/// A piece of a roll: at most so many, of those behind an id. The first piece is behind [`Piece::START`].
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The last one of the piece before.
    pub after: Id,
    /// At most so many.
    pub limit: u32,
}

impl Piece {
    /// Before everybody.
    pub const START: Id = Id::from_bits(0);
}

impl Store {
    /// A piece of a conference's participants, in the order of their ids.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn roll(
        &self,
        tenant: Id,
        conference: Id,
        piece: Piece,
    ) -> Result<Vec<Participant>, StoreError> {
        let roll =
            query(EVERYONE).bind(tenant).bind(conference).bind(piece.after).bind(i64::from(piece.limit));
        roll.all(self.readers(tenant)).await
    }

    /// A piece of those who may come to a door: a session's, or the conference's own when it is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn expected(
        &self,
        tenant: Id,
        conference: Id,
        session: Option<Id>,
        piece: Piece,
    ) -> Result<Vec<Expected>, StoreError> {
        let roll =
            query(AT_DOOR).bind(tenant).bind(conference).bind(piece.after).bind(i64::from(piece.limit));
        roll.bind(session).all(self.readers(tenant)).await
    }
}

impl Edit {
    /// Adds people from a list, each with answers, and writes to them when it is asked for; whoever has one of the ids stays
    /// as they are and gets no letter, of several with one id the first is added.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn bring(
        &mut self,
        people: &[(NewParticipant, Json)],
        notice: Option<Notice>,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let told = match notice {
            Some(notice) => self.absent(people).await?.into_iter().map(|one| (one, notice)).collect(),
            None => Vec::new(),
        };
        BRING
            .write(&mut self.transaction, people, |(new, answers)| {
                row![
                    new.id,
                    tenant,
                    new.conference,
                    &new.display_name,
                    &new.email,
                    new.roles,
                    new.joined,
                    answers
                ]
            })
            .await?;
        let named: Vec<_> = people.iter().map(|(new, _)| new.named()).collect();
        names::write_all(&mut self.transaction, &named).await?;
        for ((id, joined), notice) in told {
            letters::add(&mut self.transaction, (tenant, id), notice, joined).await?;
        }
        Ok(())
    }

    /// Those whom the list would add, with when they join.
    async fn absent(
        &mut self,
        people: &[(NewParticipant, Json)],
    ) -> Result<BTreeMap<Id, Timestamp>, StoreError> {
        let mut absent = BTreeMap::new();
        for (new, _) in people {
            let known = query(IS_KNOWN).bind(self.tenant).bind(new.id);
            if known.optional::<(Key,)>(&mut self.transaction).await?.is_none() {
                absent.insert(new.id, new.joined);
            }
        }
        Ok(absent)
    }
}
