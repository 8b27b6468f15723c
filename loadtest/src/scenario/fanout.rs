//! One event at a time to everyone in one room: CPU per delivery against the floor, taken in turns, so that whatever else
//! the machine does falls on both.

use std::io;
use std::time::Duration;

use plenum_protocol::Codec;
use serde_json::json;

use super::Options;
use crate::baseline::Bare;
use crate::crowd::{Person, enter_all};
use crate::figures::{Figures, median};
use crate::hub::{Hub, Stage};
use crate::process;
use crate::swarm::Swarm;

/// Turns of the hub and of the bare loop; the figure is the median of their ratios.
const TURNS: usize = 9;
/// Deliveries of one turn, about.
const DELIVERIES: usize = 40_000;
/// An event reaches everyone within this.
const EVENT_TIMEOUT: Duration = Duration::from_secs(20);
/// Fills a frame to about 200 bytes.
const TEXT: &str = "The doors of hall A open in five minutes";
/// What a delivery may cost, in bare loops: all in one audience and codec, and mixed.
const GOAL: f64 = 1.25;
const GOAL_MIXED: f64 = 1.35;

/// Fans out messages on the session's screen.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let stage = hub.stage("Fan-out")?;
    let tokens = tokens(hub, &stage, options)?;
    let rss_before = process::rss_bytes(hub.pid());
    let people = enter_all(hub, &tokens, std::slice::from_ref(&stage.session), &options.codec).await?;
    let swarm = Swarm::listen(people.into_iter().map(|person| person.conn).collect(), 0)?;
    swarm.settle().await;
    let rss_after = process::rss_bytes(hub.pid());
    let per_socket = rss_after.saturating_sub(rss_before) as f64 / options.people as f64 / 1_024.0;
    figures.set("people", options.people);
    figures.set("audiences", options.audiences);
    figures.set("codec", options.codec.as_str());
    figures.goal("kb_per_idle_socket", per_socket, 2.0);
    let rooms = [stage.session.clone()];
    let mut moderator = Person::enter(hub.address, 0, Codec::Json, hub.token(), &rooms).await?;
    // The moderator's own arrival is shown to everyone; that is not what is measured.
    swarm.settle().await;
    let frame_bytes = frame_bytes(&mut moderator, &stage.session, &swarm).await?;
    figures.set("frame_bytes", frame_bytes);
    let mut bare = Bare::start(options.people, frame_bytes).await?;
    compare(hub, &mut moderator, &stage.session, &swarm, &mut bare, &mut figures).await?;
    bare.stop()?;
    swarm.stop()?;
    Ok(figures)
}

/// A token for each: attendees alone, or as many moderators and screens as attendees.
fn tokens(hub: &Hub, stage: &Stage, options: &Options) -> io::Result<Vec<String>> {
    if options.audiences == 1 {
        return hub.join_people(stage, options.people);
    }
    let screen = hub.pair_screen(stage)?;
    let attendees = hub.join_people(stage, options.people.div_ceil(3))?;
    let token = |n: usize| match n % 3 {
        0 => attendees[n / 3].clone(),
        1 => hub.token().to_owned(),
        _ => screen.clone(),
    };
    Ok((0..options.people).map(token).collect())
}

/// The average length of an event's frames.
async fn frame_bytes(moderator: &mut Person, room: &str, swarm: &Swarm) -> io::Result<usize> {
    let (frames, bytes) = (swarm.counts.frames(), swarm.counts.bytes());
    event(moderator, room, 0, swarm).await?;
    swarm.settle().await;
    Ok(((swarm.counts.bytes() - bytes) / (swarm.counts.frames() - frames)) as usize)
}

/// Shows one message, and waits until everyone has it.
async fn event(moderator: &mut Person, room: &str, n: usize, swarm: &Swarm) -> io::Result<()> {
    let expected = swarm.counts.frames() + swarm.sockets as u64;
    let data = json!({"kind": "message", "text": format!("{TEXT} {:03}", n % 1_000)});
    let (id, _) = moderator.act("session.show", room, &data).await?;
    moderator.conn.answer(id, |_, _| {}).await?;
    swarm.reach(expected, EVENT_TIMEOUT).await
}

async fn compare(
    hub: &Hub,
    moderator: &mut Person,
    room: &str,
    swarm: &Swarm,
    bare: &mut Bare,
    figures: &mut Figures,
) -> io::Result<()> {
    let events = DELIVERIES.div_ceil(swarm.sockets);
    let (mut of_hub, mut of_bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let floor = bare.events(events).await?;
        let before = process::cpu_ns(hub.pid());
        for n in 0..events {
            event(moderator, room, turn * events + n + 1, swarm).await?;
        }
        let spent_us = (process::cpu_ns(hub.pid()) - before) as f64 / 1_000.0;
        let cost = spent_us / (events * swarm.sockets) as f64;
        of_hub.push(cost);
        of_bare.push(floor);
        ratios.push(cost / floor);
    }
    figures.set("deliveries", TURNS * events * swarm.sockets);
    figures.set("hub_cpu_us_per_delivery", median(&of_hub));
    figures.set("bare_loop_cpu_us_per_delivery", median(&of_bare));
    let goal = if figures.values["audiences"] == 1 { GOAL } else { GOAL_MIXED };
    figures.goal("ratio_to_bare_loop", median(&ratios), goal);
    figures.must(format!("{} sockets were closed", swarm.counts.ended()), swarm.counts.ended() == 0);
    Ok(())
}
