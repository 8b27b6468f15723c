//! `plenum export`: a programme for other systems.

use std::io::Write as _;

use clap::Args;

use super::Failure;
use super::bootstrap::tenant;
use super::import::conference;
use crate::clock::Clock;
use crate::config::Config;
use crate::features::exports::{Format, written};

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The conference's id, or its name in addresses.
    conference: String,
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// The form.
    #[arg(long, value_enum, default_value = "xml")]
    format: Format,
}

/// Writes the programme to the output.
pub(super) async fn export(config: &Config, arguments: ExportArguments) -> Result<(), Failure> {
    let store = crate::app::open_store(config).await?;
    let tenant = tenant(&store, &arguments.tenant).await?;
    let conference = conference(&store, tenant.id, &arguments.conference).await?;
    let public_url = config.public_url(config.server.listen);
    let text = written(&store, &conference, &public_url, arguments.format, Clock::new().now()).await?;
    store.close().await;
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Failure(format!("the output: {error}")))
}
