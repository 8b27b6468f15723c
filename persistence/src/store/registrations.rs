//! Registering for a conference: the form, who has a place, and who waits for one.

use plenum_domain::registration::{Notice, Status};
use plenum_domain::{Id, Timestamp};
use serde_json::Value as Json;

use super::columns::{Key, MaybeMicros};
use super::connection::{Transaction, begin};
use super::names::{self, Named};
use super::query::query;
use super::{NewParticipant, Note, Participant, Store, StoreError, audit, letters, participants};

const FORM: &str =
    "SELECT conference, open, opens_us, closes_us, capacity, approval, fields, consents, letters, version
    FROM registration_forms WHERE tenant = $1 AND conference = $2";
const SAVE_FORM: &str = "INSERT INTO registration_forms
    (conference, tenant, open, opens_us, closes_us, capacity, approval, fields, consents, letters, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
    ON CONFLICT (conference) DO UPDATE SET open = excluded.open, opens_us = excluded.opens_us,
        closes_us = excluded.closes_us, capacity = excluded.capacity, approval = excluded.approval,
        fields = excluded.fields, consents = excluded.consents, letters = excluded.letters,
        version = registration_forms.version + 1
    WHERE registration_forms.version = $11";
/// Those who want the last place wait here for one another until the end of their transactions.
const HOLD: &str = "INSERT INTO registration_forms
    (conference, tenant, open, opens_us, closes_us, capacity, approval, fields, consents, version)
    VALUES ($1, $2, FALSE, NULL, NULL, NULL, FALSE, $3, $3, 1)
    ON CONFLICT (conference) DO UPDATE SET version = registration_forms.version
    RETURNING capacity, letters";
const CONFIRMED: &str = "SELECT coalesce(CAST(SUM(people) AS BIGINT), 0) FROM headcounts
    WHERE tenant = $1 AND conference = $2 AND status = 'confirmed' AND registered";
const KNOWN: &str = "SELECT id FROM participants WHERE tenant = $1 AND conference = $2 AND email = $3
    AND registered_us IS NOT NULL AND status NOT IN ('cancelled', 'rejected') LIMIT 1";
const REGISTER: &str =
    "UPDATE participants SET status = $3, answers = $4, consents = $5, registered_us = $6, language = $7
    WHERE tenant = $1 AND id = $2";
const CHANGE: &str =
    "UPDATE participants SET display_name = $4, email = $5, answers = $6, version = version + 1
    WHERE tenant = $1 AND id = $2 AND version = $3";
const MOVE: &str = "UPDATE participants SET status = $4, version = version + 1
    WHERE tenant = $1 AND id = $2 AND version = $3";
const NEXT: &str =
    "UPDATE participants SET status = 'confirmed', version = version + 1 WHERE tenant = $1 AND id IN
    (SELECT id FROM participants WHERE tenant = $1 AND conference = $2 AND status = 'waiting'
        ORDER BY joined_us, id LIMIT $3) RETURNING id";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[FORM, SAVE_FORM, HOLD, CONFIRMED, KNOWN, REGISTER, CHANGE, MOVE, NEXT];

/// How one registers for a conference.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct RegistrationForm {
    /// The conference.
    #[sqlx(try_from = "Key")]
    pub conference: Id,
    /// Whether people register by themselves.
    pub open: bool,
    /// From when on.
    #[sqlx(rename = "opens_us", try_from = "MaybeMicros")]
    pub opens: Option<Timestamp>,
    /// Until when.
    #[sqlx(rename = "closes_us", try_from = "MaybeMicros")]
    pub closes: Option<Timestamp>,
    /// How many have a place; as many as want to when none.
    pub capacity: Option<i64>,
    /// Someone has to approve each.
    pub approval: bool,
    /// What is asked.
    #[sqlx(json)]
    pub fields: Json,
    /// What one agrees to.
    #[sqlx(json)]
    pub consents: Json,
    /// Whether those who register are written to.
    pub letters: bool,
    /// Counts its changes; 0 before the first.
    pub version: i64,
}

/// Someone who registers.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    /// Who.
    pub person: NewParticipant,
    /// What they answered.
    pub answers: Json,
    /// What they agreed to, each with when.
    pub consents: Json,
    /// Someone has to approve it.
    pub approval: bool,
    /// What they read best, as IETF names languages.
    pub language: Option<String>,
}

/// Who moves a registration on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Whoever registered: they know it without a letter.
    Themselves,
    /// Somebody else.
    Others,
}

/// What a form says of places and letters.
#[derive(Clone, Copy, sqlx::FromRow)]
struct Held {
    capacity: Option<i64>,
    letters: bool,
}

impl Held {
    fn places(self) -> i64 {
        self.capacity.unwrap_or(i64::MAX)
    }
}

impl Store {
    /// How one registers for a conference; none when nobody said it yet.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn registration_form(
        &self,
        tenant: Id,
        conference: Id,
    ) -> Result<Option<RegistrationForm>, StoreError> {
        query(FORM).bind(tenant).bind(conference).optional(self.readers(tenant)).await
    }

    /// Whether every place that a form has is taken.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn is_full(&self, tenant: Id, form: &RegistrationForm) -> Result<bool, StoreError> {
        let Some(capacity) = form.capacity else { return Ok(false) };
        let taken: (i64,) =
            query(CONFIRMED).bind(tenant).bind(form.conference).one(self.readers(tenant)).await?;
        Ok(taken.0 >= capacity)
    }

    /// Says how one registers, and gives places that are new to those who wait; false when it is not of that version
    /// any more.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when there is no such conference.
    pub async fn save_registration_form(
        &self,
        form: &RegistrationForm,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let save = query(SAVE_FORM)
            .bind(form.conference)
            .bind(note.tenant)
            .bind(form.open)
            .bind(form.opens)
            .bind(form.closes)
            .bind(form.capacity)
            .bind(form.approval)
            .bind(&form.fields)
            .bind(&form.consents)
            .bind(form.letters)
            .bind(form.version);
        let done = save.execute(&mut transaction).await? > 0;
        if done {
            promote(&mut transaction, note.tenant, form.conference, note.at).await?;
            audit::write(&mut transaction, note).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }

    /// Registers someone: confirmed while there is a place, else waiting; pending when it has to be approved. Who is
    /// registered by somebody else is in the audit log, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address is registered, [`StoreError::Dangling`] without such a conference.
    pub async fn register(&self, new: &NewRegistration, note: Option<&Note>) -> Result<Status, StoreError> {
        let NewParticipant { id, tenant, conference, email, joined, .. } = &new.person;
        let mut transaction = begin(self.durable(*tenant)).await?;
        let held = hold(&mut transaction, *tenant, *conference).await?;
        let known = query(KNOWN).bind(*tenant).bind(*conference).bind(email);
        let known: Option<(Key,)> = known.optional(&mut transaction).await?;
        if known.is_some() {
            return Err(StoreError::Taken("email"));
        }
        let is_full = confirmed(&mut transaction, *tenant, *conference).await? >= held.places();
        let status = match (new.approval, is_full) {
            (true, _) => Status::Pending,
            (false, true) => Status::Waiting,
            (false, false) => Status::Confirmed,
        };
        participants::insert(&mut transaction, &new.person).await?;
        let register = query(REGISTER)
            .bind(*tenant)
            .bind(*id)
            .bind(status.name())
            .bind(&new.answers)
            .bind(&new.consents)
            .bind(*joined)
            .bind(&new.language);
        register.execute(&mut transaction).await?;
        if held.letters {
            letters::add(&mut transaction, (*tenant, *id), Notice::of(None, status), *joined).await?;
        }
        if let Some(note) = note {
            audit::write(&mut transaction, note).await?;
        }
        transaction.commit().await?;
        Ok(status)
    }

    /// Changes what someone is called and answered, as `note` says; false when it is not any more as `was` was read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_participant(
        &self,
        was: &Participant,
        name: &str,
        email: Option<&str>,
        answers: &Json,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let change = query(CHANGE)
            .bind(was.tenant)
            .bind(was.id)
            .bind(was.version)
            .bind(name)
            .bind(email)
            .bind(answers);
        let mut transaction = begin(self.durable(was.tenant)).await?;
        let done = change.execute(&mut transaction).await? > 0;
        if done && name != was.display_name {
            let (tenant, conference, participant) = (was.tenant, was.conference, was.id);
            names::write(&mut transaction, &Named { tenant, conference, participant, name }).await?;
        }
        if done {
            audit::write(&mut transaction, note).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }

    /// Moves a registration on. A confirmation without a place becomes waiting; a place that is free goes to whoever
    /// waits longest. None when it is not any more as `was` was read.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn move_registration(
        &self,
        was: &Participant,
        to: Status,
        by: By,
        note: &Note,
    ) -> Result<Option<Vec<Id>>, StoreError> {
        let mut transaction = begin(self.durable(was.tenant)).await?;
        let held = hold(&mut transaction, was.tenant, was.conference).await?;
        let taken = confirmed(&mut transaction, was.tenant, was.conference).await?;
        let is_full = was.status != Status::Confirmed.name() && taken >= held.places();
        let to = if to == Status::Confirmed && is_full { Status::Waiting } else { to };
        let change = query(MOVE).bind(was.tenant).bind(was.id).bind(was.version).bind(to.name());
        if change.execute(&mut transaction).await? == 0 {
            return Ok(None);
        }
        if held.letters && by == By::Others && was.status != to.name() {
            let notice = Notice::of(was.status.parse().ok(), to);
            letters::add(&mut transaction, (was.tenant, was.id), notice, note.at).await?;
        }
        let promoted = promote(&mut transaction, was.tenant, was.conference, note.at).await?;
        audit::write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(Some(promoted))
    }
}

/// What the form says, which nobody else can use until the transaction ends.
async fn hold(transaction: &mut Transaction, tenant: Id, conference: Id) -> Result<Held, StoreError> {
    let nothing = Json::Array(Vec::new());
    query(HOLD).bind(conference).bind(tenant).bind(nothing).one(transaction).await
}

async fn confirmed(transaction: &mut Transaction, tenant: Id, conference: Id) -> Result<i64, StoreError> {
    let (count,): (i64,) = query(CONFIRMED).bind(tenant).bind(conference).one(transaction).await?;
    Ok(count)
}

/// Gives places that are free to those who wait, and writes to them.
async fn promote(
    transaction: &mut Transaction,
    tenant: Id,
    conference: Id,
    now: Timestamp,
) -> Result<Vec<Id>, StoreError> {
    let held = hold(transaction, tenant, conference).await?;
    let free = (held.places() - confirmed(transaction, tenant, conference).await?).max(0);
    let next = query(NEXT).bind(tenant).bind(conference).bind(free);
    let moved: Vec<(Key,)> = next.all(&mut *transaction).await?;
    let moved: Vec<Id> = moved.into_iter().map(|(Key(id),)| id).collect();
    for id in moved.iter().filter(|_| held.letters) {
        letters::add(transaction, (tenant, *id), Notice::MovedUp, now).await?;
    }
    Ok(moved)
}
