//! Sessions of the programme.

use plenum_domain::{Id, Timestamp};

use super::columns::{Key, MaybeKey, Micros};
use super::connection::{Connection, Transaction};
use super::page::{Filter, List};
use super::query::query;
use super::{Edit, Listed, Note, Order, Page, Store, StoreError, UnknownSort, search};

const SAVE: &str = "INSERT INTO sessions
    (id, tenant, conference, guid, title, subtitle, abstract, description, starts_us, ends_us, offset_s, hall, track,
     kind, language, url, do_not_record, status, created_us, updated_us, capacity, published)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21)
    ON CONFLICT (conference, guid) DO UPDATE SET title = excluded.title, subtitle = excluded.subtitle,
        abstract = excluded.abstract, description = excluded.description, starts_us = excluded.starts_us,
        ends_us = excluded.ends_us, offset_s = excluded.offset_s, hall = excluded.hall, track = excluded.track,
        kind = excluded.kind, language = excluded.language, url = excluded.url,
        do_not_record = excluded.do_not_record, updated_us = excluded.updated_us
    RETURNING id";
const BY_ID: &str =
    "SELECT s.id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published FROM sessions s LEFT JOIN halls h ON h.id = s.hall
    WHERE s.tenant = $1 AND s.id = $2";
const AT_STATUS: Filter = "status = $#";
const IN_HALL: Filter =
    "hall IN (SELECT h.id FROM halls h WHERE h.tenant = $1 AND h.conference = $2 AND h.name = $#)";
const OF_TRACK: Filter = "track = $#";
const FROM: Filter = "starts_us >= $#";
const UNTIL: Filter = "starts_us < $#";
const PUBLISHED: Filter = "published = $#";
pub(super) const LIST: List = List {
    rows: "SELECT id AS found FROM sessions WHERE tenant = $1 AND conference = $2",
    filters: &[AT_STATUS, IN_HALL, OF_TRACK, FROM, UNTIL, PUBLISHED],
    sorts: &[
        ("starts_at", "starts_us"),
        ("ends_at", "ends_us"),
        ("title", "title"),
        ("track", "track"),
        ("status", "status"),
    ],
    shown: Some(
        "SELECT s.id AS id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published
    FROM page CROSS JOIN sessions s LEFT JOIN halls h ON h.id = s.hall WHERE s.id = found",
    ),
    kept: None,
};
const SET_STATUS: &str =
    "UPDATE sessions SET status = $3, updated_us = $4 WHERE tenant = $1 AND id = $2 AND status <> $3";
const CHANGE: &str = "UPDATE sessions SET title = coalesce($3, title), abstract = coalesce($4, abstract),
    starts_us = coalesce($5, starts_us), ends_us = coalesce($6, ends_us),
    hall = CASE WHEN $7 THEN $8 ELSE hall END, updated_us = $9,
    version = version + 1 WHERE tenant = $1 AND id = $2";

const SET_DETAILS: &str =
    "UPDATE sessions SET subtitle = $4, abstract = $5, description = $6, track = $7, kind = $8,
    language = $9, url = $10, do_not_record = $11, capacity = $12, published = $13, updated_us = $14,
    version = version + 1 WHERE tenant = $1 AND id = $2 AND version = $3";
const REMOVE: &str = "DELETE FROM sessions WHERE tenant = $1 AND id = $2 AND version = $3";
const ALL: &str = "SELECT s.id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published FROM sessions s LEFT JOIN halls h ON h.id = s.hall
    WHERE s.tenant = $1 AND s.conference = $2 ORDER BY s.starts_us, s.id";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SAVE, BY_ID, SET_STATUS, CHANGE, SET_DETAILS, REMOVE, ALL];

/// A session of the programme.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// The session's id, also that of its rooms.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The tenant.
    #[sqlx(try_from = "Key")]
    pub tenant: Id,
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// Its id in the programme that it was imported from.
    pub guid: Option<String>,
    /// Its title.
    pub title: String,
    /// Its second title, empty when it has none.
    pub subtitle: String,
    /// A short text about it, as its author wrote it: not to be trusted as HTML.
    #[sqlx(rename = "abstract")]
    pub summary: String,
    /// A long text about it, not to be trusted as HTML.
    pub description: String,
    /// When it starts.
    #[sqlx(rename = "starts_us", try_from = "Micros")]
    pub starts: Timestamp,
    /// When it ends.
    #[sqlx(rename = "ends_us", try_from = "Micros")]
    pub ends: Timestamp,
    /// The offset from UTC that its times were written with, in seconds.
    pub offset_s: i64,
    /// Its hall.
    #[sqlx(try_from = "MaybeKey")]
    pub hall: Option<Id>,
    /// The hall's name.
    pub hall_name: Option<String>,
    /// Its track.
    pub track: Option<String>,
    /// What it is: talk, workshop, keynote, in the programme's own words.
    pub kind: Option<String>,
    /// Its languages as the programme writes them.
    pub language: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
    /// Nobody may record it.
    pub do_not_record: bool,
    /// `scheduled`, `live`, `paused` or `ended`, as the session's room last said.
    pub status: String,
    /// Counts its changes.
    pub version: i64,
    /// How many may come; as many as want to when none.
    pub capacity: Option<i64>,
    /// Whether others see it than those who edit the programme.
    pub published: bool,
}

impl Session {
    /// Reads the name of a sort order of [`Store::sessions`], with `-` before it for descending.
    ///
    /// # Errors
    /// [`UnknownSort`] names the known ones.
    pub fn order(text: &str) -> Result<Order, UnknownSort> {
        LIST.order(text)
    }
}

impl Session {
    /// All about it that its room does not tell.
    pub fn details(&self) -> SessionDetails {
        let session = self.clone();
        SessionDetails {
            subtitle: session.subtitle,
            summary: session.summary,
            description: session.description,
            track: session.track,
            kind: session.kind,
            language: session.language,
            url: session.url,
            do_not_record: session.do_not_record,
            capacity: session.capacity,
            published: session.published,
        }
    }
}

/// A session to make.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The id that it gets when it is new.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// The conference.
    pub conference: Id,
    /// Its id in the programme that it comes from.
    pub guid: Option<String>,
    /// Its title.
    pub title: String,
    /// When it starts.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// The offset from UTC that its times were written with, in seconds.
    pub offset_s: i64,
    /// Its hall.
    pub hall: Option<Id>,
    /// All that its room does not tell.
    pub details: SessionDetails,
    /// Now.
    pub created: Timestamp,
}

/// What to change about a session; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct SessionChange {
    /// The new title.
    pub title: Option<String>,
    /// The new short text about it.
    pub summary: Option<String>,
    /// When it starts now.
    pub starts: Option<Timestamp>,
    /// When it ends now.
    pub ends: Option<Timestamp>,
    /// The hall that it is in now; none in it for no hall.
    pub hall: Option<Option<Id>>,
}

/// All about a session that its room does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionDetails {
    /// Its second title.
    pub subtitle: String,
    /// A short text about it.
    pub summary: String,
    /// A long text about it.
    pub description: String,
    /// Its track.
    pub track: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// Its languages.
    pub language: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
    /// Nobody may record it.
    pub do_not_record: bool,
    /// How many may come.
    pub capacity: Option<i64>,
    /// Whether others see it than those who edit the programme.
    pub published: bool,
}

/// Which sessions to list.
#[derive(Clone, Debug, Default)]
pub struct SessionFilter {
    /// Those with this status.
    pub status: Option<String>,
    /// Those in the hall with this name.
    pub hall: Option<String>,
    /// Those of this track.
    pub track: Option<String>,
    /// Those that start at this moment or later.
    pub from: Option<Timestamp>,
    /// Those that start before this moment.
    pub until: Option<Timestamp>,
    /// Also those that are not published.
    pub drafts: bool,
    /// In this order; by start when none.
    pub order: Option<Order>,
}

impl SessionDetails {
    fn is_searched_otherwise(&self, was: &Session) -> bool {
        let now = (&self.subtitle, &self.summary, &self.description, self.published);
        now != (&was.subtitle, &was.summary, &was.description, was.published)
    }
}

impl Store {
    /// The session with this id.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session(&self, tenant: Id, id: Id) -> Result<Option<Session>, StoreError> {
        query(BY_ID).bind(tenant).bind(id).optional(self.readers(tenant)).await
    }

    /// A page of a conference's sessions.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn sessions(
        &self,
        tenant: Id,
        conference: Id,
        filter: &SessionFilter,
        page: Page,
    ) -> Result<Listed<Session>, StoreError> {
        let chosen = LIST.chosen(|list| list.bind(tenant).bind(conference));
        let chosen = chosen
            .only(AT_STATUS, filter.status.as_deref())
            .only(IN_HALL, filter.hall.as_deref())
            .only(OF_TRACK, filter.track.as_deref())
            .only(FROM, filter.from)
            .only(UNTIL, filter.until)
            .only(PUBLISHED, (!filter.drafts).then_some(true));
        chosen.page(filter.order, page, || self.readers(tenant)).await
    }

    /// Every session of a conference, by start.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn all_sessions(&self, tenant: Id, conference: Id) -> Result<Vec<Session>, StoreError> {
        query(ALL).bind(tenant).bind(conference).all(self.readers(tenant)).await
    }

    /// Removes a session; false when it is not any more as `was` was read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn remove_session(&self, was: &Session, note: &Note) -> Result<bool, StoreError> {
        let remove = query(REMOVE).bind(was.tenant).bind(was.id).bind(was.version);
        self.change_noted(remove, note).await
    }

    /// Notes the status that the session's room has come to; false when that is known already.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_session_status(
        &self,
        tenant: Id,
        id: Id,
        status: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        set_status(self.behind(tenant), tenant, id, status, now).await
    }
}

impl Edit {
    /// Makes a session.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference or hall.
    pub async fn create_session(&mut self, new: &NewSession) -> Result<(), StoreError> {
        save(&mut self.transaction, new).await.map(|_| ())
    }

    /// The session with this id, as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn session(&mut self, id: Id) -> Result<Option<Session>, StoreError> {
        of(&mut self.transaction, self.tenant, id).await
    }

    /// Changes a session; false when there is no such session.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such hall.
    pub async fn change_session(
        &mut self,
        id: Id,
        change: &SessionChange,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self::change(&mut self.transaction, self.tenant, id, change, now).await
    }

    /// Makes all about a session that its room does not tell what `details` say; false when it is not any more as
    /// `was` was read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn set_session_details(
        &mut self,
        was: &Session,
        details: &SessionDetails,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let set = query(SET_DETAILS)
            .bind(was.tenant)
            .bind(was.id)
            .bind(was.version)
            .bind(&details.subtitle)
            .bind(&details.summary)
            .bind(&details.description)
            .bind(&details.track)
            .bind(&details.kind)
            .bind(&details.language)
            .bind(&details.url)
            .bind(details.do_not_record)
            .bind(details.capacity)
            .bind(details.published)
            .bind(now);
        let done = set.execute(&mut self.transaction).await? > 0;
        if done && details.is_searched_otherwise(was) {
            search::refresh(&mut self.transaction, was.tenant, was.id).await?;
        }
        Ok(done)
    }
}

/// The session with this id, as the transaction sees it.
pub(crate) async fn of(
    transaction: &mut Transaction,
    tenant: Id,
    id: Id,
) -> Result<Option<Session>, StoreError> {
    query(BY_ID).bind(tenant).bind(id).optional(transaction).await
}

pub(crate) async fn set_status(
    on: impl Into<Connection<'_>>,
    tenant: Id,
    id: Id,
    status: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let change = query(SET_STATUS).bind(tenant).bind(id).bind(status).bind(now);
    Ok(change.execute(on).await? > 0)
}

pub(crate) async fn change(
    transaction: &mut Transaction,
    tenant: Id,
    id: Id,
    change: &SessionChange,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let change = query(CHANGE)
        .bind(tenant)
        .bind(id)
        .bind(&change.title)
        .bind(&change.summary)
        .bind(change.starts)
        .bind(change.ends)
        .bind(change.hall.is_some())
        .bind(change.hall.flatten())
        .bind(now);
    let done = change.execute(&mut *transaction).await? > 0;
    if done {
        search::refresh(transaction, tenant, id).await?;
    }
    Ok(done)
}

/// Makes a session, or brings the one with the same guid up to date; its id and status stay.
pub(super) async fn save(transaction: &mut Transaction, new: &NewSession) -> Result<Id, StoreError> {
    let details = &new.details;
    let (Key(id),) = query(SAVE)
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.conference)
        .bind(&new.guid)
        .bind(&new.title)
        .bind(&details.subtitle)
        .bind(&details.summary)
        .bind(&details.description)
        .bind(new.starts)
        .bind(new.ends)
        .bind(new.offset_s)
        .bind(new.hall)
        .bind(&details.track)
        .bind(&details.kind)
        .bind(&details.language)
        .bind(&details.url)
        .bind(details.do_not_record)
        .bind("scheduled")
        .bind(new.created)
        .bind(details.capacity)
        .bind(details.published)
        .one(&mut *transaction)
        .await?;
    search::refresh(transaction, new.tenant, id).await?;
    Ok(id)
}
