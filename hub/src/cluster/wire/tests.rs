//! What is written is read again.

use std::sync::Arc;

use plenum_domain::{Id, Role, Roles, Timestamp};
use plenum_rooms::engine::{Accepted, Actor, Codec, JoinBody, Push, Refusal, SubId, Ticket};
use plenum_rooms::{Input, Output, RoomRef, Scope};

use super::*;

const ROOM: RoomRef = RoomRef::new("poll", Id::from_bits(7));

fn actor() -> Arc<Actor> {
    let roles = Roles::of(&[Role::Attendee]);
    Arc::new(Actor { participant: Id::from_bits(5), name: "Ada".to_owned(), roles })
}

fn inputs() -> Vec<Input> {
    let scope = Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None };
    let (ticket, sub, by, room) = (Ticket(1), SubId(2), actor(), ROOM);
    let data = Bytes::from_static(&[0xFF, 0]);
    vec![
        Input::Open { ticket, by: by.participant, room, scope, settings: data.clone() },
        Input::Command {
            ticket,
            sub: Some(sub),
            by: by.clone(),
            room,
            key: Some(Id::from_bits(3)),
            op: "poll.vote".into(),
            codec: Codec::MsgPack,
            data,
        },
        Input::Join { ticket, sub, by: by.clone(), room, codec: Codec::Json, since: Some(9) },
        Input::Look { ticket, by, room, codec: Codec::Json },
        Input::Leave { sub, room },
    ]
}

fn outputs() -> Vec<Output> {
    let (ticket, sub, room, audience) = (Ticket(1), SubId(2), ROOM, Audience::Informed);
    let data = Bytes::from_static(b"{}");
    let push =
        Push { range: Some((1, 4)), ev: "poll.results", at: Timestamp::from_ms(8), data: data.clone() };
    let newer = Push { range: None, ev: "poll.from_a_newer_version", ..push.clone() };
    let refusal = Refusal::busy("later", 250).with("limit", 7);
    let replay = JoinBody::Replay(vec![push.clone(), newer]);
    vec![
        Output::Reply { ticket, outcome: Ok(Some(Accepted { seq: 3, opened: Some(room) })) },
        Output::Reply { ticket, outcome: Ok(None) },
        Output::Reply { ticket, outcome: Err(refusal) },
        Output::Joined { ticket, sub, room, seq: 4, audience, body: JoinBody::State(data.clone()) },
        Output::Joined { ticket, sub, room, seq: 4, audience, body: replay },
        Output::Looked { ticket, seq: 4, state: data },
        Output::Whisper { sub, room, push },
        Output::Moved { sub, room, audience },
    ]
}

#[test]
fn inputs_arrive_with_their_numbers_marked() {
    for input in inputs() {
        let asked = Asked::of(&input).expect("it travels");
        let read: Asked = read(&write(&asked)).expect("it is readable");
        assert_eq!(format!("{:?}", read.clone().into_input(|n| n)), format!("{input:?}"));
        let marked = read.into_input(|n| n + 100);
        assert!(format!("{marked:?}").contains("(10"), "{marked:?}");
    }
}

#[test]
fn outputs_arrive_as_they_were() {
    for output in outputs() {
        let told = Told::of(output.clone(), |n| n).expect("it travels");
        let read: Told = read(&write(&told)).expect("it is readable");
        let arrived = read.into_output().expect("its names are known or learned");
        assert_eq!(format!("{arrived:?}"), format!("{output:?}"));
    }
}

#[test]
fn rubbish_is_not_read() {
    assert!(read::<Down>(b"\x81\xa5Bogus\xc0").is_err());
    assert!(read::<Up>(&[]).is_err());
}
