//! Everybody in a conference, read piece by piece in the order of the ids: for doors, lists and badges.

use plenum_domain::registration::Notice;
use plenum_domain::{Id, Timestamp};
use serde_json::Value as Json;

use super::columns::{Key, MaybeMicros};
use super::query::query;
use super::{Edit, NewParticipant, Participant, Store, StoreError, letters};

const EVERYONE: &str = "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM participants WHERE tenant = $1 AND conference = $2 AND id > $3 ORDER BY id LIMIT $4";
const AT_DOOR: &str = "SELECT id, display_name, status,
    (SELECT MIN(at_us) FROM check_ins WHERE check_ins.tenant = $1 AND check_ins.participant = participants.id
        AND counts AND (session = $5 OR (session IS NULL AND $5 IS NULL))) AS in_us
    FROM participants WHERE tenant = $1 AND conference = $2 AND id > $3 ORDER BY id LIMIT $4";
const BRING: &str =
    "INSERT INTO participants (id, tenant, conference, display_name, email, roles, joined_us, answers)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[EVERYONE, AT_DOOR, BRING];

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
    /// Adds someone from a list, with answers, and writes to them when it is asked for; one with this id stays as they
    /// are, and gets no letter.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn bring(
        &mut self,
        new: &NewParticipant,
        answers: &Json,
        notice: Option<Notice>,
    ) -> Result<(), StoreError> {
        let bring = query(BRING)
            .bind(new.id)
            .bind(new.tenant)
            .bind(new.conference)
            .bind(&new.display_name)
            .bind(&new.email)
            .bind(new.roles)
            .bind(new.joined)
            .bind(answers);
        let is_new = bring.execute(&mut self.transaction).await? > 0;
        if let Some(notice) = notice.filter(|_| is_new) {
            letters::add(&mut self.transaction, (new.tenant, new.id), notice, new.joined).await?;
        }
        Ok(())
    }
}
