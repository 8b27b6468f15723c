//! Importing a programme: the same file again changes nothing, a newer one updates what it knows by guid. Ids stay.

mod around;

use std::collections::BTreeMap;

use plenum_domain::conference::{Programme, Session};
use plenum_domain::{Id, Timestamp};
use serde_json::{Map, Value};
use sqlx::types::Json;

use self::around::Halls;
use super::columns::Key;
use super::connection::Transaction;
use super::merging::{self, Difference};
use super::query::query;
use super::{
    Edit, NewConference, NewSession, Session as StoredSession, SessionDetails, StoreError, conferences, news,
    people, search, sessions,
};

const FIND_CONFERENCE: &str = "SELECT id FROM conferences WHERE tenant = $1 AND slug = $2";
const KNOWN: &str =
    "SELECT s.id, s.tenant, s.conference, s.guid, s.title, s.subtitle, s.abstract, s.description,
    s.starts_us, s.ends_us, s.offset_s, s.hall, h.name AS hall_name, s.track, s.kind, s.language, s.url,
    s.do_not_record, s.status, s.version, s.capacity, s.published, s.source
    FROM sessions s LEFT JOIN halls h ON h.id = s.hall WHERE s.tenant = $1 AND s.conference = $2";
const SPEAKER_KEYS: &str = "SELECT p.source_key FROM session_speakers k JOIN people p ON p.id = k.person
    WHERE k.tenant = $1 AND k.session = $2 ORDER BY k.position";
const MERGE: &str = "UPDATE sessions SET title = $3, subtitle = $4, abstract = $5, description = $6, starts_us = $7,
    ends_us = $8, offset_s = $9, hall = $10, track = $11, kind = $12, language = $13, url = $14, do_not_record = $15,
    updated_us = $16, version = version + 1 WHERE tenant = $1 AND id = $2";
const REMEMBER: &str = "UPDATE sessions SET source = $3 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FIND_CONFERENCE, KNOWN, SPEAKER_KEYS, MERGE, REMEMBER];
#[cfg(test)]
pub(super) use self::around::STATEMENTS as AROUND;

/// What an import did.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The conference.
    pub conference: Id,
    /// Whether the import made it.
    pub created: bool,
    /// Sessions that are new.
    pub sessions_added: u64,
    /// Sessions that were there before.
    pub sessions_updated: u64,
    /// Sessions of an earlier import that this programme has no longer. They stay, with their rooms.
    pub sessions_missing: u64,
    /// Halls of the programme.
    pub halls: u64,
    /// People of the programme.
    pub people: u64,
    /// Where the conference, its halls, people and sessions that were there differ from the programme; what is `taken` is as the programme has it now.
    pub differences: Vec<Difference>,
}

/// A session that is there, and what the programme said of it last.
#[derive(sqlx::FromRow)]
struct Known {
    #[sqlx(flatten)]
    session: StoredSession,
    source: Option<Json<Value>>,
}

/// What an import needs beside the programme.
pub struct Import<'a> {
    /// The conference to make, unless the tenant has one with its slug: then that one is updated.
    pub conference: NewConference,
    /// The programme.
    pub programme: &'a Programme,
    /// SHA-256 of the file.
    pub source_hash: [u8; 32],
    /// Makes the ids of what is new.
    pub new_id: &'a mut (dyn FnMut() -> Id + Send),
}

impl NewConference {
    /// The conference of a programme. Its slug comes from the acronym or the title, so that importing again finds
    /// it. None when the programme has neither, has no session, or its time zone cannot be told.
    pub fn of_programme(
        programme: &Programme,
        id: Id,
        tenant: Id,
        join_code: &str,
        created: Timestamp,
    ) -> Option<Self> {
        let name = programme.acronym.as_ref().or(programme.title.as_ref())?;
        Some(Self {
            id,
            tenant,
            title: programme.title.as_ref().unwrap_or(name).clone(),
            slug: slug(name),
            acronym: programme.acronym.clone(),
            time_zone: programme.time_zone_or_offset()?,
            starts_on: programme.days.first()?.date.to_string(),
            ends_on: programme.days.last()?.date.to_string(),
            status: "draft".to_owned(),
            join_code: join_code.to_owned(),
            created,
        })
    }
}

/// A name for addresses: letters and digits of any script in lower case, everything else a hyphen.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

impl Edit {
    /// Imports a programme. Dropped afterwards, the edit was a rehearsal: it says what importing would do.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the join code of a new conference is.
    pub async fn import_programme(&mut self, import: Import<'_>) -> Result<Imported, StoreError> {
        Importer::new(&mut self.transaction, import).await?.run().await
    }
}

struct Importer<'a, 'c> {
    transaction: &'c mut Transaction,
    import: Import<'a>,
    /// The conference's id, which is not the new one's when it existed.
    conference: Id,
    created: bool,
    differences: Vec<Difference>,
}

impl<'a, 'c> Importer<'a, 'c> {
    async fn new(transaction: &'c mut Transaction, import: Import<'a>) -> Result<Self, StoreError> {
        let new = &import.conference;
        let find = query(FIND_CONFERENCE).bind(new.tenant).bind(&new.slug);
        let found: Option<(Key,)> = find.optional(&mut *transaction).await?;
        if found.is_none() {
            conferences::insert(&mut *transaction, new).await?;
        }
        let conference = found.map_or(new.id, |(Key(id),)| id);
        Ok(Self { transaction, conference, created: found.is_none(), differences: Vec::new(), import })
    }

    async fn run(mut self) -> Result<Imported, StoreError> {
        self.merge_conference().await?;
        let programme = self.import.programme;
        let halls = self.merge_halls(&programme.halls).await?;
        let people = self.merge_people(&programme.people).await?;
        let mut before = self.known().await?;
        let mut added = 0;
        for session in &programme.sessions {
            match before.remove(&session.guid) {
                None => {
                    let id = self.add_session(session, &halls.ids).await?;
                    let speakers: Vec<Id> =
                        session.speakers.iter().filter_map(|key| people.get(key).copied()).collect();
                    people::replace_speakers(self.transaction, self.tenant(), id, &speakers).await?;
                    added += 1;
                }
                Some(known) => self.merge_session(known, session, &halls, &people).await?,
            }
        }
        Ok(Imported {
            conference: self.conference,
            created: self.created,
            sessions_added: added,
            sessions_updated: programme.sessions.len() as u64 - added,
            sessions_missing: before.values().filter(|known| known.source.is_some()).count() as u64,
            halls: halls.ids.len() as u64,
            people: people.len() as u64,
            differences: self.differences,
        })
    }

    /// The sessions that are there, by what the programme calls them: their guid, or the id that we wrote for one.
    async fn known(&mut self) -> Result<BTreeMap<String, Known>, StoreError> {
        let all = query(KNOWN).bind(self.tenant()).bind(self.conference);
        let all: Vec<Known> = all.all(&mut *self.transaction).await?;
        let name = |known: &Known| known.session.guid.clone().unwrap_or_else(|| known.session.id.canonical());
        Ok(all.into_iter().map(|known| (name(&known), known)).collect())
    }

    /// Brings a session up to date where it was not edited here.
    async fn merge_session(
        &mut self,
        known: Known,
        session: &Session,
        halls: &Halls,
        people: &BTreeMap<String, Id>,
    ) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), known.session.id);
        let keys = query(SPEAKER_KEYS).bind(tenant).bind(id);
        let keys: Vec<(String,)> = keys.all(&mut *self.transaction).await?;
        let keys: Vec<String> = keys.into_iter().map(|(key,)| key).collect();
        let theirs = merging::theirs(session);
        let last = known.source.as_ref().map(|source| &source.0);
        // A hall that was renamed here is still the one that the programme means.
        let hall =
            known.session.hall.and_then(|hall| halls.names.get(&hall)).or(known.session.hall_name.as_ref());
        let ours = merging::ours(&known.session, hall, &keys);
        let merged = merging::merged(("session", &known.session.title), last, ours, &theirs);
        if merged.is_changed() {
            self.write_merged(&known, session, &merged.now, hall.cloned(), &halls.ids).await?;
        }
        if merged.took("speakers") {
            let speakers: Vec<Id> =
                session.speakers.iter().filter_map(|key| people.get(key).copied()).collect();
            people::replace_speakers(self.transaction, tenant, id, &speakers).await?;
        }
        let remember = query(REMEMBER).bind(tenant).bind(id).bind(serde_json::Value::Object(theirs));
        remember.execute(&mut *self.transaction).await?;
        if merged.is_changed() {
            search::refresh(self.transaction, tenant, id).await?;
        }
        if ["title", "starts_ms", "ends_ms", "hall"].iter().any(|field| merged.took(field)) {
            let at = self.import.conference.created;
            news::add(self.transaction, tenant, self.conference, id, at).await?;
        }
        self.differences.extend(merged.differences);
        Ok(())
    }

    async fn write_merged(
        &mut self,
        known: &Known,
        session: &Session,
        now: &Map<String, Value>,
        was_in: Option<String>,
        halls: &BTreeMap<String, Id>,
    ) -> Result<(), StoreError> {
        let text = |name| merging::text(now, name);
        let starts = merging::moment(now, "starts_ms");
        let is_theirs = starts == session.starts.at;
        let offset_s = if is_theirs { i64::from(session.starts.offset_s) } else { known.session.offset_s };
        let hall = match text("hall") {
            name if name == was_in => known.session.hall,
            name => name.and_then(|name| halls.get(&name)).copied(),
        };
        let write = query(MERGE)
            .bind(self.tenant())
            .bind(known.session.id)
            .bind(text("title").unwrap_or_default())
            .bind(text("subtitle").unwrap_or_default())
            .bind(text("summary").unwrap_or_default())
            .bind(text("description").unwrap_or_default())
            .bind(starts)
            .bind(merging::moment(now, "ends_ms"))
            .bind(offset_s)
            .bind(hall)
            .bind(text("track"))
            .bind(text("kind"))
            .bind(text("language"))
            .bind(text("url"))
            .bind(now.get("do_not_record").and_then(Value::as_bool).unwrap_or_default())
            .bind(self.import.conference.created);
        write.execute(&mut *self.transaction).await?;
        Ok(())
    }

    fn tenant(&self) -> Id {
        self.import.conference.tenant
    }

    async fn add_session(
        &mut self,
        session: &Session,
        halls: &BTreeMap<String, Id>,
    ) -> Result<Id, StoreError> {
        let details = SessionDetails {
            subtitle: session.subtitle.clone(),
            summary: session.summary.clone(),
            description: session.description.clone(),
            track: session.track.clone(),
            kind: session.kind.clone(),
            language: Some(session.languages.join(", ")).filter(|names| !names.is_empty()),
            url: session.url.clone(),
            do_not_record: session.do_not_record,
            capacity: None,
            published: true,
        };
        let new = NewSession {
            id: (self.import.new_id)(),
            tenant: self.tenant(),
            conference: self.conference,
            guid: Some(session.guid.clone()),
            title: session.title.clone(),
            starts: session.starts.at,
            ends: session.ends().at,
            offset_s: i64::from(session.starts.offset_s),
            hall: session.hall.as_ref().and_then(|name| halls.get(name)).copied(),
            details,
            created: self.import.conference.created,
        };
        let id = sessions::save(self.transaction, &new).await?;
        let remember = query(REMEMBER).bind(self.tenant()).bind(id);
        let remember = remember.bind(Value::Object(merging::theirs(session)));
        remember.execute(&mut *self.transaction).await?;
        Ok(id)
    }
}
