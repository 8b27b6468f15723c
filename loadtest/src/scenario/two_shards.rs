//! What a second shard brings: the same events to the same people with one shard and with two, on two cores that the crowd
//! has to share.

use std::io;
use std::time::{Duration, Instant};

use plenum_protocol::Codec;
use serde_json::json;

use super::Options;
use crate::crowd::{Person, enter_all};
use crate::figures::{Figures, Times};
use crate::hub::Hub;
use crate::process;
use crate::swarm::Swarm;

/// As many as there are cores; the crowd listens in as many threads.
const SHARDS_MAX: u32 = 2;
const EVENTS: usize = 60;
/// Events that are not counted yet.
const WARM_UP: usize = 10;
const EVENT_TIMEOUT: Duration = Duration::from_secs(10);

/// What one way took.
struct Seen {
    last: Times,
    cpu_us_per_delivery: f64,
}

/// One event after the other, each when everyone has the one before.
pub(super) async fn run(hub: &mut Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("people", options.people);
    let mut seen = Vec::new();
    for shards in [1, SHARDS_MAX] {
        hub.on_all_cores(shards)?;
        let one = events(hub, options, shards).await?;
        figures.set(&format!("command_to_last_socket_with_{shards}"), one.last.json());
        figures.set(
            &format!("hub_cpu_us_per_delivery_with_{shards}"),
            (one.cpu_us_per_delivery * 100.0).round() / 100.0,
        );
        seen.push(one);
    }
    let (one, two) = (&seen[0], &seen[1]);
    figures.set("speed_with_two", (one.last.ms(50.0) / two.last.ms(50.0) * 100.0).round() / 100.0);
    figures.ratio("ratio_cpu_with_two_to_one", two.cpu_us_per_delivery / one.cpu_us_per_delivery);
    Ok(figures)
}

async fn events(hub: &Hub, options: &Options, shards: u32) -> io::Result<Seen> {
    let stage = hub.stage(&format!("{shards} shards"))?;
    let tokens = hub.join_people(&stage, options.people)?;
    let rooms = [stage.session.clone()];
    let people = enter_all(hub, &tokens, &rooms, &options.codec).await?;
    let conns = people.into_iter().map(|person| person.conn).collect();
    let swarm = Swarm::listen_in(SHARDS_MAX as usize, conns, 0)?;
    let mut moderator = Person::enter(hub.address, 0, Codec::Json, hub.token(), &rooms).await?;
    swarm.settle().await;
    let (mut last, mut cpu_ns) = (Times::new(), 0);
    for n in 0..WARM_UP + EVENTS {
        if n == WARM_UP {
            cpu_ns = process::cpu_ns(hub.pid());
        }
        let (expected, started) = (swarm.counts.frames() + swarm.sockets as u64, Instant::now());
        let data = json!({"kind": "message", "text": format!("The doors of hall A open in {n} minutes")});
        let (id, _) = moderator.act("session.show", &stage.session, &data).await?;
        moderator.conn.answer(id, |_, _| {}).await?;
        swarm.reach(expected, EVENT_TIMEOUT).await?;
        if n >= WARM_UP {
            last.add(started.elapsed());
        }
    }
    let spent_us = (process::cpu_ns(hub.pid()) - cpu_ns) as f64 / 1e3;
    swarm.stop()?;
    Ok(Seen { last, cpu_us_per_delivery: spent_us / (EVENTS * options.people) as f64 })
}
