//! Two hundred rooms of twenty-five people who talk: deliveries a second at which everyone still sees in time.

use std::io;
use std::rc::Rc;

use serde_json::json;

use super::Options;
use super::levels::{Goal, Traffic, climb};
use crate::crowd::enter_all;
use crate::drive::Script;
use crate::figures::Figures;
use crate::hub::Hub;
use crate::swarm::Swarm;

const ROOMS: usize = 200;
const PEOPLE: usize = 25;
/// Deliveries a second that are tried.
const LEVELS: [f64; 8] = [50e3, 100e3, 140e3, 175e3, 200e3, 240e3, 300e3, 400e3];
const GOAL: Goal = Goal { p99_ms: 50.0, deliveries_per_s: 170e3 };

/// One of each room talks, all listen.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("rooms", ROOMS);
    figures.set("people_per_room", PEOPLE);
    figures.set("codec", options.codec.as_str());
    let stage = hub.stage("Small rooms")?;
    let tokens = hub.join_people(&stage, ROOMS * PEOPLE)?;
    let (mut senders, mut listening) = (Vec::new(), Vec::new());
    for tokens in tokens.chunks(PEOPLE) {
        let (_, _, _, room) = hub.session(&stage.conference, "Talk")?;
        let people = enter_all(hub, tokens, std::slice::from_ref(&room), &options.codec).await?;
        let mut conns = people.into_iter().map(|person| person.conn);
        let conn = conns.next().ok_or_else(|| io::Error::other("a room without people"))?;
        let data =
            Rc::new(vec![conn.encoded(&json!({"text": "Did you see what was on the slide before?"}))?]);
        senders.push((conn, Script { op: "chat.send", room, data, first: 0, step: 1 }));
        listening.extend(conns);
    }
    let swarm = Swarm::listen(listening, PEOPLE - 1)?;
    swarm.settle().await;
    let traffic = Traffic { senders, swarm, told: PEOPLE };
    climb(hub, traffic, &LEVELS, GOAL, &mut figures).await?;
    Ok(figures)
}
