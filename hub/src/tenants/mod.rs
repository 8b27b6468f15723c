//! How tenants stand at this moment, remembered for some seconds: whether they are open, what they may use, what they
//! switched off.

mod rate;
mod setup;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use plenum_domain::tenant::{Feature, Limit, Limits, Tier};
use plenum_domain::{Id, Timestamp};
use plenum_persistence::store::{Store, StoreError, TenantState};

use crate::clock::Clock;
use crate::http::Fault;

pub use setup::{Profile, Setup};

/// How long what was read is believed. Changes made through this hub are known at once, those of others after this.
const BELIEVED_MS: i64 = 5_000;

/// A tenant as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its row.
    pub state: TenantState,
    /// What it may use.
    pub limits: Limits,
    /// How it is set up.
    pub setup: Setup,
    /// What its logo is found by.
    pub logo: Option<String>,
}

/// Every tenant that is asked for.
#[derive(Clone)]
pub struct Tenants(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Clock,
    known: Mutex<HashMap<Id, (Timestamp, Arc<Standing>)>>,
    people: Mutex<HashMap<Id, (Timestamp, u64)>>,
    rate: rate::Rate,
}

/// How long a headcount is believed, apart from those who join here meanwhile.
const COUNTED_MS: i64 = 60_000;

impl Standing {
    /// Reads a tenant's row. What this program does not know is left out.
    pub(crate) fn of(state: TenantState, logo: Option<String>) -> Self {
        let tier = state.tier.parse().unwrap_or(Tier::Free);
        let agreed = serde_json::from_value(state.agreed.clone()).unwrap_or_default();
        let setup = Setup::read(&state.settings);
        Self { limits: Limits { tier, agreed }, setup, logo, state }
    }

    /// Refuses what belongs to a tenant that is suspended or deleted.
    ///
    /// # Errors
    /// 403 `TENANT_SUSPENDED` or `TENANT_DELETED`.
    pub fn is_open(&self) -> Result<(), Fault> {
        match self.state.status.as_str() {
            "active" => Ok(()),
            "deleted" => {
                let words = "this tenant is deleted; an owner can bring it back for some days";
                Err(Fault::new(StatusCode::FORBIDDEN, "TENANT_DELETED", words))
            }
            _ => {
                let words = "this tenant is suspended; ask whoever runs this installation";
                Err(Fault::new(StatusCode::FORBIDDEN, "TENANT_SUSPENDED", words))
            }
        }
    }

    /// Refuses a feature that is switched off.
    ///
    /// # Errors
    /// 403 `FEATURE_OFF` with its name.
    pub fn has(&self, feature: Feature) -> Result<(), Fault> {
        if !self.setup.off.has(feature) {
            return Ok(());
        }
        let words = format!("the feature {} is switched off for this tenant", feature.name());
        Err(Fault::new(StatusCode::FORBIDDEN, "FEATURE_OFF", words).with("feature", feature.name()))
    }

    /// Refuses `more` of something when there is no room for it beside what is `used`.
    ///
    /// # Errors
    /// 403 `LIMIT_REACHED` with the limit, what it is, and what is used.
    pub fn has_room(&self, limit: Limit, used: u64, more: u64) -> Result<(), Fault> {
        if self.limits.allow(limit, used, more) {
            return Ok(());
        }
        let words = format!("the tier {} allows no more {}", self.limits.tier.name(), limit.name());
        Err(Fault::new(StatusCode::FORBIDDEN, "LIMIT_REACHED", words)
            .with("limit", limit.name())
            .with("max", self.limits.of(limit).unwrap_or_default())
            .with("used", used)
            .with("tier", self.limits.tier.name()))
    }
}

impl Tenants {
    /// Those of a store.
    pub fn new(store: Store, clock: Clock) -> Self {
        let (known, people, rate) = (Mutex::default(), Mutex::default(), rate::Rate::default());
        Self(Arc::new(Parts { store, clock, known, people, rate }))
    }

    /// The tenant as it stands; none when there is none.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn of(&self, id: Id) -> Result<Option<Arc<Standing>>, StoreError> {
        let now = self.0.clock.now();
        if let Some((read, standing)) = self.lock().get(&id)
            && now.since_ms(*read) < BELIEVED_MS
        {
            return Ok(Some(Arc::clone(standing)));
        }
        let Some(state) = self.0.store.tenant_state(id).await? else {
            self.forget(id);
            return Ok(None);
        };
        let standing = Arc::new(Standing::of(state, self.0.store.logo_hash(id).await?));
        self.lock().insert(id, (now, Arc::clone(&standing)));
        Ok(Some(standing))
    }

    /// A tenant changed.
    pub fn forget(&self, id: Id) {
        self.lock().remove(&id);
    }

    /// Counts a request of a tenant.
    ///
    /// # Errors
    /// 429 `RATE_LIMITED` when it has had too many in this minute.
    pub fn count_request(&self, standing: &Standing) -> Result<(), Fault> {
        let Some(max) = standing.limits.of(Limit::RequestsPerMin) else { return Ok(()) };
        self.0.rate.count(standing.state.id, max, self.0.clock.now())
    }

    /// The requests of a tenant in this minute, when they are limited.
    pub fn requests(&self, id: Id) -> u64 {
        self.0.rate.counted(id, self.0.clock.now())
    }

    /// Refuses someone for whom there is no room in a conference, and counts them in otherwise.
    ///
    /// # Errors
    /// 403 `LIMIT_REACHED`.
    pub async fn let_in(&self, standing: &Standing, conference: Id) -> Result<(), Fault> {
        if standing.limits.of(Limit::Participants).is_none() {
            return Ok(());
        }
        let now = self.0.clock.now();
        let known = self.people().get(&conference).copied();
        let used = match known.filter(|(read, _)| now.since_ms(*read) < COUNTED_MS) {
            Some((_, used)) => used,
            None => {
                let used = self.0.store.headcount(standing.state.id, Some(conference)).await?;
                self.people().insert(conference, (now, used));
                used
            }
        };
        standing.has_room(Limit::Participants, used, 1)?;
        if let Some((_, used)) = self.people().get_mut(&conference) {
            *used += 1;
        }
        Ok(())
    }

    /// Drops what has not been asked for.
    pub fn sweep(&self) {
        let now = self.0.clock.now();
        self.lock().retain(|_, (read, _)| now.since_ms(*read) < BELIEVED_MS);
        self.people().retain(|_, (read, _)| now.since_ms(*read) < COUNTED_MS);
        self.0.rate.sweep(now);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Id, (Timestamp, Arc<Standing>)>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn people(&self) -> std::sync::MutexGuard<'_, HashMap<Id, (Timestamp, u64)>> {
        self.0.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
