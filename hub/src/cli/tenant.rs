//! What whoever runs the installation changes of a tenant. A running hub on the same store hears of it within seconds.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use plenum_domain::Id;
use plenum_domain::tenant::{Limit, Tier};
use plenum_persistence::store::{Cutoff, Note, StoreError, TenantState};
use serde_json::{Value, json};

use super::Failure;
use super::bootstrap::{print, tenant};
use crate::clock::Clock;
use crate::config::Config;
use crate::features::audit::{Subject, by_operator};

#[derive(Debug, Args)]
pub(super) struct ChangeTenantArguments {
    /// The tenant's slug.
    slug: String,
    /// free, pro or enterprise.
    #[arg(long)]
    tier: Option<String>,
    /// What was agreed instead of the tier's limit, as NAME=NUMBER; 0 for none. Can be given several times; those that
    /// are not given stay.
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<String>,
    /// Closes the tenant for everybody, or opens it again; active also brings a deleted one back.
    #[arg(long)]
    status: Option<Status>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Status {
    Active,
    Suspended,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// Changes what a tenant booked, suspends it, opens it again.
pub(super) async fn change(config: &Config, arguments: ChangeTenantArguments) -> Result<(), Failure> {
    let (store, clock) = (crate::app::open_store(config).await?, Clock::new());
    let id = tenant(&store, &arguments.slug).await?.id;
    let was = store.tenant_state(id).await?.ok_or(StoreError::Dangling)?;
    let to = changed(was.clone(), &arguments)?;
    let details = json!({"before": seen(&was), "after": seen(&to)});
    if !store.change_tenant(&to, None, &note(&clock, id, details)).await? {
        return Err(Failure(format!("{} was changed meanwhile: try again", arguments.slug)));
    }
    store.cut(id, &Cutoff { subject: id, at: clock.now(), tokens: None }).await?;
    let words = format!("tenant {}: {}, {}", to.slug, to.tier, to.status);
    print(arguments.json, &seen(&to), &words);
    store.close().await;
    Ok(())
}

fn seen(state: &TenantState) -> Value {
    json!({"name": state.name, "tier": state.tier, "limits": state.agreed, "status": state.status})
}

fn changed(mut state: TenantState, arguments: &ChangeTenantArguments) -> Result<TenantState, Failure> {
    if let Some(tier) = &arguments.tier {
        let tier: Tier = tier.parse().map_err(|error| Failure(format!("--tier: {error}")))?;
        tier.name().clone_into(&mut state.tier);
    }
    if !arguments.limit.is_empty() {
        let agreed = serde_json::from_value(state.agreed.clone()).unwrap_or_default();
        state.agreed = json!(limits(agreed, &arguments.limit)?);
    }
    if let Some(status) = arguments.status {
        (state.status, state.delete_after) = (status.name().to_owned(), None);
    }
    Ok(state)
}

fn limits(mut agreed: BTreeMap<Limit, u64>, given: &[String]) -> Result<BTreeMap<Limit, u64>, Failure> {
    for text in given {
        let parts = text.split_once('=').and_then(|(name, number)| {
            Some((Limit::all().find(|limit| limit.name() == name)?, number.parse().ok()?))
        });
        let known: Vec<&str> = Limit::all().map(Limit::name).collect();
        let (limit, number) = parts.ok_or_else(|| {
            Failure(format!("--limit: {text:?} is not NAME=NUMBER; the names are {}", known.join(", ")))
        })?;
        agreed.insert(limit, number);
    }
    Ok(agreed)
}

fn note(clock: &Clock, tenant: Id, details: Value) -> Note {
    by_operator(clock, tenant, "tenant.changed", Subject("tenant", tenant), details)
}
