//! What leaves memory, as it is written down.

use plenum_domain::Timestamp;

use super::super::Messaging;
use super::super::wire::{Fact, Person, Settings, View};
use super::*;
use crate::engine::sample::person;
use crate::engine::stage::START_MS;
use crate::engine::{Audience, Room as _, Scope, Viewer, golden};

fn id(n: u128) -> Id {
    Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn sent(message: Id, n: u64, text: &str, reply_to: Option<Id>) -> Fact {
    let who = person(n);
    let author = Person { id: who.participant, name: who.name };
    Fact::Sent { message, author, text: text.to_owned(), reply_to, at_ms: Timestamp::from_ms(START_MS) }
}

fn facts() -> Vec<(&'static str, Fact)> {
    let (message, by, ann) = (id(0xC1), person(MODERATOR).participant, person(ANN).participant);
    let reacted = |emoji: &str, on| Fact::Reacted { message, participant: ann, emoji: emoji.to_owned(), on };
    vec![
        ("sent", sent(message, BEN, "مرحبا! Hello!", None)),
        ("answered", sent(id(0xC2), ANN, "Hi", Some(message))),
        ("reacted", reacted("👍", true)),
        ("reaction_taken_away", reacted("👀", false)),
        ("reported", Fact::Reported { message, by: ann, reason: Some("spam".to_owned()) }),
        ("muted", Fact::Muted { participant: ann, until_ms: Timestamp::from_ms(START_MS + 60_000), by }),
        ("slowed", Fact::Slowed { seconds: 10, by }),
        ("deleted", Fact::Deleted { message: id(0xC2), by }),
        ("unmuted", Fact::Unmuted { participant: ann }),
    ]
}

#[test]
fn facts_and_views_are_as_written_down() {
    let facts = facts();
    golden::check_readable("messaging", "facts", &facts);
    let scope = Scope { tenant: id(1), conference: id(2), session: Some(id(3)) };
    let mut room = Messaging::open(id(3), scope, Settings::default()).expect("it opens");
    facts.iter().take(8).for_each(|(_, fact)| room.evolve(fact));
    let state = |n, audience| room.state(&Viewer { actor: &person(n), audience });
    let message = room.message_view(id(0xC1)).expect("it is there");
    let views = [
        ("state", state(ANN, Audience::Attendee)),
        ("state_for_moderators", state(MODERATOR, Audience::Moderator)),
        ("message", View::Message(Box::new(message))),
        ("deleted", View::Deleted { id: id(0xC2) }),
        ("reactions", View::Reactions { id: id(0xC1), reactions: room.reactions(id(0xC1)) }),
        ("slow", View::Slow { slow_mode_s: 10 }),
        ("muted", View::Muted { until_ms: Some(Timestamp::from_ms(START_MS + 60_000)) }),
        ("not_muted", View::Muted { until_ms: None }),
        ("mine", View::Mine { message: id(0xC1), emoji: vec!["👍".to_owned()] }),
        ("report", View::Report(room.report_view(id(0xC1)).expect("it was reported"))),
        ("mutes", View::Mutes { mutes: room.mutes() }),
    ];
    golden::check("messaging", "views", &views);
}
