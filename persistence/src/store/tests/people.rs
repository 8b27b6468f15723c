//! Participants by the thousand: their pages, how many they are, and their names.

use plenum_domain::{Id, Role, Roles};

use super::{Fixture, NOW, Twin, conference, edited, furnished, id, on_both};
use crate::store::connection::{Reach, begin};
use crate::store::query::Query;
use crate::store::{NewParticipant, Note, Page, Participant, ParticipantFilter, Settings, Store};

on_both!(
    every_page_in_every_order_is_a_piece_of_one_list,
    how_many_they_are_is_always_exact,
    names_are_found_by_the_beginnings_of_their_words,
    a_name_that_is_changed_is_found_by_its_new_words_only,
    a_store_of_before_gets_the_words_of_its_names,
);

const STATUSES: [&str; 3] = ["confirmed", "waiting", "cancelled"];

fn someone(n: u128, name: &str) -> NewParticipant {
    NewParticipant {
        id: id(n),
        tenant: id(1),
        conference: id(20),
        display_name: name.into(),
        email: n.is_multiple_of(3).then(|| format!("{n}@example.org")),
        roles: Roles::of(&[Role::Attendee]),
        joined: NOW.plus_ms((n % 4) as i64),
    }
}

/// People of whom many are alike in all that they can be sorted by.
async fn crowd(twin: &Twin) -> Fixture {
    let fixture = furnished(twin).await;
    edited(&fixture.store, async |edit| edit.create_conference(&conference(21)).await).await.unwrap();
    let people: Vec<_> = (100..160)
        .map(|n| (someone(n, &format!("Person {}", n % 7)), serde_json::json!({})))
        .chain([(NewParticipant { conference: id(21), ..someone(90, "Person 1") }, serde_json::json!({}))])
        .collect();
    edited(&fixture.store, async |edit| edit.bring(&people, None).await).await.unwrap();
    for n in 100..160_u128 {
        let arrived = n.is_multiple_of(5).then_some(1_000 * (n as i64 % 2));
        change(
            &fixture.store,
            "UPDATE participants SET status = $2, arrived_us = $3 WHERE id = $1",
            n,
            |query| query.bind(STATUSES[n as usize % 3]).bind(arrived),
        )
        .await;
    }
    fixture
}

/// Something that no function of the store does.
async fn change(store: &Store, sql: &str, n: u128, bind: impl FnOnce(Query) -> Query) {
    let query = bind(Query::of_parts(sql.to_owned()).bind(id(n)));
    query.execute(store.durable(Reach::Everyone)).await.unwrap();
}

async fn page(store: &Store, filter: &ParticipantFilter, page: Page) -> (Vec<Participant>, u64) {
    let listed = store.participants(id(1), id(20), filter, page).await.unwrap();
    (listed.items, listed.total)
}

/// All pages one after the other, each with the same total.
async fn whole(store: &Store, filter: &ParticipantFilter, per_page: u32) -> Vec<Participant> {
    let mut all = Vec::new();
    for number in 1.. {
        let (items, total) = page(store, filter, Page::new(number, per_page)).await;
        let is_end = items.is_empty();
        all.extend(items);
        assert!(!is_end || all.len() as u64 == total, "{filter:?}: {} of {total}", all.len());
        if is_end {
            break;
        }
    }
    all
}

/// What a row is sorted by.
fn sorted_by(name: &str, one: &Participant) -> (Option<String>, Id) {
    let text = match name {
        "joined" => Some(format!("{:020}", one.joined.ms())),
        "name" => Some(one.display_name.clone()),
        "email" => one.email.clone(),
        "status" => Some(one.status.clone()),
        _ => one.arrived.map(|at| format!("{:020}", at.ms())),
    };
    (text, one.id)
}

async fn every_page_in_every_order_is_a_piece_of_one_list(twin: Twin) {
    let fixture = crowd(&twin).await;
    let store = &fixture.store;
    let everyone = whole(store, &ParticipantFilter::default(), 100).await;
    assert_eq!(everyone.len(), 60, "those of another conference are not in it");
    for name in ["joined", "name", "email", "status", "arrived"] {
        for (status, arrived, search) in [
            (None, None, None),
            (Some("waiting"), None, None),
            (None, Some(true), None),
            (Some("confirmed"), Some(false), None),
            (None, None, Some("person 3")),
            (Some("cancelled"), Some(false), Some("PERS")),
        ] {
            let order = Some(Participant::order(name).unwrap());
            let (status, search) = (status.map(str::to_owned), search.map(str::to_owned));
            let mut filter = ParticipantFilter { search, status, arrived, order };
            let mut expected = everyone.clone();
            expected.retain(|one| filter.status.as_ref().is_none_or(|status| *status == one.status));
            expected.retain(|one| arrived.is_none_or(|arrived| arrived == one.arrived.is_some()));
            expected
                .retain(|one| filter.search.as_deref() != Some("person 3") || one.display_name == "Person 3");
            expected.sort_by_key(|one| sorted_by(name, one));
            assert_eq!(whole(store, &filter, 7).await, expected, "{filter:?}");
            filter.order = Some(Participant::order(&format!("-{name}")).unwrap());
            expected.reverse();
            assert_eq!(whole(store, &filter, 11).await, expected, "{filter:?}");
        }
    }
}

/// What is kept, and what there is.
async fn counts(store: &Store) -> (u64, i64) {
    let count = Query::of_parts("SELECT COUNT(*) FROM participants WHERE conference = $1".to_owned());
    let (counted,): (i64,) = count.bind(id(20)).one(store.readers(Reach::Everyone)).await.unwrap();
    (store.headcount(id(1), Some(id(20))).await.unwrap(), counted)
}

async fn how_many_they_are_is_always_exact(twin: Twin) {
    let fixture = crowd(&twin).await;
    let store = &fixture.store;
    assert_eq!(counts(store).await, (60, 60));
    for (status, arrived) in STATUSES.iter().flat_map(|status| [(status, true), (status, false)]) {
        let status = Some((*status).to_owned());
        let filter = ParticipantFilter { status, arrived: Some(arrived), ..ParticipantFilter::default() };
        let found = whole(store, &filter, 100).await.len() as u64;
        assert_eq!(page(store, &filter, Page::new(9, 100)).await, (Vec::new(), found), "{filter:?}");
    }
    let known = (someone(100, "Another"), serde_json::json!({}));
    let new = (someone(170, "New"), serde_json::json!({}));
    edited(store, async |edit| edit.bring(&[known, new.clone(), new], None).await).await.unwrap();
    store.create_participant(&someone(171, "New")).await.unwrap();
    store.create_participant(&someone(171, "Twice")).await.unwrap();
    assert_eq!(counts(store).await, (62, 62));
    let mut given_up = begin(store.durable(id(1))).await.unwrap();
    let remove = Query::of_parts("DELETE FROM participants WHERE tenant = $1".to_owned()).bind(id(1));
    assert_eq!(remove.execute(&mut given_up).await.unwrap(), 63);
    given_up.rollback().await.unwrap();
    change(store, "DELETE FROM participants WHERE id = $1", 170, |query| query).await;
    assert_eq!(counts(store).await, (61, 61));
    let was = store.conference(id(1), id(20)).await.unwrap().unwrap();
    assert!(store.remove_conference(&was, &note()).await.unwrap());
    assert_eq!(counts(store).await, (0, 0), "what is counted goes with its conference");
    assert_eq!(store.headcount(id(1), Some(id(21))).await.unwrap(), 1);
}

async fn found(store: &Store, search: &str) -> Vec<u128> {
    let filter = ParticipantFilter { search: Some(search.into()), ..ParticipantFilter::default() };
    let (items, total) = page(store, &filter, Page::default()).await;
    assert_eq!(total as usize, items.len());
    let mut ids: Vec<u128> = items.iter().map(|one| one.id.bits()).collect();
    ids.sort_unstable();
    ids
}

async fn names_are_found_by_the_beginnings_of_their_words(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let names = ["Zoë Łęcka", "İpek Işık", "أَحْمَد حدّاد", "Anna-Maria Anders", "Anna", "…"];
    for (n, name) in (100..).zip(names) {
        store.create_participant(&someone(n, name)).await.unwrap();
    }
    for (search, expected) in [
        ("zoe", &[100][..]),
        ("LECKA zo", &[100]),
        ("zo lecka", &[]),
        ("ısık", &[101]),
        ("ipek ı", &[101]),
        ("احمد", &[102]),
        ("حداد", &[102]),
        ("ann", &[103, 104]),
        ("anna and", &[103]),
        ("anna maria anders a", &[103]),
        ("an'", &[103, 104]),
        ("nna", &[]),
        ("%", &[]),
        ("\u{0}", &[]),
        ("' OR 1=1", &[]),
        ("  ", &[100, 101, 102, 103, 104, 105]),
    ] {
        assert_eq!(found(store, search).await, expected, "{search}");
    }
    let elsewhere = store.participants(id(2), id(20), &named("anna"), Page::default()).await.unwrap();
    assert_eq!(elsewhere.total, 0, "another tenant");
    let elsewhere = store.participants(id(1), id(21), &named("anna"), Page::default()).await.unwrap();
    assert_eq!(elsewhere.total, 0, "another conference");
}

fn named(search: &str) -> ParticipantFilter {
    ParticipantFilter { search: Some(search.into()), ..ParticipantFilter::default() }
}

async fn a_name_that_is_changed_is_found_by_its_new_words_only(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.create_participant(&someone(100, "Ada King")).await.unwrap();
    assert!(store.rename_participant(id(1), id(100), "Ada Lovelace").await.unwrap());
    assert_eq!((found(store, "king").await, found(store, "love").await), (vec![], vec![100]));
    assert!(!store.rename_participant(id(2), id(100), "Eve").await.unwrap());
    let was = store.participant(id(1), id(100)).await.unwrap().unwrap();
    let answers = serde_json::json!({});
    assert!(store.change_participant(&was, "Countess Ada", None, &answers, &note()).await.unwrap());
    assert!(!store.change_participant(&was, "Outdated", None, &answers, &note()).await.unwrap());
    assert_eq!((found(store, "love").await, found(store, "countess").await), (vec![], vec![100]));
    assert_eq!(found(store, "outdated").await, Vec::<u128>::new());
    let other = (someone(100, "Somebody Else"), serde_json::json!({}));
    edited(store, async |edit| edit.bring(&[other], None).await).await.unwrap();
    assert_eq!(found(store, "somebody").await, Vec::<u128>::new(), "who is there keeps their name");
    change(store, "UPDATE participants SET display_name = 'x' WHERE id = $1", 100, |query| query).await;
    assert_eq!(found(store, "countess").await, Vec::<u128>::new(), "whoever changes it");
}

async fn a_store_of_before_gets_the_words_of_its_names(twin: Twin) {
    let fixture = crowd(&twin).await;
    let store = &fixture.store;
    change(store, "DELETE FROM participant_words WHERE participant <> $1", 0, |query| query).await;
    let again = "INSERT INTO participant_words_missing (participant, tenant) SELECT id, tenant FROM participants WHERE id <> $1";
    change(store, again, 0, |query| query).await;
    assert_eq!(found(store, "person 3").await, Vec::<u128>::new());
    let opened = Store::open(&fixture.url, &Settings::default()).await.unwrap();
    assert_eq!(found(&opened, "person 3").await.len(), 9);
    let (left,): (i64,) = Query::of_parts("SELECT COUNT(*) FROM participant_words_missing".to_owned())
        .one(opened.readers(Reach::Everyone))
        .await
        .unwrap();
    assert_eq!(left, 0);
    opened.close().await;
}

fn note() -> Note {
    Note {
        id: id(300),
        tenant: id(1),
        at: NOW,
        actor: None,
        actor_name: "Noor".into(),
        action: "conference.deleted",
        subject_is: "conference",
        subject: id(20),
        details: serde_json::json!({}),
    }
}
