//! What is counted is what the archive says: as it comes in, again, and anew.

use plenum_domain::Id;
use plenum_domain::activity::QUARTER_MS;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::sample::person;
use serde_json::json;

use super::hall::{CONFERENCE, Hall, SESSION, TENANT};
use super::{dump, forget_the_cursor, project, recount};
use crate::store::Store;
use crate::store::connection::Reach;
use crate::store::query::Query;
use crate::store::tests::{Twin, on_both};

on_both!(
    deeds_are_counted_by_quarter_hours_and_people_once,
    a_secret_vote_falls_on_what_was_told_before_it_and_on_nobody,
    counting_anew_mends_what_is_wrong,
    counting_anew_while_the_projector_writes_counts_nothing_twice,
    the_most_at_once_of_each_quarter_are_counted_from_the_archive,
);

const CHAT: RoomRef = RoomRef::new("messaging", SESSION);
const QA: RoomRef = RoomRef::new("qa", SESSION);

const ROOM: RoomRef = RoomRef::new("session", SESSION);

/// What was done, by quarter hours since the first of them.
async fn deeds(store: &Store) -> Vec<(i64, String, i64)> {
    let rows = store.activity(TENANT, CONFERENCE).await.unwrap();
    let first = rows.first().map_or(0, |row| row.from.ms());
    rows.into_iter().map(|row| ((row.from.ms() - first) / QUARTER_MS, row.deed, row.times)).collect()
}

async fn people(store: &Store) -> u64 {
    let ever = (plenum_domain::Timestamp::from_ms(0), plenum_domain::Timestamp::from_ms(i64::MAX / 1_000));
    store.active(TENANT, CONFERENCE, ever).await.unwrap()
}

fn poll(hall: &mut Hall, anonymous: bool) -> RoomRef {
    let room = RoomRef::new("poll", Id::from_bits(if anonymous { 11 } else { 12 }));
    let options = json!([{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]);
    let settings = json!({"title": "T", "kind": "single", "options": options, "anonymous": anonymous});
    hall.open(room, &settings);
    hall.command(room, person(0), "poll.open", &json!({}));
    room
}

async fn deeds_are_counted_by_quarter_hours_and_people_once(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    for n in [3, 4, 3] {
        hall.command(CHAT, person(n), "chat.send", &json!({"text": "Hello"}));
        hall.wait_ms(QUARTER_MS);
        project(&hall, &fixture.store).await;
    }
    hall.command(QA, person(5), "qa.ask", &json!({"text": "Who pays?", "anonymous": false}));
    hall.command(QA, person(5), "qa.ask", &json!({"text": "", "anonymous": false}));
    project(&hall, &fixture.store).await;
    let message = |quarter| (quarter, "message".to_owned(), 1);
    let expected = [message(0), message(1), message(2), (3, "question".to_owned(), 1)];
    assert_eq!(deeds(&fixture.store).await, expected, "what is refused is no deed");
    assert_eq!(people(&fixture.store).await, 3);
    let sums = recount(&fixture.store, CONFERENCE).await;
    assert_eq!(sums.before, sums.after);
    assert_eq!(sums.after.people, 4, "one of them in two quarter hours");
}

async fn a_secret_vote_falls_on_what_was_told_before_it_and_on_nobody(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(1);
    let secret = poll(&mut hall, true);
    project(&hall, &fixture.store).await;
    hall.wait_ms(2 * QUARTER_MS);
    hall.command(secret, person(3), "poll.vote", &json!({"options": ["a"]}));
    let named = poll(&mut hall, false);
    hall.wait_ms(2 * QUARTER_MS);
    hall.command(named, person(4), "poll.vote", &json!({"options": ["a"]}));
    project(&hall, &fixture.store).await;
    let vote = |quarter| (quarter, "vote".to_owned(), 1);
    assert_eq!(deeds(&fixture.store).await, [vote(0), vote(4)], "the secret one when its poll opened");
    assert_eq!(people(&fixture.store).await, 1, "whoever votes in secret leaves no trace");
    let written = dump(&fixture.store).await;
    recount(&fixture.store, CONFERENCE).await;
    assert_eq!(dump(&fixture.store).await, written);
}

async fn counting_anew_mends_what_is_wrong(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(5);
    hall.open_a_poll();
    hall.live(80);
    project(&hall, &fixture.store).await;
    let right = dump(&fixture.store).await;
    for damage in ["UPDATE activity SET times = times + 7", "DELETE FROM activity_people"] {
        let damage = Query::of_parts(damage.to_owned());
        damage.execute(fixture.store.behind(Reach::Everyone)).await.unwrap();
        assert_ne!(dump(&fixture.store).await, right);
        let sums = recount(&fixture.store, CONFERENCE).await;
        assert_ne!(sums.before, sums.after);
        assert_eq!(dump(&fixture.store).await, right);
    }
    let others = recount(&fixture.store, Id::from_bits(9)).await;
    assert_eq!((others.after.deeds, others.after.people), (vec![], 0));
}

async fn counting_anew_while_the_projector_writes_counts_nothing_twice(twin: Twin) {
    let fixture = twin.empty().await;
    let mut hall = Hall::new(6);
    for _ in 0..8 {
        hall.live(60);
        let anew = async { recount(&fixture.store, CONFERENCE).await };
        tokio::join!(project(&hall, &fixture.store), anew);
    }
    let written = dump(&fixture.store).await;
    recount(&fixture.store, CONFERENCE).await;
    assert_eq!(dump(&fixture.store).await, written);
    forget_the_cursor(&fixture.store).await;
    project(&hall, &fixture.store).await;
    assert_eq!(dump(&fixture.store).await, written);
}

async fn the_most_at_once_of_each_quarter_are_counted_from_the_archive(twin: Twin) {
    let fixture = twin.empty().await;
    let store = &fixture.store;
    let mut hall = Hall::new(7);
    let to_the_next_quarter = QUARTER_MS - hall.now().ms() % QUARTER_MS;
    hall.pass_ms(to_the_next_quarter);
    for n in [3, 4, 5] {
        hall.come(ROOM, n);
    }
    hall.leave(ROOM, 5);
    hall.pass_ms(QUARTER_MS / 2);
    project(&hall, store).await;
    let present = async || {
        let rows = store.presence(TENANT, CONFERENCE).await.unwrap();
        let first = rows.first().map_or(0, |row| row.from.ms());
        rows.iter().map(|row| ((row.from.ms() - first) / QUARTER_MS, row.people)).collect::<Vec<_>>()
    };
    assert_eq!(present().await, [(0, 3)]);
    hall.come(ROOM, 5);
    hall.come(ROOM, 6);
    hall.pass_ms(QUARTER_MS);
    hall.leave(ROOM, 3);
    hall.pass_ms(QUARTER_MS / 4);
    project(&hall, store).await;
    assert_eq!(present().await, [(0, 4), (1, 4)], "more than was told; and those who stay");
    assert_eq!(store.presence_of_session(TENANT, SESSION).await.unwrap().len(), 2);
    let sums = recount(store, CONFERENCE).await;
    assert_eq!(sums.before.present, 8);
    assert_eq!(sums.before, sums.after);
    assert_eq!(present().await, [(0, 4), (1, 4)]);
    forget_the_cursor(store).await;
    project(&hall, store).await;
    assert_eq!(present().await, [(0, 4), (1, 4)], "written again, it is the same");
    assert_eq!(people(store).await, 0, "being there is no deed");
}
