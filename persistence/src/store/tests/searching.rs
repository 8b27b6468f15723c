use plenum_domain::{Id, Role, Roles};

use super::{NOW, Twin, conference, edited, furnished, id, on_both, session as sample};
use crate::store::{
    NewParticipant, NewSession, Page, Part, Person, Search, SessionDetails, SessionText, Store,
};

on_both!(
    sessions_are_found_by_title_text_and_speaker_the_best_first,
    arabic_is_found_and_a_query_is_never_an_error,
    a_search_stays_in_its_conference_and_shows_drafts_to_those_who_may,
    who_comes_when_it_is_full_waits_and_moves_up,
);

async fn session(store: &Store, n: u128, title: &str, summary: &str) {
    let details = SessionDetails {
        summary: summary.into(),
        capacity: Some(1),
        published: n != 39,
        ..SessionDetails::default()
    };
    let new = NewSession { title: title.into(), starts: NOW, ends: NOW.plus_ms(1), details, ..sample(n) };
    edited(store, async |edit| edit.create_session(&new).await).await.unwrap();
}

async fn found(store: &Store, words: &str) -> Vec<u128> {
    let search = Search { conference: id(20), words, drafts: false };
    let listed = store.search_sessions(id(1), &search, Page::default()).await.unwrap();
    assert_eq!(listed.total as usize, listed.items.len());
    listed.items.iter().map(|one| one.id.bits()).collect()
}

async fn sessions_are_found_by_title_text_and_speaker_the_best_first(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    session(store, 30, "Rust für Höfe", "About harbours").await;
    session(store, 31, "Harbours of Europe", "Cranes, Rust and rivets").await;
    let name = |name: &str| Person {
        id: id(50),
        name: name.into(),
        affiliation: None,
        biography: None,
        avatar_url: None,
        version: 1,
    };
    edited(store, async |edit| edit.create_person(id(20), &name("Zoë Łęcka")).await).await.unwrap();
    let part = Part {
        session: id(31),
        person: id(50),
        name: String::new(),
        role: "speaker".into(),
        confirmation: "invited".into(),
    };
    edited(store, async |edit| edit.place_speaker(&part, 0).await).await.unwrap();
    assert_eq!(found(store, "RUST").await, [30, 31], "a title counts more than a text");
    assert_eq!(found(store, "harb").await, [31, 30], "the last word may be a beginning");
    assert_eq!(found(store, "hofe rust").await, [30]);
    assert_eq!(found(store, "zoe lecka").await, [31]);
    assert!(edited(store, async |edit| edit.change_person(&name("Zoë Nowak")).await).await.unwrap());
    assert_eq!(found(store, "lecka").await, Vec::<u128>::new());
    assert_eq!(found(store, "nowak").await, [31]);
    assert!(edited(store, async |edit| edit.remove_speaker(id(31), id(50)).await).await.unwrap());
    assert_eq!(found(store, "nowak").await, Vec::<u128>::new());
}

async fn arabic_is_found_and_a_query_is_never_an_error(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    session(store, 30, "Libraries", "").await;
    let text = SessionText {
        language: "ar".into(),
        title: "المَكتَبة الأولى".into(),
        subtitle: String::new(),
        summary: String::new(),
        description: String::new(),
    };
    edited(store, async |edit| edit.save_session_text(id(30), &text).await).await.unwrap();
    assert_eq!(found(store, "المكتبه").await, [30]);
    assert_eq!(found(store, "الاولي").await, [30]);
    for words in
        ["\"", "a OR", "NEAR(x, 2)", "title:x", "*", "-", "(", "'; DROP", "x & | !", "\u{0}", "^a", ""]
    {
        assert_eq!(found(store, words).await, Vec::<u128>::new(), "{words}");
    }
    assert!(edited(store, async |edit| edit.remove_session_text(id(30), "ar").await).await.unwrap());
    assert_eq!(found(store, "المكتبه").await, Vec::<u128>::new());
}

async fn a_search_stays_in_its_conference_and_shows_drafts_to_those_who_may(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    edited(store, async |edit| edit.create_conference(&conference(21)).await).await.unwrap();
    session(store, 39, "Secret", "").await;
    assert_eq!(found(store, "secret").await, Vec::<u128>::new());
    let total = |conference: Id, tenant: Id| async move {
        let search = Search { conference, words: "secret", drafts: true };
        store.search_sessions(tenant, &search, Page::default()).await.unwrap().items.len()
    };
    assert_eq!(total(id(20), id(1)).await, 1);
    assert_eq!((total(id(21), id(1)).await, total(id(20), id(2)).await), (0, 0));
}

async fn who_comes_when_it_is_full_waits_and_moves_up(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    session(store, 30, "Small", "").await;
    for n in 60..64 {
        let new = NewParticipant {
            id: id(n),
            tenant: id(1),
            conference: id(20),
            display_name: format!("P{n}"),
            email: None,
            roles: Roles::of(&[Role::Attendee]),
            joined: NOW,
        };
        store.create_participant(&new).await.unwrap();
    }
    let take = async |n: u128| {
        store.take_seat(id(1), id(30), id(n), id(n + 100), NOW, None).await.unwrap().map(|seat| seat.waits)
    };
    assert_eq!([take(60).await, take(61).await, take(62).await], [Some(false), Some(true), Some(true)]);
    assert_eq!(take(60).await, Some(false), "who has a seat keeps it");
    assert_eq!(store.leave_seat(id(1), id(30), id(60), None).await.unwrap(), Some(vec![id(61)]));
    assert_eq!(store.leave_seat(id(1), id(30), id(60), None).await.unwrap(), None);
    assert_eq!(store.take_seat(id(2), id(30), id(60), id(99), NOW, None).await.unwrap(), None);
    let waiting = store.seats(id(1), id(30), Some(true), Page::default()).await.unwrap();
    assert_eq!((waiting.total, waiting.items[0].participant), (1, id(62)));
}
