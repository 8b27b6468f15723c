//! What the engine adds to a pure room: a command from its bytes to its answer behind the journal, and a beat that is
//! taken out of the engine to the last push before the clock stops.
//! `cargo bench -p plenum-rooms --bench engine`

use std::sync::Arc;

use bytes::Bytes;
use divan::Bencher;
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::person;
use plenum_rooms::engine::{Codec, Engine, Input, Output, RoomRef, Scope, Settings, SubId, Ticket};

fn main() {
    divan::main();
}

const SCOPE: Scope = Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None };
const POLL: &str = r#"{"title":"Which?","kind":"single","options":[{"id":"a","label":"A"},{"id":"b","label":"B"}],"change_vote":true,"results":"always"}"#;
const CHOICES: [&str; 2] = [r#"{"options":["a"]}"#, r#"{"options":["b"]}"#];
/// People in the room.
const PEOPLE: [u64; 2] = [25, 5_000];
/// Attendees begin here among the made-up people; before them come a moderator and a screen.
const FIRST_ATTENDEE: u64 = 3;

/// An engine with one open poll, and its clock.
struct Hall {
    engine: Engine,
    room: RoomRef,
    now: Timestamp,
    commands: u64,
    appended: u64,
}

impl Hall {
    fn new(people: u64) -> Self {
        let room = RoomRef::new("poll", Id::from_bits(9));
        let engine = Engine::new(Settings::default());
        let mut hall = Self { engine, room, now: Timestamp::from_ms(1), commands: 0, appended: 0 };
        let (ticket, by, settings) = (Ticket(0), person(0).participant, Bytes::from(POLL));
        hall.engine.handle(Input::Open { ticket, by, room, scope: SCOPE, settings }, hall.now);
        hall.command(0, "poll.open", "{}");
        for n in 0..people {
            let (by, sub) = (Arc::new(person(n + FIRST_ATTENDEE)), SubId(n + 1));
            let codec = Codec::ALL[n as usize % 2];
            hall.engine.handle(Input::Join { ticket, sub, by, room, codec, since: None }, hall.now);
            hall.settle();
        }
        hall
    }

    fn command(&mut self, n: u64, op: &str, data: &'static str) {
        self.commands += 1;
        let (by, key) = (Arc::new(person(n)), Some(Id::from_bits(u128::from(self.commands))));
        let (ticket, room, codec) = (Ticket(self.commands), self.room, Codec::Json);
        let data = Bytes::from_static(data.as_bytes());
        let command = Input::Command { ticket, sub: None, by, room, key, op: op.into(), codec, data };
        self.engine.handle(command, self.now);
        self.settle();
    }

    /// What is asked for is durable at once. Returns how many outputs there were.
    fn settle(&mut self) -> usize {
        let mut outputs = 0;
        loop {
            let taken = self.engine.take();
            if taken.is_empty() {
                return outputs;
            }
            outputs += taken.len();
            self.appended += taken.iter().filter(|output| matches!(output, Output::Append(_))).count() as u64;
            self.engine.durable(self.appended);
        }
    }

    fn vote(&mut self, people: u64) {
        let n = self.commands;
        self.command(FIRST_ATTENDEE + n % people, "poll.vote", CHOICES[(n / people) as usize % 2]);
    }
}

/// A vote to its answer; its push waits for the beat.
#[divan::bench(args = PEOPLE)]
fn one_vote_to_its_answer(bencher: Bencher<'_, '_>, people: u64) {
    let mut hall = Hall::new(people);
    bencher.bench_local(move || hall.vote(people));
}

/// A vote and the beat that tells it, encoded for each audience and codec.
#[divan::bench(args = PEOPLE)]
fn one_vote_and_its_beat(bencher: Bencher<'_, '_>, people: u64) {
    let mut hall = Hall::new(people);
    bencher.bench_local(move || {
        hall.vote(people);
        hall.now = hall.now.plus_ms(1_000);
        hall.engine.tick(hall.now);
        hall.settle()
    });
}
