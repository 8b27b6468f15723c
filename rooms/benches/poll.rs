//! What a pure poll costs: one vote from bytes to bytes, one digest, one joiner's state.
//! `cargo bench -p plenum-rooms --bench poll`

use divan::{Bencher, black_box};
use plenum_domain::{Id, Timestamp};
use plenum_rooms::engine::sample::person;
use plenum_rooms::engine::{Audience, Codec, Moment, Numbered, Payload, Room, Scope, Viewer, encode};
use plenum_rooms::kinds::poll::Poll;
use plenum_rooms::kinds::poll::wire::Fact;

fn main() {
    divan::main();
}

const VOTERS: [u64; 2] = [1_000, 100_000];
const VOTES: [&[u8]; 2] = [br#"{"options":["a","c"]}"#, br#"{"options":["b"]}"#];
const CLOUDS: [&[u8]; 2] = [br#"{"text":"open, calm"}"#, br#"{"text":"Open, fast, fair"}"#];

/// An open poll in which so many people voted.
fn poll(kind: &str, options: &str, votes: [&[u8]; 2], voters: u64) -> Poll {
    let settings = format!(r#"{{"title":"Which?","kind":"{kind}",{options}"change_vote":true}}"#);
    let settings = serde_json::from_str(&settings).expect("settings of the right form");
    let scope = Scope { tenant: Id::from_bits(1), conference: Id::from_bits(2), session: None };
    let mut poll = Poll::open(Id::from_bits(9), scope, settings).expect("settings that work");
    poll.evolve(&Fact::Opened { closes_at: None });
    (0..voters).for_each(|n| drop(vote(&mut poll, n, votes[n as usize % 2])));
    poll
}

fn choice(voters: u64) -> Poll {
    poll("multiple", r#""options":[{"label":"A"},{"label":"B"},{"label":"C"}],"#, VOTES, voters)
}

/// One vote: read, decided, applied, written for the journal.
fn vote(poll: &mut Poll, n: u64, data: &[u8]) -> Vec<u8> {
    let at = Moment { now: Timestamp::from_ms(1), command: Id::from_bits(u128::from(n)), seed: 1 };
    let command = Poll::read("poll.vote", &Payload::json(data)).expect("a vote is read");
    let facts = poll.decide(&person(n + 3), command, &at).expect("a vote counts");
    facts.iter().for_each(|fact| poll.evolve(fact));
    rmp_serde::to_vec_named(&facts).expect("facts are plain data")
}

/// People of a full poll change their votes, one after the other.
fn revote(bencher: Bencher<'_, '_>, mut poll: Poll, votes: [&'static [u8]; 2], voters: u64) {
    let mut n = 0;
    bencher.bench_local(move || {
        let turn = n / voters + n + 1;
        let bytes = vote(&mut poll, n % voters, black_box(votes[turn as usize % 2]));
        n += 1;
        bytes
    });
}

#[divan::bench(args = VOTERS)]
fn one_vote(bencher: Bencher<'_, '_>, voters: u64) {
    revote(bencher, choice(voters), VOTES, voters);
}

#[divan::bench(args = VOTERS)]
fn one_word_vote(bencher: Bencher<'_, '_>, voters: u64) {
    revote(bencher, poll("wordcloud", "", CLOUDS, voters), CLOUDS, voters);
}

#[divan::bench(args = VOTERS)]
fn one_digest(bencher: Bencher<'_, '_>, voters: u64) {
    let mut poll = choice(voters);
    let at = Timestamp::from_ms(1);
    let facts = rmp_serde::from_slice::<Vec<Fact>>(&vote(&mut poll, voters, VOTES[0])).expect("facts");
    let numbered = |(fact, seq)| Numbered { seq, fact, at, origin: None };
    let facts: Vec<Numbered<Fact>> = facts.into_iter().zip(1..).map(numbered).collect();
    bencher.bench_local(|| {
        let told = poll.tell(black_box(&facts), Audience::Attendee);
        told.iter().map(|told| Codec::ALL.map(|codec| encode(codec, &told.view))).collect::<Vec<_>>()
    });
}

#[divan::bench(args = VOTERS)]
fn one_state(bencher: Bencher<'_, '_>, voters: u64) {
    let (poll, actor) = (choice(voters), person(7));
    let viewer = Viewer { actor: &actor, audience: Audience::Attendee };
    bencher.bench_local(|| encode(Codec::Json, &poll.state(black_box(&viewer))));
}
