//! What a room remembers by design is filled before memory is looked at, and has been kept in the journal some times by
//! then: else its filling, and what the journal needs for so large a state, would look like a leak.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use plenum_protocol::Codec;
use serde_json::json;

use super::person::Place;
use crate::conn::Conn;
use crate::crowd::Person;
use crate::drive::{Script, Talker, drive_all, evenly};
use crate::hub::Hub;

/// A room remembers so many answers (`ACCEPTED_KEPT` of the engine), and some more come before it is looked at.
const ANSWERS: u64 = 210_000;
/// Votes of one person in a second: less than its limit.
const PER_PERSON_AND_S: f64 = 30.0;
/// Votes come in turns of this length until there were enough.
const TURN: Duration = Duration::from_secs(2);

/// Lets people change their votes until the poll remembers as many answers as it ever will.
pub(super) async fn fill(hub: &Hub, place: &Place) -> io::Result<()> {
    let (mut conns, mut accepted) = (Vec::with_capacity(place.tokens.len()), 0);
    for (n, token) in place.tokens.iter().enumerate() {
        let rooms = std::slice::from_ref(&place.poll);
        conns.push(Person::enter(hub.address, n, Codec::MsgPack, token, rooms).await?.conn);
    }
    while accepted < ANSWERS {
        let sockets =
            conns.into_iter().map(|conn| voting(conn, &place.poll)).collect::<io::Result<Vec<_>>>()?;
        let pace = evenly(PER_PERSON_AND_S * place.tokens.len() as f64, place.tokens.len());
        let (back, sent) = drive_all(sockets, pace, TURN).await?;
        if sent.accepted == 0 {
            return Err(io::Error::other(format!("no vote was accepted: {:?}", sent.refused)));
        }
        accepted += sent.accepted;
        conns = back.into_iter().map(|(conn, _)| conn).collect();
    }
    Ok(())
}

fn voting(conn: Conn, poll: &str) -> io::Result<Talker> {
    let choices = ["a", "b"].map(|choice| conn.encoded(&json!({"options": [choice]})));
    let data = Rc::new(choices.into_iter().collect::<io::Result<Vec<_>>>()?);
    Ok((conn, Script { op: "poll.vote", room: poll.to_owned(), data, first: 0, step: 1 }))
}
