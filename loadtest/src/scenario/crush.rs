//! Everyone reacts at once in one room: the highest number of small events that reach everyone in time, each socket
//! written to once a beat.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;

use super::Options;
use super::levels::{Goal, Traffic, climb};
use crate::conn::Conn;
use crate::crowd::{codec_of, enter_all};
use crate::drive::{Pace, Script, Talker, drive_all};
use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::swarm::Swarm;

/// Messages to react to: each event is of another one, so that a beat merges none of them.
const MESSAGES: usize = 1_000;
/// Sockets that react.
const SENDERS: usize = 20;
/// Sockets whose times are taken.
const READING: usize = 20;
/// Deliveries a second that are tried.
const LEVELS: [f64; 7] = [2e6, 4e6, 6e6, 7e6, 8.2e6, 10e6, 14e6];

/// Reactions to a chat's messages.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("people", options.people);
    figures.set("codec", options.codec.as_str());
    let stage = hub.stage("Crush")?;
    let senders = senders(hub, &stage, options).await?;
    let tokens = hub.join_people(&stage, options.people - SENDERS)?;
    let people = enter_all(hub, &tokens, std::slice::from_ref(&stage.messaging), &options.codec).await?;
    let conns = people.into_iter().map(|person| person.conn).collect();
    let swarm = Swarm::listen(conns, (options.people / READING).max(1))?;
    swarm.settle().await;
    let traffic = Traffic { senders, swarm, told: options.people };
    climb(hub, traffic, &LEVELS, goal(options.people), &mut figures).await?;
    Ok(figures)
}

fn goal(people: usize) -> Goal {
    match people {
        0..=2_000 => Goal { p99_ms: 50.0, deliveries_per_s: 8e6 },
        _ => Goal { p99_ms: 200.0, deliveries_per_s: 6e6 },
    }
}

/// Those who react, after the messages were written.
async fn senders(hub: &Hub, stage: &Stage, options: &Options) -> io::Result<Vec<Talker>> {
    let tokens = hub.join_people(stage, SENDERS)?;
    let rooms = [stage.messaging.clone()];
    let mut conns = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        let person = crate::crowd::Person::enter(hub.address, n, codec_of(n, &options.codec), token, &rooms);
        conns.push(person.await?.conn);
    }
    let room = stage.messaging.clone();
    let (conns, ids) = write_messages(conns, &room).await?;
    let script = |(n, conn): (usize, Conn)| {
        let react = |id: &String| conn.encoded(&json!({"message": id, "emoji": "👀"}));
        let data = Rc::new(ids.iter().map(react).collect::<io::Result<Vec<_>>>()?);
        Ok((conn, Script { op: "chat.react", room: room.clone(), data, first: n, step: SENDERS }))
    };
    conns.into_iter().enumerate().map(script).collect()
}

/// Fills the room. Returns the messages' ids, which are the keys of the commands that wrote them.
async fn write_messages(conns: Vec<Conn>, room: &str) -> io::Result<(Vec<Conn>, Vec<String>)> {
    let mut sockets = Vec::new();
    for conn in conns {
        let data = Rc::new(vec![conn.encoded(&json!({"text": "What do you think of this?"}))?]);
        sockets.push((conn, Script { op: "chat.send", room: room.to_owned(), data, first: 0, step: 1 }));
    }
    let each = MESSAGES / SENDERS;
    let time = Duration::from_millis(10) * each as u32;
    let pace = |_| (Pace::Every(time / each as u32), Duration::ZERO);
    let (talkers, sent) = drive_all(sockets, pace, time).await?;
    Ok((talkers.into_iter().map(|(conn, _)| conn).collect(), sent.keys))
}
