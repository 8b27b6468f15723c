//! How tenants stand: what they booked, how they are set up, and how they were set up before.

use plenum_domain::{Id, Timestamp};
use serde_json::Value;

use super::audit::{Note, write};
use super::columns::{Key, MaybeKey, MaybeMicros, Micros};
use super::connection::{Reach, begin};
use super::participants::HEADCOUNT;
use super::query::query;
use super::{Listed, Page, Store, StoreError};

const CREATE: &str =
    "INSERT INTO tenants (id, slug, name, settings, created_us, status, tier, agreed, version)
    VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, 1)";
const BY_ID: &str =
    "SELECT id, slug, name, settings, created_us, status, delete_after_us, tier, agreed, version
    FROM tenants WHERE id = $1";
const LIST: &str =
    "SELECT id, slug, name, settings, created_us, status, delete_after_us, tier, agreed, version
    FROM tenants ORDER BY slug LIMIT $1 OFFSET $2";
const COUNT: &str = "SELECT COUNT(*) AS count FROM tenants";
const CHANGE: &str =
    "UPDATE tenants SET name = $2, settings = $3, status = $4, delete_after_us = $5, tier = $6,
    agreed = $7, version = version + 1 WHERE id = $1 AND version = $8";
const REMEMBER: &str =
    "INSERT INTO tenant_history (tenant, version, part, settings, at_us, actor, actor_name)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const HISTORY: &str = "SELECT version, part, settings, at_us, actor, actor_name FROM tenant_history
    WHERE tenant = $1 AND version < $2 ORDER BY version DESC LIMIT $3";
const AS_OF: &str = "SELECT version, part, settings, at_us, actor, actor_name FROM tenant_history
    WHERE tenant = $1 AND version = $2";
const OVERDUE: &str = "SELECT id FROM tenants WHERE delete_after_us <= $1 ORDER BY id LIMIT 100";
const CONFERENCES: &str = "SELECT COUNT(*) AS count FROM conferences
    WHERE tenant = $1 AND status NOT IN ('completed', 'archived')";
const MOST_PARTICIPANTS: &str = "SELECT coalesce(MAX(people), 0) AS count FROM (
    SELECT CAST(SUM(people) AS BIGINT) AS people FROM headcounts WHERE tenant = $1 GROUP BY conference) AS conferences_people";
const STORAGE: &str = "SELECT coalesce(SUM(length(bytes)), 0) AS count FROM logos WHERE tenant = $1";

/// What happened in a tenant's rooms refers to nothing, so it is deleted by name; all else goes with the tenant.
const PURGE: [&str; 12] = [
    "DELETE FROM facts WHERE tenant = $1",
    "DELETE FROM polls WHERE tenant = $1",
    "DELETE FROM poll_results WHERE tenant = $1",
    "DELETE FROM poll_resets WHERE tenant = $1",
    "DELETE FROM votes WHERE tenant = $1",
    "DELETE FROM questions WHERE tenant = $1",
    "DELETE FROM messages WHERE tenant = $1",
    "DELETE FROM activity WHERE tenant = $1",
    "DELETE FROM activity_people WHERE tenant = $1",
    "DELETE FROM activity_marks WHERE tenant = $1",
    "DELETE FROM activity_turns WHERE tenant = $1",
    "DELETE FROM tenants WHERE id = $1",
];

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    CREATE,
    BY_ID,
    LIST,
    COUNT,
    CHANGE,
    REMEMBER,
    HISTORY,
    AS_OF,
    OVERDUE,
    CONFERENCES,
    MOST_PARTICIPANTS,
    STORAGE,
    PURGE[0],
    PURGE[1],
    PURGE[2],
    PURGE[3],
    PURGE[4],
    PURGE[5],
    PURGE[6],
    PURGE[7],
    PURGE[8],
    PURGE[9],
    PURGE[10],
    PURGE[11],
];

/// A tenant as it is now.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct TenantState {
    /// The tenant's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The name in addresses.
    pub slug: String,
    /// The name for people.
    pub name: String,
    /// How it is set up.
    #[sqlx(json)]
    pub settings: Value,
    /// When it was made.
    #[sqlx(rename = "created_us", try_from = "Micros")]
    pub created: Timestamp,
    /// `active`, `suspended` or `deleted`.
    pub status: String,
    /// When a deleted one is gone for good.
    #[sqlx(rename = "delete_after_us", try_from = "MaybeMicros")]
    pub delete_after: Option<Timestamp>,
    /// What it booked.
    pub tier: String,
    /// What was agreed instead of the tier's limits, by their names.
    #[sqlx(json)]
    pub agreed: Value,
    /// Counts its changes.
    pub version: i64,
}

/// Settings as they were after a change.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct PastSettings {
    /// The tenant's version then.
    pub version: i64,
    /// What was changed.
    pub part: String,
    /// All settings after the change.
    #[sqlx(json)]
    pub settings: Value,
    /// When.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// By whom.
    #[sqlx(try_from = "MaybeKey")]
    pub actor: Option<Id>,
    /// Their name at that time.
    pub actor_name: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(try_from = "Key")]
    id: Id,
}

impl Store {
    /// Makes a tenant that has booked `tier`, as `note` says.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another tenant has the slug.
    pub async fn found_tenant(
        &self,
        slug: &str,
        name: &str,
        tier: &str,
        note: &Note,
    ) -> Result<(), StoreError> {
        let nothing = serde_json::json!({});
        let create = query(CREATE).bind(note.tenant).bind(slug).bind(name).bind(&nothing).bind(note.at);
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let create = create.bind(tier).bind(&nothing).execute(&mut transaction);
        create.await.map_err(|error| error.named("slug"))?;
        write(&mut transaction, note).await?;
        transaction.commit().await
    }

    /// The tenant as it is now.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant_state(&self, id: Id) -> Result<Option<TenantState>, StoreError> {
        query(BY_ID).bind(id).optional(self.readers(id)).await
    }

    /// A page of all tenants, by slug.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant_states(&self, page: Page) -> Result<Listed<TenantState>, StoreError> {
        let list = query(LIST).bind(page.limit()).bind(page.offset());
        // Whoever runs the installation sees every tenant.
        let items = list.all(self.readers(Reach::Everyone)).await?;
        let Count { count } = query(COUNT).one(self.readers(Reach::Everyone)).await?;
        Ok(Listed { items, total: count.cast_unsigned() })
    }

    /// Makes a tenant what `to` says, when it is still at `to.version`. `part` names what of its settings changed, for
    /// the history. False when somebody else was faster.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn change_tenant(
        &self,
        to: &TenantState,
        part: Option<&str>,
        note: &Note,
    ) -> Result<bool, StoreError> {
        let mut transaction = begin(self.durable(note.tenant)).await?;
        let change = query(CHANGE)
            .bind(to.id)
            .bind(&to.name)
            .bind(&to.settings)
            .bind(&to.status)
            .bind(to.delete_after)
            .bind(&to.tier)
            .bind(&to.agreed)
            .bind(to.version);
        if change.execute(&mut transaction).await? == 0 {
            return Ok(false);
        }
        if let Some(part) = part {
            let past = query(REMEMBER).bind(to.id).bind(to.version + 1).bind(part).bind(&to.settings);
            let past = past.bind(note.at).bind(note.actor).bind(&note.actor_name);
            past.execute(&mut transaction).await?;
        }
        write(&mut transaction, note).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Earlier settings, newest first, of versions before `before`.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant_history(
        &self,
        tenant: Id,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<PastSettings>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        query(HISTORY).bind(tenant).bind(before).bind(i64::from(limit)).all(self.readers(tenant)).await
    }

    /// The settings of a version.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn tenant_settings_of(
        &self,
        tenant: Id,
        version: i64,
    ) -> Result<Option<PastSettings>, StoreError> {
        query(AS_OF).bind(tenant).bind(version).optional(self.readers(tenant)).await
    }

    /// Deletes the tenants whose grace is over, with all that is theirs. Answers with who they were.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn purge_tenants(&self, now: Timestamp) -> Result<Vec<Id>, StoreError> {
        let overdue: Vec<Found> = query(OVERDUE).bind(now).all(self.readers(Reach::Everyone)).await?;
        for Found { id } in &overdue {
            let mut transaction = begin(self.durable(*id)).await?;
            for statement in PURGE {
                query(statement).bind(*id).execute(&mut transaction).await?;
            }
            transaction.commit().await?;
        }
        Ok(overdue.into_iter().map(|found| found.id).collect())
    }

    /// The conferences that count: those that are not over.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn conferences_in_use(&self, tenant: Id) -> Result<u64, StoreError> {
        let Count { count } = query(CONFERENCES).bind(tenant).one(self.readers(tenant)).await?;
        Ok(count.cast_unsigned())
    }

    /// The people in a conference; without one, in the tenant's fullest.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn headcount(&self, tenant: Id, conference: Option<Id>) -> Result<u64, StoreError> {
        let count = match conference {
            Some(conference) => query(HEADCOUNT).bind(tenant).bind(conference),
            None => query(MOST_PARTICIPANTS).bind(tenant),
        };
        let Count { count } = count.one(self.readers(tenant)).await?;
        Ok(count.cast_unsigned())
    }

    /// Bytes that the tenant keeps here.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn storage_bytes(&self, tenant: Id) -> Result<u64, StoreError> {
        let Count { count } = query(STORAGE).bind(tenant).one(self.readers(tenant)).await?;
        Ok(count.cast_unsigned())
    }
}
