use plenum_domain::Id;
use plenum_domain::conference::{Programme, read_programme};

use super::{Fixture, NOW, Twin, edited as by_hand, furnished, id, on_both};
use crate::store::{
    ConferenceChange, Hall, Import, Imported, NewConference, Page, Person, SessionChange, SessionFilter,
    StoreError,
};

on_both!(
    importing_again_updates_and_keeps_the_ids,
    what_was_edited_here_stays_and_a_rehearsal_changes_nothing,
    what_is_around_sessions_is_merged_as_they_are,
    speakers_and_halls_keep_the_order_of_the_programme,
    a_failed_import_leaves_nothing_behind,
);

const DEMO: &[u8] = include_bytes!("../../../../config/demo-programme.xml");

async fn import(fixture: &Fixture, programme: &Programme, first_id: u128) -> Result<Imported, StoreError> {
    let mut next = first_id;
    let mut new_id = || -> Id {
        next += 1;
        id(next)
    };
    let code = format!("JOIN{first_id}");
    let conference = NewConference::of_programme(programme, id(first_id), id(1), &code, NOW);
    let conference = conference.expect("the programme is complete");
    let import = Import { conference, programme, source_hash: [7; 32], new_id: &mut new_id };
    by_hand(&fixture.store, async |edit| edit.import_programme(import).await).await
}

async fn importing_again_updates_and_keeps_the_ids(twin: Twin) {
    let fixture = furnished(&twin).await;
    let mut programme = read_programme(DEMO).unwrap();
    let first = import(&fixture, &programme, 1_000).await.unwrap();
    assert_eq!((first.created, first.sessions_added, first.halls, first.people), (true, 12, 3, 9));
    let list = || async {
        let page = Page::new(1, 100);
        fixture.store.sessions(id(1), first.conference, &SessionFilter::default(), page).await.unwrap().items
    };
    let before = list().await;
    assert_eq!((before.len(), before[0].hall_name.as_deref()), (12, Some("Main Hall")));

    let again = import(&fixture, &programme, 2_000).await.unwrap();
    assert_eq!((again.created, again.conference), (false, first.conference));
    assert_eq!((again.sessions_added, again.sessions_updated, again.sessions_missing), (0, 12, 0));
    assert_eq!(list().await, before, "the same file changes nothing");

    programme.sessions.remove(3);
    programme.sessions[0].title = "Opening, later".into();
    programme.sessions[0].starts = programme.sessions[0].starts.plus_ms(3_600_000);
    programme.sessions[0].speakers.reverse();
    let newer = import(&fixture, &programme, 3_000).await.unwrap();
    assert_eq!((newer.sessions_updated, newer.sessions_missing), (11, 1));
    let after = list().await;
    let differs = |session: &str, field: &str, taken: bool| {
        newer.differences.iter().any(|it| it.name == session && it.field == field && it.taken == taken)
    };
    assert!(differs(&before[0].title, "title", true) && differs(&before[0].title, "starts_ms", true));
    let moved = after.iter().find(|session| session.title == "Opening, later").unwrap();
    let old = before.iter().find(|session| session.guid == moved.guid).unwrap();
    assert_eq!((moved.id, moved.starts.since_ms(old.starts)), (old.id, 3_600_000));
}

async fn what_was_edited_here_stays_and_a_rehearsal_changes_nothing(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let mut programme = read_programme(DEMO).unwrap();
    let first = import(&fixture, &programme, 1_000).await.unwrap();
    let all = || async { store.all_sessions(id(1), first.conference).await.unwrap() };
    let edited = all().await[0].clone();
    let change = SessionChange { title: Some("Ours".into()), ..SessionChange::default() };
    assert!(by_hand(store, async |edit| edit.change_session(edited.id, &change, NOW).await).await.unwrap());
    let again = import(&fixture, &programme, 2_000).await.unwrap();
    assert_eq!((again.differences, all().await[0].title.as_str()), (vec![], "Ours"));

    let theirs =
        programme.sessions.iter_mut().find(|session| Some(&session.guid) == edited.guid.as_ref()).unwrap();
    (theirs.title, theirs.subtitle) = ("Theirs".into(), "New".into());
    let before = all().await;
    let mut new_id = || id(9_999);
    let conference = NewConference::of_programme(&programme, id(3_000), id(1), "X", NOW).unwrap();
    let rehearsed = Import { conference, programme: &programme, source_hash: [8; 32], new_id: &mut new_id };
    let mut rehearsal = store.edit(id(1)).await.unwrap();
    let told = rehearsal.import_programme(rehearsed).await.unwrap();
    drop(rehearsal);
    assert_eq!(all().await, before);
    let done = import(&fixture, &programme, 4_000).await.unwrap();
    assert_eq!(done.differences, told.differences);
    let taken: Vec<(&str, bool)> = told.differences.iter().map(|it| (it.field.as_str(), it.taken)).collect();
    assert_eq!(taken, [("title", false), ("subtitle", true)]);
    let now = all().await[0].clone();
    assert_eq!((now.title.as_str(), now.subtitle.as_str(), now.version), ("Ours", "New", 3));
    assert_eq!(store.session_news(9).await.unwrap(), [], "rooms tell no subtitles");

    programme.sessions[1].title = "Later".into();
    import(&fixture, &programme, 5_000).await.unwrap();
    let news = store.session_news(9).await.unwrap();
    assert_eq!(news.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Later"]);
    store.session_news_told(&news[0]).await.unwrap();
    assert_eq!(store.session_news(9).await.unwrap(), []);
}

async fn what_is_around_sessions_is_merged_as_they_are(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let mut programme = read_programme(DEMO).unwrap();
    let conference = import(&fixture, &programme, 1_000).await.unwrap().conference;
    let change = ConferenceChange { title: Some("Ours".into()), ..ConferenceChange::default() };
    assert!(
        by_hand(store, async |edit| edit.change_conference(conference, &change, NOW).await).await.unwrap()
    );
    let halls = || async { store.halls(id(1), conference).await.unwrap() };
    let hall = Hall { name: "Our hall".into(), capacity: Some(9), ..halls().await[0].clone() };
    assert!(by_hand(store, async |edit| edit.change_hall(&hall).await).await.unwrap());
    let people = || async { store.people(id(1), conference).await.unwrap() };
    let person = Person { biography: Some("Ours".into()), ..people().await[0].clone() };
    by_hand(store, async |edit| edit.change_person(&person).await).await.unwrap();
    let again = import(&fixture, &programme, 2_000).await.unwrap();
    assert_eq!(
        (again.differences, halls().await.len()),
        (vec![], 3),
        "what was edited here is no difference"
    );

    programme.title = Some("Theirs".into());
    let renamed = programme.people.iter_mut().find(|one| one.name == person.name).unwrap();
    renamed.name = "Renamed".into();
    programme.halls[0].capacity = Some(700);
    let newer = import(&fixture, &programme, 3_000).await.unwrap();
    let told: Vec<(&str, &str, bool)> =
        newer.differences.iter().map(|it| (it.of, it.field.as_str(), it.taken)).collect();
    let expected = [("conference", "title", false), ("hall", "capacity", false), ("person", "name", true)];
    assert_eq!(told, expected);
    assert_eq!(store.conference(id(1), conference).await.unwrap().unwrap().title, "Ours");
    let kept = halls().await.into_iter().find(|one| one.id == hall.id).unwrap();
    assert_eq!((kept.name.as_str(), kept.capacity), ("Our hall", Some(9)));
    let kept = people().await.into_iter().find(|one| one.id == person.id).unwrap();
    assert_eq!((kept.name.as_str(), kept.biography.as_deref()), ("Renamed", Some("Ours")));
    assert_eq!(store.session_news(9).await.unwrap(), [], "no session changed");
}

async fn speakers_and_halls_keep_the_order_of_the_programme(twin: Twin) {
    let fixture = furnished(&twin).await;
    let programme = read_programme(DEMO).unwrap();
    let imported = import(&fixture, &programme, 1_000).await.unwrap();
    let filter = SessionFilter { status: Some("scheduled".into()), ..SessionFilter::default() };
    let sessions =
        fixture.store.sessions(id(1), imported.conference, &filter, Page::new(1, 100)).await.unwrap().items;
    let debate = sessions.iter().find(|session| session.kind.as_deref() == Some("debate")).unwrap();
    let names: Vec<_> = fixture
        .store
        .speakers(id(1), debate.id)
        .await
        .unwrap()
        .into_iter()
        .map(|it| it.person.name)
        .collect();
    assert_eq!(names, ["Leïla Haddad", "Mirka Szymańska", "Jörn Vahrenkamp"]);
    let halls = fixture.store.halls(id(1), imported.conference).await.unwrap();
    assert_eq!(
        halls.iter().map(|hall| hall.name.as_str()).collect::<Vec<_>>(),
        ["Main Hall", "Garden Room", "Lighthouse"]
    );
    assert_eq!(fixture.store.people(id(1), imported.conference).await.unwrap().len(), 9);
    assert!(fixture.store.people(id(2), imported.conference).await.unwrap().is_empty());
    assert!(fixture.store.speakers(id(2), debate.id).await.unwrap().is_empty());
}

async fn a_failed_import_leaves_nothing_behind(twin: Twin) {
    let fixture = furnished(&twin).await;
    let mut programme = read_programme(DEMO).unwrap();
    import(&fixture, &programme, 1_000).await.unwrap();
    programme.acronym = Some("another".into());
    let mut new_id = || id(77);
    let conference = NewConference::of_programme(&programme, id(3_000), id(1), "JOIN3", NOW).unwrap();
    let import = Import { conference, programme: &programme, source_hash: [7; 32], new_id: &mut new_id };
    let mut edit = fixture.store.edit(id(1)).await.unwrap();
    assert!(edit.import_programme(import).await.is_err(), "all new ids are the same");
    drop(edit);
    assert_eq!(fixture.store.conference(id(1), id(3_000)).await.unwrap(), None);
}

#[test]
fn what_cannot_become_a_conference_is_told_apart() {
    let programme = read_programme(br#"[{"code": "A", "name": "Ada"}]"#).unwrap();
    assert!(NewConference::of_programme(&programme, id(1), id(1), "X", NOW).is_none());
    let mut demo = read_programme(DEMO).unwrap();
    demo.acronym = Some("Días & Nächte: 2026!".into());
    let conference = NewConference::of_programme(&demo, id(1), id(1), "X", NOW).unwrap();
    assert_eq!(conference.slug, "días-nächte-2026");
}
