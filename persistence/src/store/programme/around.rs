//! What a programme has around its sessions: the conference itself, its days, halls and people. They are merged as sessions
//! are: what was edited here stays.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_domain::conference::{Hall, Person};
use serde_json::{Map, Value, json};
use sqlx::types::Json;

use super::Importer;
use crate::store::columns::Key;
use crate::store::merging::{self, Merged, fields, text};
use crate::store::people::NewPerson;
use crate::store::query::query;
use crate::store::{NewHall, ProgrammeDay, StoreError, days, halls, people, search};

const CONFERENCE: &str = "SELECT title, time_zone, starts_on, ends_on, source FROM conferences
    WHERE tenant = $1 AND id = $2";
const UPDATE_CONFERENCE: &str = "UPDATE conferences SET title = $3, time_zone = $4, starts_on = $5,
    ends_on = $6, updated_us = $7, version = version + 1 WHERE tenant = $1 AND id = $2";
const REMEMBER_CONFERENCE: &str =
    "UPDATE conferences SET source = $3, source_hash = $4 WHERE tenant = $1 AND id = $2";
const HALLS: &str =
    "SELECT id, name, guid, capacity, position, source FROM halls WHERE tenant = $1 AND conference = $2";
const UPDATE_HALL: &str = "UPDATE halls SET name = $3, capacity = $4, position = $5, version = version + 1
    WHERE tenant = $1 AND id = $2";
const REMEMBER_HALL: &str =
    "UPDATE halls SET source = $3, guid = coalesce($4, guid) WHERE tenant = $1 AND id = $2";
const PEOPLE: &str = "SELECT id, source_key, name, affiliation, biography, avatar_url, source FROM people
    WHERE tenant = $1 AND conference = $2";
const UPDATE_PERSON: &str = "UPDATE people SET name = $3, affiliation = $4, biography = $5, avatar_url = $6,
    version = version + 1 WHERE tenant = $1 AND id = $2";
const REMEMBER_PERSON: &str = "UPDATE people SET source = $3 WHERE tenant = $1 AND id = $2";

#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] = &[
    CONFERENCE,
    UPDATE_CONFERENCE,
    REMEMBER_CONFERENCE,
    HALLS,
    UPDATE_HALL,
    REMEMBER_HALL,
    PEOPLE,
    UPDATE_PERSON,
    REMEMBER_PERSON,
];

#[derive(sqlx::FromRow)]
struct KnownConference {
    title: String,
    time_zone: String,
    starts_on: String,
    ends_on: String,
    source: Option<Json<Value>>,
}

#[derive(sqlx::FromRow)]
struct KnownHall {
    #[sqlx(try_from = "Key")]
    id: Id,
    name: String,
    guid: Option<String>,
    capacity: Option<i64>,
    position: i64,
    source: Option<Json<Value>>,
}

impl KnownHall {
    /// Whether the programme means this hall.
    fn is(&self, hall: &Hall) -> bool {
        let same_guid = hall.guid.is_some() && hall.guid == self.guid;
        let source_name = self.source.as_ref().and_then(|source| source.0["name"].as_str());
        same_guid || source_name.unwrap_or(&self.name) == hall.name
    }
}

#[derive(sqlx::FromRow)]
struct KnownPerson {
    #[sqlx(try_from = "Key")]
    id: Id,
    source_key: String,
    name: String,
    affiliation: Option<String>,
    biography: Option<String>,
    avatar_url: Option<String>,
    source: Option<Json<Value>>,
}

/// The halls of a programme.
#[derive(Default)]
pub(super) struct Halls {
    /// By their names in the programme.
    pub(super) ids: BTreeMap<String, Id>,
    /// Their names in the programme.
    pub(super) names: BTreeMap<Id, String>,
}

impl Importer<'_, '_> {
    /// The conference itself and its days.
    pub(super) async fn merge_conference(&mut self) -> Result<(), StoreError> {
        let (tenant, id) = (self.tenant(), self.conference);
        let known: KnownConference =
            query(CONFERENCE).bind(tenant).bind(id).one(&mut *self.transaction).await?;
        let (before, theirs_days) = (days::of(self.transaction, tenant, id).await?, self.days());
        let new = &self.import.conference;
        let theirs = fields(json!({
            "title": new.title,
            "time_zone": new.time_zone,
            "starts_on": new.starts_on,
            "ends_on": new.ends_on,
            "days": seen_days(&theirs_days),
        }));
        let ours = fields(json!({
            "title": known.title,
            "time_zone": known.time_zone,
            "starts_on": known.starts_on,
            "ends_on": known.ends_on,
            "days": seen_days(&before),
        }));
        let last = known.source.map(|source| source.0);
        let merged = merging::merged(("conference", &known.title), last.as_ref(), ours, &theirs);
        if merged.took("days") {
            let titled = titled(theirs_days, &before);
            days::replace(self.transaction, tenant, id, &titled).await?;
        }
        if merged.is_changed() {
            self.write_conference(&merged.now).await?;
        }
        self.note(merged);
        let remember = query(REMEMBER_CONFERENCE).bind(tenant).bind(id).bind(Value::Object(theirs));
        remember.bind(&self.import.source_hash[..]).execute(&mut *self.transaction).await?;
        Ok(())
    }

    async fn write_conference(&mut self, now: &Map<String, Value>) -> Result<(), StoreError> {
        query(UPDATE_CONFERENCE)
            .bind(self.tenant())
            .bind(self.conference)
            .bind(text(now, "title").unwrap_or_default())
            .bind(text(now, "time_zone").unwrap_or_default())
            .bind(text(now, "starts_on").unwrap_or_default())
            .bind(text(now, "ends_on").unwrap_or_default())
            .bind(self.import.conference.created)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    fn days(&self) -> Vec<ProgrammeDay> {
        let days = (1_i64..).zip(&self.import.programme.days).map(|(number, day)| ProgrammeDay {
            number,
            date: day.date.to_string(),
            title: None,
            starts: day.starts.at,
            ends: day.ends.at,
            chair: None,
            chair_name: None,
        });
        days.collect()
    }

    pub(super) async fn merge_halls(&mut self, all: &[Hall]) -> Result<Halls, StoreError> {
        let list = query(HALLS).bind(self.tenant()).bind(self.conference);
        let mut known: Vec<KnownHall> = list.all(&mut *self.transaction).await?;
        let mut halls = Halls::default();
        for (position, hall) in (0_i64..).zip(all) {
            let mut theirs = fields(json!({"name": hall.name, "position": position}));
            if let Some(capacity) = hall.capacity {
                theirs.insert("capacity".to_owned(), json!(capacity));
            }
            let at = known.iter().position(|known| known.is(hall));
            let id = match at.map(|at| known.remove(at)) {
                Some(one) => self.merge_hall(one, &known, &theirs).await?,
                None => self.add_hall(hall, position).await?,
            };
            let remember = query(REMEMBER_HALL).bind(self.tenant()).bind(id);
            let remember = remember.bind(Value::Object(theirs)).bind(&hall.guid);
            remember.execute(&mut *self.transaction).await?;
            halls.ids.insert(hall.name.clone(), id);
            halls.names.insert(id, hall.name.clone());
        }
        Ok(halls)
    }

    async fn merge_hall(
        &mut self,
        known: KnownHall,
        others: &[KnownHall],
        theirs: &Map<String, Value>,
    ) -> Result<Id, StoreError> {
        let ours =
            fields(json!({"name": known.name, "capacity": known.capacity, "position": known.position}));
        let last = known.source.map(|source| source.0);
        let mut merged = merging::merged(("hall", &known.name), last.as_ref(), ours, theirs);
        let name = text(&merged.now, "name").unwrap_or_default();
        if others.iter().any(|other| other.name == name) {
            merged.refuse("name");
        }
        if merged.is_changed() {
            query(UPDATE_HALL)
                .bind(self.tenant())
                .bind(known.id)
                .bind(text(&merged.now, "name").unwrap_or_default())
                .bind(merged.now.get("capacity").and_then(Value::as_i64))
                .bind(merged.now.get("position").and_then(Value::as_i64).unwrap_or_default())
                .execute(&mut *self.transaction)
                .await?;
        }
        self.note(merged);
        Ok(known.id)
    }

    async fn add_hall(&mut self, hall: &Hall, position: i64) -> Result<Id, StoreError> {
        let new = NewHall {
            id: (self.import.new_id)(),
            tenant: self.tenant(),
            conference: self.conference,
            name: hall.name.clone(),
            guid: hall.guid.clone(),
            capacity: hall.capacity.map(i64::from),
            position,
        };
        halls::ensure(&mut *self.transaction, &new).await
    }

    /// The people, by their keys in the programme.
    pub(super) async fn merge_people(&mut self, all: &[Person]) -> Result<BTreeMap<String, Id>, StoreError> {
        let list = query(PEOPLE).bind(self.tenant()).bind(self.conference);
        let known: Vec<KnownPerson> = list.all(&mut *self.transaction).await?;
        let mut known: BTreeMap<String, KnownPerson> =
            known.into_iter().map(|person| (person.source_key.clone(), person)).collect();
        let mut ids = BTreeMap::new();
        for person in all {
            let theirs = fields(json!({
                "name": person.name,
                "affiliation": person.affiliation,
                "biography": person.biography,
                "avatar_url": person.avatar_url,
            }));
            let id = match known.remove(&person.key) {
                Some(one) => self.merge_person(one, &theirs).await?,
                None => self.add_person(person).await?,
            };
            let remember = query(REMEMBER_PERSON).bind(self.tenant()).bind(id).bind(Value::Object(theirs));
            remember.execute(&mut *self.transaction).await?;
            ids.insert(person.key.clone(), id);
        }
        Ok(ids)
    }

    async fn merge_person(
        &mut self,
        known: KnownPerson,
        theirs: &Map<String, Value>,
    ) -> Result<Id, StoreError> {
        let ours = fields(json!({
            "name": known.name,
            "affiliation": known.affiliation,
            "biography": known.biography,
            "avatar_url": known.avatar_url,
        }));
        let last = known.source.map(|source| source.0);
        let merged = merging::merged(("person", &known.name), last.as_ref(), ours, theirs);
        if merged.is_changed() {
            query(UPDATE_PERSON)
                .bind(self.tenant())
                .bind(known.id)
                .bind(text(&merged.now, "name").unwrap_or_default())
                .bind(text(&merged.now, "affiliation"))
                .bind(text(&merged.now, "biography"))
                .bind(text(&merged.now, "avatar_url"))
                .execute(&mut *self.transaction)
                .await?;
        }
        if merged.took("name") {
            search::refresh_person(self.transaction, self.tenant(), known.id).await?;
        }
        self.note(merged);
        Ok(known.id)
    }

    async fn add_person(&mut self, person: &Person) -> Result<Id, StoreError> {
        let new = NewPerson {
            id: (self.import.new_id)(),
            tenant: self.tenant(),
            conference: self.conference,
            source_key: &person.key,
            name: &person.name,
            affiliation: person.affiliation.as_deref(),
            biography: person.biography.as_deref(),
            avatar_url: person.avatar_url.as_deref(),
        };
        people::save(&mut *self.transaction, &new).await
    }

    /// Keeps what differed; of what the import itself made nothing did.
    fn note(&mut self, merged: Merged) {
        if !self.created {
            self.differences.extend(merged.differences);
        }
    }
}

/// Days as the programme says them: their titles and chairs are ours alone.
fn seen_days(days: &[ProgrammeDay]) -> Value {
    days.iter().map(|day| json!({"date": day.date, "starts_ms": day.starts, "ends_ms": day.ends})).collect()
}

/// The programme's days with the titles and chairs that these dates have here.
fn titled(mut days: Vec<ProgrammeDay>, before: &[ProgrammeDay]) -> Vec<ProgrammeDay> {
    for day in &mut days {
        if let Some(same) = before.iter().find(|one| one.date == day.date) {
            (day.title, day.chair) = (same.title.clone(), same.chair);
        }
    }
    days
}
