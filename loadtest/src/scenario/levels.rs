//! How much is too much: the same traffic at ever higher rates, until what people see comes too late.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use crate::baseline;
use crate::drive::{LEAD, Sent, Talker, drive_all, evenly};
use crate::figures::{Figures, Times};
use crate::hub::Hub;
use crate::process;
use crate::swarm::{Heard, Swarm};

/// How long one level takes.
const LEVEL: Duration = Duration::from_secs(2);
/// Levels past the last good one that show what overload does.
const OVERLOADS: usize = 2;
/// Nothing came for so long: all has come. Looked at this often.
const STILL: Duration = Duration::from_millis(400);
const LOOK: Duration = Duration::from_millis(5);
/// What of a level's load must be delivered for it to count.
const DELIVERED: f64 = 0.97;

/// What goes on at every level.
pub(super) struct Traffic {
    pub(super) senders: Vec<Talker>,
    pub(super) swarm: Swarm,
    /// Sockets, the senders among them, that are told of each command.
    pub(super) told: usize,
}

/// What 99 of 100 may take, and how many deliveries a second are wanted.
#[derive(Clone, Copy)]
pub(super) struct Goal {
    pub(super) p99_ms: f64,
    pub(super) deliveries_per_s: f64,
}

struct Level {
    offered: f64,
    delivered: f64,
    cpu_s: f64,
    sent: Sent,
}

/// Tries the levels (deliveries a second) one after the other and reports the best that keeps the goal's time.
pub(super) async fn climb(
    hub: &Hub,
    mut traffic: Traffic,
    levels: &[f64],
    goal: Goal,
    figures: &mut Figures,
) -> io::Result<()> {
    let floor = baseline::floor_us().await?;
    let mut measured: Vec<Level> = Vec::new();
    let mut senders = std::mem::take(&mut traffic.senders);
    let mut marks = vec![std::time::Instant::now()];
    for offered in levels {
        let allowed = Duration::from_secs_f64(goal.p99_ms / 1_000.0);
        let level = level(hub, &mut senders, &traffic, *offered, allowed).await?;
        // Without reading what each socket heard yet: acknowledgements and counts say enough to go on.
        let is_good = level.delivered >= level.offered * DELIVERED;
        measured.push(level);
        traffic.swarm.settle().await;
        marks.push(std::time::Instant::now());
        if !is_good
            && measured.iter().rev().take_while(|one| one.delivered < one.offered * DELIVERED).count()
                >= OVERLOADS
        {
            break;
        }
    }
    figures.must(
        format!("{} sockets were closed", traffic.swarm.counts.ended()),
        traffic.swarm.counts.ended() == 0,
    );
    let heard = traffic.swarm.stop()?;
    report(&measured, &heard, &marks, (goal, floor), figures);
    Ok(())
}

async fn level(
    hub: &Hub,
    senders: &mut Vec<Talker>,
    traffic: &Traffic,
    offered: f64,
    allowed: Duration,
) -> io::Result<Level> {
    let per_s = offered / traffic.told as f64;
    let (cpu, frames) = (process::cpu_ns(hub.pid()), traffic.swarm.counts.frames());
    let started = std::time::Instant::now();
    let pace = evenly(per_s, senders.len());
    let (back, sent) = drive_all(std::mem::take(senders), pace, LEVEL).await?;
    *senders = back;
    let answered = started.elapsed();
    // What was said last may come as late as the goal allows; what comes later than that counts as too slow.
    let came = last_came(&traffic.swarm, started).await.saturating_sub(allowed).max(answered);
    let seconds = came.saturating_sub(LEAD).max(LEVEL).as_secs_f64();
    let cpu_s = (process::cpu_ns(hub.pid()) - cpu) as f64 / 1e9 / seconds;
    let arrived = traffic.swarm.counts.frames() - frames + sent.pushes;
    for (_, script) in senders.iter_mut() {
        script.first += sent.seqs.len();
    }
    Ok(Level { offered, delivered: arrived as f64 / seconds, cpu_s, sent })
}

/// When the last frame came, from `start`: nothing more comes for a while.
async fn last_came(swarm: &Swarm, start: std::time::Instant) -> Duration {
    let (mut frames, mut came) = (swarm.counts.frames(), start.elapsed());
    while start.elapsed() < came + STILL {
        tokio::time::sleep(LOOK).await;
        if swarm.counts.frames() != frames {
            (frames, came) = (swarm.counts.frames(), start.elapsed());
        }
    }
    came
}

fn report(
    levels: &[Level],
    heard: &[Heard],
    marks: &[std::time::Instant],
    (goal, floor_us): (Goal, f64),
    figures: &mut Figures,
) {
    let (mut rows, mut best, mut cost_us) = (Vec::new(), 0.0_f64, 0.0);
    let mut past = Vec::new();
    for (level, between) in levels.iter().zip(marks.windows(2)) {
        let times = shown(&level.sent, heard, (between[0], between[1]));
        let is_good = times.ms(99.0) < goal.p99_ms && level.delivered >= level.offered * DELIVERED;
        if is_good {
            best = best.max(level.delivered);
            cost_us = level.cpu_s * 1e6 / level.delivered;
        }
        past.push(level.delivered);
        rows.push(row(level, &times));
    }
    figures.set("levels", Value::Array(rows));
    figures.at_least("deliveries_per_s", best.round(), goal.deliveries_per_s);
    let last = past.last().copied().unwrap_or_default();
    figures.ratio("ratio_delivery_to_bare_loop", cost_us / floor_us);
    figures.set("deliveries_per_s_under_overload", last.round());
    figures.must("overload makes the hub deliver less than two thirds", last >= best * 0.66);
}

fn row(level: &Level, times: &Times) -> Value {
    json!({
        "offered_per_s": level.offered.round(), "delivered_per_s": level.delivered.round(),
        "hub_cores": (level.cpu_s * 100.0).round() / 100.0, "p50_ms": times.ms(50.0), "p99_ms": times.ms(99.0),
        "ack_p99_ms": level.sent.times().ms(99.0), "refused": json!(level.sent.refused),
    })
}

/// From when a command was due until each reading socket was told of it.
pub(super) fn shown(
    sent: &Sent,
    heard: &[Heard],
    (from, to): (std::time::Instant, std::time::Instant),
) -> Times {
    let mut times = Times::new();
    let mut by_ear: std::collections::BTreeMap<usize, Vec<Heard>> = std::collections::BTreeMap::new();
    for one in heard.iter().filter(|one| one.at >= from && one.at <= to) {
        by_ear.entry(one.ear).or_default().push(*one);
    }
    for told in by_ear.values() {
        for (room, seq, due) in &sent.seqs {
            let place = told.partition_point(|one| one.seq < *seq);
            let is_mine = told.first().is_some_and(|one| one.room == *room);
            if is_mine && let Some(first) = told.get(place) {
                times.add(first.at.duration_since((*due).into()));
            }
        }
    }
    times
}
