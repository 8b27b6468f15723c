//! What is secret in the rooms is secret in the store, down to its bytes.

use plenum_domain::{Id, Role, Roles};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Actor;
use plenum_rooms::engine::sample::person;
use serde_json::json;

use super::hall::{Hall, SESSION, TENANT};
use super::{dump, project};
use crate::store::tests::{Twin, on_both};

on_both!(
    an_anonymous_poll_leaves_no_trace_of_its_voters,
    an_anonymous_question_and_support_leave_no_trace_of_who,
    a_deleted_message_leaves_no_text_and_a_report_no_reporter,
);

/// Someone whose id is like no other's.
fn somebody(n: u128) -> Actor {
    let participant = Id::from_bits(0x0199_ABCD_EF01_7234_8567_89AB_CDEF_0000 + n);
    Actor { participant, name: format!("Nobody Knows {n}"), roles: Roles::of(&[Role::Attendee]) }
}

/// Whether a dump tells of this person, by id or by name.
fn tells_of(dump: &[String], who: &Actor) -> bool {
    let bits = who.participant.bits();
    let ids = [who.participant.to_string(), format!("{bits:032X}"), uuid::Uuid::from_u128(bits).to_string()];
    dump.iter().any(|row| row.contains(&who.name) || ids.iter().any(|id| row.contains(id)))
}

async fn an_anonymous_poll_leaves_no_trace_of_its_voters(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let poll = |id, anonymous: bool| {
        let options = json!([{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]);
        let settings = json!({"title": "T", "kind": "single", "options": options, "anonymous": anonymous});
        (RoomRef::new("poll", Id::from_bits(id)), settings)
    };
    for (voter, (room, settings)) in (1..).zip([poll(11, true), poll(12, false)]) {
        hall.open(room, &settings);
        hall.command(room, person(0), "poll.open", &json!({}));
        hall.command(room, somebody(voter), "poll.vote", &json!({"options": ["a"]}));
    }
    project(&hall, &fixture.store).await;
    let dump = dump(&fixture.store).await;
    assert!(!tells_of(&dump, &somebody(1)), "{dump:#?}");
    assert!(tells_of(&dump, &somebody(2)), "a vote with a name is kept with it");
    for id in [11, 12] {
        let results = fixture.store.poll_results(TENANT, Id::from_bits(id)).await.unwrap();
        assert_eq!((results[0].voters, &results[0].results["options"][0]["votes"]), (1, &json!(1)));
    }
    let archived = fixture.store.archived_of_room(TENANT, "poll", Id::from_bits(11), 2, 9).await.unwrap();
    assert_eq!((archived[0].participant, archived[0].key, archived[0].at), (None, None, None));
}

async fn an_anonymous_question_and_support_leave_no_trace_of_who(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let qa = RoomRef::new("qa", SESSION);
    hall.command(
        qa,
        person(0),
        "qa.configure",
        &json!({"anonymous": true, "open": true, "premoderation": false}),
    );
    hall.command(qa, somebody(1), "qa.ask", &json!({"text": "Who pays?", "anonymous": true}));
    let question = hall.look(qa, &person(0))["questions"][0]["id"].clone();
    hall.command(qa, somebody(2), "qa.vote", &json!({"question": question, "up": true}));
    hall.command(qa, somebody(3), "qa.ask", &json!({"text": "By me", "anonymous": false}));
    hall.command(qa, somebody(1), "qa.withdraw", &json!({"question": question}));
    project(&hall, &fixture.store).await;
    let dump = dump(&fixture.store).await;
    assert!(dump.iter().any(|row| row.contains("Who pays?") && row.contains("'withdrawn'")), "{dump:#?}");
    assert!(!tells_of(&dump, &somebody(1)) && !tells_of(&dump, &somebody(2)), "{dump:#?}");
    assert!(tells_of(&dump, &somebody(3)));
}

async fn a_deleted_message_leaves_no_text_and_a_report_no_reporter(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let chat = RoomRef::new("messaging", SESSION);
    hall.command(chat, somebody(1), "chat.send", &json!({"text": "Words to regret"}));
    let message = hall.look(chat, &person(0))["messages"][0]["id"].clone();
    hall.command(chat, somebody(2), "chat.report", &json!({"message": message, "reason": "rude"}));
    project(&hall, &fixture.store).await;
    assert!(!tells_of(&dump(&fixture.store).await, &somebody(2)));
    hall.command(chat, person(0), "chat.delete", &json!({"message": message}));
    project(&hall, &fixture.store).await;
    let messages = fixture.store.messages(TENANT, SESSION, None, 9).await.unwrap();
    assert_eq!((messages.len(), messages[0].text.as_str(), messages[0].deleted), (1, "", true));
}
