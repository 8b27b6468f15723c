//! Participants: those who joined a conference.

use plenum_domain::{Id, Roles, Timestamp};

use super::columns::{Key, MaybeMicros, Micros, RoleNames};
use super::connection::{Transaction, begin};
use super::names::{self, Asked, Named};
use super::page::{Filter, Kept, List, Sorts};
use super::query::query;
use super::{Grant, Listed, NewRefreshToken, Order, Page, Store, StoreError, UnknownSort, refresh_tokens};

const CREATE: &str =
    "INSERT INTO participants (id, tenant, conference, display_name, email, roles, joined_us)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
const BY_ID: &str = "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM participants WHERE tenant = $1 AND id = $2";
const AT_STATUS: Filter = "status = $#";
const HAS_ARRIVED: Filter = "(arrived_us IS NOT NULL) = $#";
const HAS_WORD: Filter = "EXISTS (SELECT 1 FROM participant_words another WHERE another.tenant = $1
        AND another.participant = named.participant AND another.word >= $# AND another.word < $#)";
const SORTS: Sorts = &[
    ("joined", "joined_us"),
    ("name", "display_name"),
    ("email", "email"),
    ("status", "status"),
    ("arrived", "arrived_us"),
];
const SHOWN: &str = "SELECT id, tenant, conference, display_name, email, roles, joined_us, status, answers, consents, arrived_us, language, version
    FROM page CROSS JOIN participants WHERE id = found";
/// Triggers keep it.
pub(super) const HEADCOUNT: &str = "SELECT coalesce(CAST(SUM(people) AS BIGINT), 0) AS count FROM headcounts
    WHERE tenant = $1 AND conference = $2";
pub(super) const LIST: List = List {
    rows: "SELECT id AS found FROM participants WHERE tenant = $1 AND conference = $2",
    filters: &[AT_STATUS, HAS_ARRIVED],
    sorts: SORTS,
    shown: Some(SHOWN),
    kept: Some(Kept { count: HEADCOUNT, filters: &["status = $#", "arrived = $#"] }),
};
/// The words are of one conference: asked for it again, a PostgreSQL that has not analysed the table walks over everybody.
pub(super) const NAMED: List = List {
    rows: "SELECT id AS found FROM (SELECT DISTINCT participant FROM participant_words
        WHERE tenant = $1 AND conference = $2 AND word >= $3 AND word < $4) AS named
        CROSS JOIN participants WHERE id = named.participant",
    filters: &[HAS_WORD, AT_STATUS, HAS_ARRIVED],
    sorts: SORTS,
    shown: Some(SHOWN),
    kept: None,
};
const RENAME: &str =
    "UPDATE participants SET display_name = $3 WHERE tenant = $1 AND id = $2 RETURNING conference";
const SET_ROLES: &str = "UPDATE participants SET roles = $3 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CREATE, BY_ID, HEADCOUNT, RENAME, SET_ROLES];

/// Someone who joined a conference.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Participant {
    /// The participant's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// The name that others see.
    pub display_name: String,
    /// An address, when one was given.
    pub email: Option<String>,
    /// What the participant may do in the conference.
    #[sqlx(try_from = "RoleNames")]
    pub roles: Roles,
    /// When the participant joined.
    #[sqlx(rename = "joined_us", try_from = "Micros")]
    pub joined: Timestamp,
    /// Where the registration is in its life; who joined by the code is confirmed.
    pub status: String,
    /// What they answered when they registered.
    #[sqlx(json)]
    pub answers: serde_json::Value,
    /// What they agreed to, each with when.
    #[sqlx(json)]
    pub consents: serde_json::Value,
    /// When they were first let in at a door.
    #[sqlx(rename = "arrived_us", try_from = "MaybeMicros")]
    pub arrived: Option<Timestamp>,
    /// What they read best, as IETF names languages; none when nobody knows.
    pub language: Option<String>,
    /// Counts changes of the registration.
    pub version: i64,
}

/// Which participants to list.
#[derive(Clone, Debug, Default)]
pub struct ParticipantFilter {
    /// Those whose name has all of these words; the last one may be a beginning. Case, accents and vowel signs do not
    /// matter. Everyone when it is blank.
    pub search: Option<String>,
    /// Those whose registration has this status.
    pub status: Option<String>,
    /// Those who have arrived, or have not.
    pub arrived: Option<bool>,
    /// In this order; by when they joined when none.
    pub order: Option<Order>,
}

impl Participant {
    /// Reads the name of a sort order of [`Store::participants`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

/// Someone who joins.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    /// The new id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The conference.
    pub conference: Id,
    /// The name that others see.
    pub display_name: String,
    /// An address, when one is given.
    pub email: Option<String>,
    /// What the participant may do.
    pub roles: Roles,
    /// Now.
    pub joined: Timestamp,
}

impl NewParticipant {
    pub(super) fn named(&self) -> Named<'_> {
        let Self { id, tenant, conference, display_name, .. } = self;
        Named { tenant: *tenant, conference: *conference, participant: *id, name: display_name }
    }
}

impl Store {
    /// Lets someone join, with the first refresh token, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn join(
        &self,
        new: &NewParticipant,
        grant: &Grant,
        token: &NewRefreshToken,
    ) -> Result<(), StoreError> {
        let mut transaction = begin(self.quick(new.tenant)).await?;
        insert(&mut transaction, new).await?;
        refresh_tokens::issue(&mut transaction, grant, token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Adds a participant without a token; one with this id stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn create_participant(&self, new: &NewParticipant) -> Result<(), StoreError> {
        let mut transaction = begin(self.quick(new.tenant)).await?;
        insert(&mut transaction, new).await?;
        transaction.commit().await
    }

    /// The participant with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn participant(&self, tenant: Id, id: Id) -> Result<Option<Participant>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// A page of a conference's participants.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn participants(
        &self,
        tenant: Id,
        conference: Id,
        filter: &ParticipantFilter,
        page: Page,
    ) -> Result<Listed<Participant>, StoreError> {
        let chosen = match filter.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
            None => LIST.chosen(|list| list.bind(tenant).bind(conference)),
            Some(search) => {
                let asked = self.rarest_first(tenant, conference, Asked::of(search)).await?;
                let Some((first, others)) = asked.split_first() else {
                    return Ok(Listed { items: Vec::new(), total: 0 });
                };
                let named = NAMED.chosen(|list| list.bind(tenant).bind(conference).bind_all(first.values()));
                others.iter().fold(named, |named, other| named.and(HAS_WORD, other.values()))
            }
        };
        let chosen = chosen.only(AT_STATUS, filter.status.as_deref()).only(HAS_ARRIVED, filter.arrived);
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Gives a participant another name; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn rename_participant(&self, tenant: Id, id: Id, name: &str) -> Result<bool, StoreError> {
        let mut transaction = begin(self.durable(tenant)).await?;
        let change = query(RENAME).bind(tenant).bind(id).bind(name);
        let renamed: Option<(Key,)> = change.optional(&mut transaction).await?;
        if let Some((Key(conference),)) = renamed {
            names::write(&mut transaction, &Named { tenant, conference, participant: id, name }).await?;
        }
        transaction.commit().await?;
        Ok(renamed.is_some())
    }

    /// Gives a participant other roles; false when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_participant_roles(&self, tenant: Id, id: Id, roles: Roles) -> Result<bool, StoreError> {
        let change = query(SET_ROLES).bind(tenant).bind(id).bind(roles);
        Ok(change.execute(self.durable(tenant)).await? > 0)
    }
}

/// Adds someone, with the words of their name.
pub(super) async fn insert(transaction: &mut Transaction, new: &NewParticipant) -> Result<(), StoreError> {
    let create = query(CREATE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(&new.display_name)
        .bind(&new.email)
        .bind(new.roles)
        .bind(new.joined);
    match create.execute(&mut *transaction).await? {
        0 => Ok(()),
        _ => names::write(transaction, &new.named()).await,
    }
}
