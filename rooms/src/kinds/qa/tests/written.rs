//! What leaves memory, as it is written down.

use plenum_domain::Timestamp;

use super::super::Qa;
use super::super::shown::Eyes;
use super::super::wire::{Fact, Person, Settings, View};
use super::*;
use crate::engine::sample::person;
use crate::engine::stage::START_MS;
use crate::engine::{Audience, Room as _, Scope, Viewer, golden};

fn id(n: u128) -> Id {
    Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn asked(question: Id, n: u64, text: &str, pending: bool) -> Fact {
    let who = person(n);
    let author = (n == ANN).then(|| Person { id: who.participant, name: who.name.clone() });
    let at_ms = Timestamp::from_ms(START_MS);
    Fact::Asked { question, asker: who.participant, author, text: text.to_owned(), at_ms, pending }
}

fn facts() -> Vec<(&'static str, Fact)> {
    let (question, by) = (id(0xA1), person(MODERATOR).participant);
    let claimer = Person { id: by, name: "Person 0".to_owned() };
    let reason = Some("asked before".to_owned());
    vec![
        ("asked", asked(question, ANN, "لماذا؟ Why?", true)),
        ("asked_without_a_name", asked(id(0xA2), BEN, "How?", false)),
        ("approved", Fact::Approved { question, by }),
        ("edited", Fact::Edited { question, by, text: "Why?".to_owned() }),
        ("voted", Fact::Voted { question, voter: person(CEM).participant, up: true }),
        ("pinned", Fact::Pinned { question, by }),
        ("unpinned", Fact::Unpinned { question, by }),
        (
            "claimed",
            Fact::Claimed { question, by: claimer, until_ms: Timestamp::from_ms(START_MS + 120_000) },
        ),
        ("merged", Fact::Merged { question: id(0xA2), into: question, by }),
        ("recounted", Fact::Recounted { question }),
        ("configured", Fact::Configured(Settings { premoderation: true, ..Settings::default() })),
        ("unmerged", Fact::Unmerged { question: id(0xA2), by }),
        ("rejected", Fact::Rejected { question: id(0xA2), by, reason }),
        ("answered", Fact::Answered { question, by }),
        ("reopened", Fact::Reopened { question, by }),
        ("released", Fact::Released { question }),
        ("withdrawn", Fact::Withdrawn { question: id(0xA2) }),
    ]
}

#[test]
fn facts_and_views_are_as_written_down() {
    let facts = facts();
    golden::check_readable("qa", "facts", &facts);
    let scope = Scope { tenant: id(1), conference: id(2), session: Some(id(3)) };
    let mut room = Qa::open(id(3), scope, Settings::default()).expect("it opens");
    facts.iter().take(13).for_each(|(_, fact)| room.evolve(fact));
    let (votes, scores) = room.votes_view(&[id(0xA1)].into(), Eyes::Everyone);
    let state = |n, audience| room.state(&Viewer { actor: &person(n), audience });
    let question =
        |n, eyes| View::Question(Box::new(room.question_view(id(n), eyes).expect("these eyes may see it")));
    let views = [
        ("state", state(CEM, Audience::Attendee)),
        ("state_for_its_asker", state(BEN, Audience::Attendee)),
        ("state_for_moderators", state(MODERATOR, Audience::Moderator)),
        ("question", question(0xA1, Eyes::Everyone)),
        ("question_gone", question(0xA2, Eyes::Everyone)),
        ("fate", question(0xA2, Eyes::Asker)),
        ("votes", View::Votes { votes, scores }),
        ("settings", View::Settings(Settings::default())),
        ("mine", View::Mine { question: id(0xA1), up: true }),
    ];
    golden::check("qa", "views", &views);
}
