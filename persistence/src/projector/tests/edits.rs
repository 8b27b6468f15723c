//! What is edited in a room is in the store and in the audit log together, or in neither.

use plenum_domain::{Id, Role, Roles};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::sample::person;
use serde_json::{Value, json};

use super::hall::{CONFERENCE, Hall, SESSION, TENANT};
use super::{forget_the_cursor, project};
use crate::journal::Journal;
use crate::projector::Projector;
use crate::store::connection::Reach;
use crate::store::query::Query;
use crate::store::tests::{Twin, conference, on_both};
use crate::store::{
    AuditEntry, AuditFilter, NewConference, NewScreen, NewSession, NewTenant, NewUser, Session, Store,
};

on_both!(
    an_edit_on_a_socket_is_in_the_log_with_who_and_what,
    an_edit_whose_entry_cannot_be_written_waits_for_it,
    a_screen_is_where_its_room_says_and_the_log_tells_of_it,
);

const ROOM: RoomRef = RoomRef::new("session", SESSION);
const SCREEN: Id = Id::from_bits(0x0199_0000_0000_7000_8000_0000_0000_0060);

/// A session that the store knows, in the hall of [`Hall::new`]; the moderator of the samples has an account.
async fn furnish(store: &Store, hall: &Hall) {
    let now = hall.now();
    let tenant = NewTenant { id: TENANT, slug: "acme".into(), name: "Acme".into(), created: now };
    store.create_tenant(&tenant).await.unwrap();
    let moderator = NewUser {
        id: person(0).participant,
        tenant: TENANT,
        email: "mika@example.org".into(),
        name: "Mika".into(),
        password_hash: None,
        roles: Roles::of(&[Role::Moderator]),
        created: now,
    };
    store.create_user(&moderator).await.unwrap();
    let mut edit = store.edit(TENANT).await.unwrap();
    let new = NewConference { id: CONFERENCE, tenant: TENANT, created: now, ..conference(20) };
    edit.create_conference(&new).await.unwrap();
    let session = NewSession {
        id: SESSION,
        tenant: TENANT,
        conference: CONFERENCE,
        title: "Opening".into(),
        ..crate::store::tests::session(30)
    };
    edit.create_session(&session).await.unwrap();
    edit.commit_unchanged().await.unwrap();
}

async fn session(store: &Store) -> Session {
    store.session(TENANT, SESSION).await.unwrap().unwrap()
}

async fn entries(store: &Store, subject: Id) -> Vec<AuditEntry> {
    let filter = AuditFilter { subject: Some(subject), ..AuditFilter::default() };
    store.audit(TENANT, &filter, 100).await.unwrap()
}

fn edit(hall: &mut Hall, data: &Value) {
    hall.command(ROOM, person(0), "session.edit", data);
}

async fn an_edit_on_a_socket_is_in_the_log_with_who_and_what(twin: Twin) {
    let fixture = twin.empty().await;
    let (store, mut hall) = (&fixture.store, Hall::new(1));
    furnish(store, &hall).await;
    edit(&mut hall, &json!({"title": "Opening", "starts_ms": 0, "ends_ms": 60_000, "hall": ""}));
    project(&hall, store).await;
    let before = entries(store, SESSION).await.len();
    edit(&mut hall, &json!({"title": "At the quay", "hall": "Deck"}));
    hall.wait_ms(1);
    edit(&mut hall, &json!({"title": "On the pier"}));
    edit(&mut hall, &json!({"title": "On the pier"}));
    project(&hall, store).await;
    let told = entries(store, SESSION).await;
    assert_eq!(told.len() - before, 2, "{told:#?}");
    assert_eq!((told[0].action.as_str(), told[0].actor), ("session.changed", Some(person(0).participant)));
    assert_eq!(told[0].actor_name, "Mika");
    assert_eq!(told[0].details, json!({"title": {"before": "At the quay", "after": "On the pier"}}));
    let first = json!({"title": {"before": "Opening", "after": "At the quay"}, "hall": {"before": null, "after": "Deck"}});
    assert_eq!(told[1].details, first);
    forget_the_cursor(store).await;
    project(&hall, store).await;
    assert_eq!(entries(store, SESSION).await, told, "written again, it is written once");
    assert_eq!(session(store).await.title, "On the pier");
}

async fn an_edit_whose_entry_cannot_be_written_waits_for_it(twin: Twin) {
    let fixture = twin.empty().await;
    let (store, mut hall) = (&fixture.store, Hall::new(2));
    furnish(store, &hall).await;
    project(&hall, store).await;
    let was = session(store).await;
    edit(&mut hall, &json!({"title": "At the quay"}));
    hall.settle();
    let run = async |sql: &str| {
        let statement = Query::of_parts(sql.to_owned());
        statement.execute(store.behind(Reach::Everyone)).await.unwrap();
    };
    run("ALTER TABLE audit RENAME TO elsewhere").await;
    let journal: std::sync::Arc<dyn Journal> = std::sync::Arc::clone(&hall.journal) as _;
    let mut projector = Projector::open(journal, store.clone()).await.unwrap();
    assert!(projector.catch_up().await.is_err(), "the log is not there");
    assert_eq!(session(store).await, was);
    run("ALTER TABLE elsewhere RENAME TO audit").await;
    projector.catch_up().await.unwrap();
    assert_eq!(
        (session(store).await.title.as_str(), entries(store, SESSION).await.len()),
        ("At the quay", 1)
    );
}

async fn a_screen_is_where_its_room_says_and_the_log_tells_of_it(twin: Twin) {
    let fixture = twin.empty().await;
    let (store, mut hall) = (&fixture.store, Hall::new(3));
    furnish(store, &hall).await;
    let (name, paired) = ("Aula left".to_owned(), hall.now());
    let new = NewScreen { id: SCREEN, tenant: TENANT, conference: CONFERENCE, session: None, name, paired };
    store.begin_pairing("K7M2QX", &[1; 32], paired.plus_ms(1_000)).await.unwrap();
    let mut pairing = store.edit(TENANT).await.unwrap();
    assert!(pairing.confirm_pairing("K7M2QX", &new).await.unwrap());
    pairing.commit_unchanged().await.unwrap();
    let room = RoomRef::new("screen", SCREEN);
    hall.open(room, &json!({"name": "Aula left", "session": null}));
    for session in [json!(SESSION), json!(SESSION), json!(Id::from_bits(99))] {
        hall.wait_ms(1);
        hall.command(room, person(0), "screen.show", &json!({"session": session}));
    }
    project(&hall, store).await;
    assert_eq!(store.screen(TENANT, SCREEN).await.unwrap().unwrap().session, None, "the last is no session");
    let details: Vec<Value> = entries(store, SCREEN).await.into_iter().map(|entry| entry.details).collect();
    let (there, nowhere) = (json!(SESSION), Value::Null);
    let placed = |before: &Value, after: &Value| json!({"session": {"before": before, "after": after}});
    assert_eq!(details, [placed(&there, &nowhere), placed(&nowhere, &there)]);
}
