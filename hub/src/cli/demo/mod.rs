//! `plenum demo`: a hub with a conference in which something is going on.
//!
//! The made-up people act inside the process: they send commands to rooms as REST does, and are counted as present. They
//! hold no sockets, because a hub links no client (ARCHITECTURE.md): what is shown is the rooms, and the sockets that show
//! it are those of whoever opens the links. Crowds on real sockets are `cargo xtask loadtest`.

mod crowd;
mod lines;
mod person;
mod setting;
mod stage;
mod welcome;

use std::sync::Arc;

use clap::Args;

use super::{Failure, serve};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// How many made-up people attend.
    #[arg(long, default_value_t = 50)]
    attendees: u32,
    /// The same number makes the same people do the same things.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

/// Serves, sets the stage, lets the crowd in, and says how to get there.
pub(super) async fn demo(mut config: Config, arguments: DemoArguments) -> Result<(), Failure> {
    // Lines about requests would push the links off the terminal.
    if config.telemetry.log == "info" {
        "warn".clone_into(&mut config.telemetry.log);
    }
    eprintln!("Opening the hub…");
    let app = serve::start(config).await?;
    eprintln!("Importing the programme and opening its rooms…");
    let setting = Arc::new(setting::set(&app).await?);
    eprintln!("Letting {} people in…", arguments.attendees);
    crowd::let_in(&app, &setting, arguments.attendees, arguments.seed).await?;
    welcome::print(&app, &setting)?;
    serve::until_stopped(&app).await
}
