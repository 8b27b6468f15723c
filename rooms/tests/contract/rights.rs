//! Who may do what: screens nothing, attendees only what attendees do, and nobody with another one's key.

use std::collections::BTreeSet;

use plenum_rooms::engine::Output;
use plenum_rooms::engine::sample::SampleCommand;
use plenum_rooms::kinds::{KINDS, Kind};

use super::{COMMANDS, Play, SEEDS, lively, with_every_kind};
use crate::desk::{ATTENDEE, MODERATOR, SCREEN, person};

/// What only those who run a room may do, by the protocol's own list: a kind cannot forget to ask for the role.
const MODERATORS_ONLY: [&str; 28] = [
    "poll.create",
    "poll.open",
    "poll.close",
    "poll.reveal",
    "poll.reset",
    "qa.approve",
    "qa.reject",
    "qa.edit",
    "qa.merge",
    "qa.unmerge",
    "qa.pin",
    "qa.unpin",
    "qa.answered",
    "qa.reopen",
    "qa.claim",
    "qa.unclaim",
    "qa.configure",
    "chat.mute",
    "chat.slow",
    "session.start",
    "session.pause",
    "session.end",
    "session.show",
    "session.timer",
    "session.edit",
    "session.polls",
    "session.remove_poll",
    "screen.show",
];

#[test]
fn a_screen_changes_nothing() {
    with_every_kind(|kind, seed| {
        let mut play = lively(kind, seed);
        for n in 0..COMMANDS as u64 {
            let command = play.made_up(&person(if n % 2 == 0 { MODERATOR } else { ATTENDEE }));
            forbidden(&mut play, SCREEN, command);
        }
    });
}

#[test]
fn an_attendee_does_nothing_that_only_moderators_do() {
    for kind in KINDS {
        let attendees = attendees_ops(kind);
        let mut play = lively(kind, SEEDS);
        for _ in 0..COMMANDS {
            let command = play.made_up(&person(MODERATOR));
            if MODERATORS_ONLY.contains(&command.op) || !attendees.contains(command.op) {
                forbidden(&mut play, ATTENDEE, command);
            } else {
                let by = person(MODERATOR);
                play.send(by, command);
            }
        }
    }
}

/// The commands that the kind's own traffic has attendees send.
fn attendees_ops(kind: &'static Kind) -> BTreeSet<&'static str> {
    let mut ops = BTreeSet::new();
    for seed in 0..SEEDS {
        let mut play = Play::new(kind, seed);
        for sent in play.run(COMMANDS) {
            if !sent.by.moderates() && sent.by.participant != person(SCREEN).participant {
                ops.insert(sent.command.op);
            }
        }
    }
    ops
}

/// The command is refused for its sender's roles, and leaves no trace.
fn forbidden(play: &mut Play, n: u64, command: SampleCommand) {
    let (before, records, name) = (play.bytes(), play.desk.journal.records.len(), play.kind.name);
    let sent = play.send(person(n), command);
    let code = sent.outcome.expect_err(&format!("{name}: person {n} did {:?}", sent.command)).code;
    // Data that nobody could send is refused before anyone asks who sent it.
    let refused = ["hub.forbidden", "hub.bad_frame"].contains(&code);
    assert!(refused, "{name}: person {n} tried {:?} and was told {code}", sent.command);
    assert!(play.bytes() == before, "{name}: {:?} of person {n} changed the state", sent.command);
    assert_eq!(play.desk.journal.records.len(), records, "{name}: {:?}", sent.command);
}

#[test]
fn a_key_belongs_to_the_one_who_used_it_first() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        for _ in 0..COMMANDS {
            let sent = play.step();
            if !matches!(sent.outcome, Ok(Some(_))) {
                continue;
            }
            let (before, thief) = (play.bytes(), person(if sent.by == person(1) { 0 } else { 1 }));
            let answer =
                play.desk.ask(&thief, play.room, Some(sent.key), sent.command.op, &sent.command.data);
            assert!(answer.is_err(), "{} {seed}: {:?} under a stolen key", kind.name, sent.command);
            assert!(play.bytes() == before, "{} {seed}: {:?} under a stolen key", kind.name, sent.command);
        }
    });
}

#[test]
fn the_same_key_gives_the_same_answer_and_changes_nothing() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        let sent = play.run(COMMANDS);
        let before = play.bytes();
        let passing: BTreeSet<_> =
            sent.iter().filter(|one| matches!(one.outcome, Ok(None))).map(|one| one.command.op).collect();
        for one in sent.iter().filter(|one| !passing.contains(one.command.op)) {
            if one.outcome.as_ref().is_err_and(|refusal| refusal.retry_ms.is_some()) {
                continue;
            }
            let again = play.desk.ask(&one.by, play.room, Some(one.key), one.command.op, &one.command.data);
            assert_eq!(again, one.outcome, "{} {seed}: {:?}", kind.name, one.command);
        }
        assert!(play.bytes() == before, "{} {seed}: a repeated command changed the state", kind.name);
        let told = play.desk.heard().iter().any(|one| matches!(one, Output::Append(_)));
        assert!(!told, "{} {seed}: a repeated command was journaled", kind.name);
    });
}

#[test]
fn an_accepted_key_is_known_after_a_restart() {
    with_every_kind(|kind, seed| {
        let mut play = Play::new(kind, seed);
        let sent = play.run(COMMANDS);
        let mut again = play.desk.restarted();
        let known: BTreeSet<_> = play.desk.journal.records.iter().filter_map(|record| record.key).collect();
        for one in sent.iter().filter(|one| known.contains(&one.key)) {
            let answer = again.ask(&one.by, play.room, Some(one.key), one.command.op, &one.command.data);
            assert_eq!(answer, one.outcome, "{} {seed}: {:?}", kind.name, one.command);
        }
        assert!(again.engine.state_bytes(play.room) == Some(play.bytes()), "{} {seed}", kind.name);
    });
}

#[test]
fn the_list_of_moderators_commands_names_commands() {
    let known: Vec<&str> = KINDS.iter().flat_map(|kind| kind.ops).copied().collect();
    let prefixes: BTreeSet<&str> = KINDS.iter().map(super::play::prefix).collect();
    for op in MODERATORS_ONLY {
        let kind = op.split_once('.').expect("an op has a kind").0;
        assert!(!prefixes.contains(kind) || known.contains(&op), "{op} is no command of any kind");
    }
}
