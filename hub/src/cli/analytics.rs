//! `plenum analytics`: figures counted anew, while a hub runs or not.

use clap::Args;
use serde_json::json;

use super::Failure;
use super::bootstrap::{print, tenant};
use super::import::conference;
use crate::clock::Clock;
use crate::config::Config;
use crate::features::audit::{Subject, by_operator};

#[derive(Debug, Args)]
pub(super) struct RecomputeArguments {
    /// The conference's id, or its name in addresses.
    conference: String,
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Counts a conference anew from the archive of its rooms, and says whether its figures were right.
pub(super) async fn recompute(config: &Config, arguments: RecomputeArguments) -> Result<(), Failure> {
    let store = crate::app::open_store(config).await?;
    let tenant = tenant(&store, &arguments.tenant).await?;
    let conference = conference(&store, tenant.id, &arguments.conference).await?;
    let mut edit = store.edit(tenant.id).await?;
    let sums = edit.recount(conference.id).await?;
    let same = sums.before == sums.after;
    let subject = Subject("conference", conference.id);
    let note = by_operator(&Clock::new(), tenant.id, "analytics.recomputed", subject, json!({"same": same}));
    edit.commit(&note).await?;
    store.close().await;
    let deeds: serde_json::Map<_, _> =
        sums.after.deeds.into_iter().map(|(deed, n)| (deed, json!(n))).collect();
    let words = if same { "were right" } else { "were wrong, and are right now" };
    print(
        arguments.json,
        &json!({"same": same, "deeds": deeds}),
        &format!("the figures of {} {words}", conference.title),
    );
    Ok(())
}
