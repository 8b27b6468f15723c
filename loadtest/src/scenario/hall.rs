//! Ten thousand people in one room, a few events a second, every core free to the hub: how long until the last one has it.

use std::io;
use std::time::{Duration, Instant};

use plenum_protocol::Codec;
use serde_json::json;

use super::Options;
use crate::crowd::{Person, enter_all};
use crate::figures::{Figures, Times};
use crate::hub::Hub;
use crate::swarm::Swarm;

const EVENTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(200);
const EVENT_TIMEOUT: Duration = Duration::from_secs(10);
const GOAL_MS: f64 = 50.0;

/// Shows messages on the session's screen.
pub(super) async fn run(hub: &mut Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    crate::process::take_all_cores();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    hub.on_all_cores(cores as u32)?;
    let stage = hub.stage("Hall")?;
    let tokens = hub.join_people(&stage, options.people)?;
    let rooms = [stage.session.clone()];
    let people = enter_all(hub, &tokens, &rooms, &options.codec).await?;
    let conns = people.into_iter().map(|person| person.conn).collect();
    let swarm = Swarm::listen_in(cores, conns, 0)?;
    let mut moderator = Person::enter(hub.address, 0, Codec::Json, hub.token(), &rooms).await?;
    swarm.settle().await;
    let mut last = Times::new();
    for n in 0..EVENTS {
        let (expected, started) = (swarm.counts.frames() + swarm.sockets as u64, Instant::now());
        let data = json!({"kind": "message", "text": format!("The doors of hall A open in {n} minutes")});
        moderator.act("session.show", &stage.session, &data).await?;
        swarm.reach(expected, EVENT_TIMEOUT).await?;
        last.add(started.elapsed());
        moderator
            .listen_for(&crate::crowd::Tally::default(), PAUSE.saturating_sub(started.elapsed()))
            .await?;
    }
    figures.set("people", options.people);
    figures.set("shards", cores);
    figures.set("command_to_last_socket", last.json());
    figures.goal("command_to_last_socket_p99_ms", last.ms(99.0), GOAL_MS);
    swarm.stop()?;
    Ok(figures)
}
