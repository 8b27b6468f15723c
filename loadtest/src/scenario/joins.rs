//! A hall walks in: connections that are opened, say hello with a token and join a room with its state.

use std::io;
use std::time::Instant;

use super::Options;
use crate::baseline;
use crate::crowd::enter_all;
use crate::figures::Figures;
use crate::hub::Hub;
use crate::process;

/// Joins a second and core of the hub.
const GOAL_PER_S: f64 = 10_000.0;

/// Everyone joins a poll as fast as the crowd's core lets them.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let floor = baseline::floor_us().await?;
    let stage = hub.stage("Joins")?;
    let (_, room) = hub.open_poll(&stage, false)?;
    let tokens = hub.join_people(&stage, options.people)?;
    let (before, started) = (process::cpu_ns(hub.pid()), Instant::now());
    let people = enter_all(hub, &tokens, std::slice::from_ref(&room), &options.codec).await?;
    let (seconds, cpu_ns) = (started.elapsed().as_secs_f64(), process::cpu_ns(hub.pid()) - before);
    figures.set("people", people.len());
    figures.set("joins_per_s", (people.len() as f64 / seconds).round());
    figures.set("hub_cpu_us_per_join", (cpu_ns as f64 / 1e3 / people.len() as f64).round());
    figures.ratio("ratio_join_to_bare_loop", cpu_ns as f64 / 1e3 / people.len() as f64 / floor);
    figures.at_least("joins_per_s_and_core", people.len() as f64 / (cpu_ns as f64 / 1e9), GOAL_PER_S);
    Ok(figures)
}
