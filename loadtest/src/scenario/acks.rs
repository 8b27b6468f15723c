//! Durable acknowledgements: votes into one room and into two hundred, as fast as they are answered, and at a pace.

use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::Options;
use crate::baseline;
use crate::crowd::enter_all;
use crate::drive::{Pace, Script, Sent, Talker, drive_all, evenly};
use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::process;

/// Rooms, when there are many.
const ROOMS: usize = 200;
/// Votes of one socket that wait for their answer.
const IN_FLIGHT: usize = 8;
/// Acknowledgements a second and core.
const GOAL_PER_S: f64 = 60_000.0;
/// The pace, in votes a second, and what 99 of 100 may take then.
const PACE_PER_S: f64 = 5_000.0;
const GOAL_P99_MS: f64 = 10.0;
/// How long the store may take for what a flood left, and how often we look: longer than the projector's own pause.
const CATCH_UP_MAX: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(300);

/// Everyone votes again and again: a vote that changes another one is journaled like any.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("people", options.people);
    figures.set("codec", options.codec.as_str());
    let floor = baseline::floor_us().await?;
    let stage = hub.stage("Acknowledgements")?;
    let tokens = hub.join_people(&stage, options.people)?;
    let time = Duration::from_secs(options.seconds);
    let mut crowds = Vec::new();
    for rooms in [1, ROOMS] {
        crowds.push((rooms, voters(hub, &stage, &tokens, rooms, options).await?));
    }
    // At a pace first, and each flood when the store has what came before: it would have to catch up beside it.
    for (rooms, voters) in &mut crowds {
        let (sent, _) = measured(hub, voters, evenly(PACE_PER_S, tokens.len()), time).await?;
        figures.set(&named("ack_at_5000_per_s", *rooms), sent.times().json());
        figures.goal(&named("ack_p99_ms_at_5000_per_s", *rooms), sent.times().ms(99.0), GOAL_P99_MS);
    }
    for (rooms, voters) in &mut crowds {
        for in_flight in [1, IN_FLIGHT] {
            flood(hub, voters, (*rooms, in_flight), time, floor, &mut figures).await?;
        }
    }
    Ok(figures)
}

fn named(what: &str, rooms: usize) -> String {
    format!("{what}_{rooms}_room{}", if rooms == 1 { "" } else { "s" })
}

/// Waits until the store has all that was acknowledged.
async fn caught_up(hub: &Hub) -> io::Result<()> {
    let until = Instant::now() + CATCH_UP_MAX;
    loop {
        tokio::time::sleep(LOOK).await;
        match hub.figure("plenum_projector_lag_records") {
            Some(0.0) => return Ok(()),
            lag if Instant::now() > until => {
                return Err(io::Error::other(format!(
                    "the store is {lag:?} records behind after {CATCH_UP_MAX:?}"
                )));
            }
            _ => {}
        }
    }
}

/// Votes as fast as they are answered. What the store writes of them comes mostly after: it is counted, too, but apart.
async fn flood(
    hub: &Hub,
    voters: &mut Vec<Talker>,
    (rooms, in_flight): (usize, usize),
    time: Duration,
    floor: f64,
    figures: &mut Figures,
) -> io::Result<()> {
    caught_up(hub).await?;
    let before = process::cpu_ns(hub.pid());
    let (sent, cpu_s) = measured(hub, voters, |_| (Pace::Answered(in_flight), Duration::ZERO), time).await?;
    let ended = Instant::now();
    caught_up(hub).await?;
    let all_cpu_us = (process::cpu_ns(hub.pid()) - before) as f64 / 1e3;
    let per_core = sent.accepted as f64 / cpu_s;
    let name = |what: &str| named(&format!("{what}_with_{in_flight}_in_flight"), rooms);
    figures.set(&name("ack"), sent.times().json());
    figures.set(&name("acks_per_s"), (sent.accepted as f64 / time.as_secs_f64()).round());
    figures.ratio(&name("ratio_ack_to_bare_loop"), 1e6 / per_core / floor);
    figures.at_least(&name("acks_per_s_and_core"), per_core.round(), GOAL_PER_S);
    figures
        .set(&name("cpu_us_per_ack_and_its_rows"), (all_cpu_us / sent.accepted as f64 * 10.0).round() / 10.0);
    figures.set(&name("s_until_the_store_has_all"), ended.elapsed().as_secs_f64().round());
    figures.must(format!("votes were refused: {:?}", sent.refused), sent.refused.is_empty());
    Ok(())
}

/// A session has at most so many polls.
const POLLS_PER_SESSION: usize = 100;

fn polls(hub: &Hub, stage: &Stage, rooms: usize) -> io::Result<Vec<String>> {
    let (mut polls, mut session) = (Vec::with_capacity(rooms), String::new());
    for n in 0..rooms {
        if n % POLLS_PER_SESSION == 0 {
            session = hub.session(&stage.conference, "Talk")?.0;
        }
        polls.push(hub.open_quiet_poll_of(stage, &session)?);
    }
    Ok(polls)
}

/// Drives all, and says what CPU time the hub took for it, in seconds.
async fn measured(
    hub: &Hub,
    voters: &mut Vec<Talker>,
    pace: impl Fn(usize) -> (Pace, Duration),
    time: Duration,
) -> io::Result<(Sent, f64)> {
    let before = process::cpu_ns(hub.pid());
    let (back, sent) = drive_all(std::mem::take(voters), pace, time).await?;
    let cpu_s = (process::cpu_ns(hub.pid()) - before) as f64 / 1e9;
    *voters = back;
    Ok((sent, cpu_s))
}

/// People in `rooms` polls whose results nobody sees yet: what is measured is the answer, not the show.
async fn voters(
    hub: &Hub,
    stage: &Stage,
    tokens: &[String],
    rooms: usize,
    options: &Options,
) -> io::Result<Vec<Talker>> {
    let mut voters = Vec::with_capacity(tokens.len());
    let polls = polls(hub, stage, rooms)?;
    for (n, poll) in polls.iter().enumerate() {
        let mine: Vec<String> = tokens.iter().skip(n).step_by(rooms).cloned().collect();
        let people = enter_all(hub, &mine, std::slice::from_ref(poll), &options.codec).await?;
        for person in people {
            let conn = person.conn;
            let data = ["a", "b", "c"].map(|choice| conn.encoded(&json!({"options": [choice]})));
            let data = Rc::new(data.into_iter().collect::<io::Result<Vec<_>>>()?);
            let script = Script { op: "poll.vote", room: poll.clone(), data, first: 0, step: 1 };
            voters.push((conn, script));
        }
    }
    Ok(voters)
}
