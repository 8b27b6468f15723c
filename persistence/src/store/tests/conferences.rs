use plenum_domain::{Role, Roles};

use super::{NOW, Twin, conference, edited, furnished, id, on_both, session};
use crate::store::{
    Conference, ConferenceChange, ConferenceFilter, Grant, NewConference, NewParticipant, NewRefreshToken,
    NewSession, Page, ParticipantFilter, Rotation, Session, SessionFilter, StoreError, Subject,
};

on_both!(
    a_conference_is_made_changed_and_found_by_its_code,
    nothing_of_a_tenant_is_visible_to_another,
    conferences_are_listed_by_status_and_order,
    sessions_are_listed_by_hall_time_and_status,
    a_participant_joins_with_a_token,
);

async fn a_conference_is_made_changed_and_found_by_its_code(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let change = ConferenceChange { status: Some("live".into()), ..ConferenceChange::default() };
    assert!(
        edited(store, async |edit| edit.change_conference(id(20), &change, NOW.plus_ms(5)).await)
            .await
            .unwrap()
    );
    let found = store.conference_by_join_code("CODE20").await.unwrap().unwrap();
    assert_eq!((found.status.as_str(), found.title.as_str()), ("live", "Conference 20"));
    assert_eq!((found.created, found.updated), (NOW, NOW.plus_ms(5)));
    let twin = NewConference { id: id(21), slug: "conference-20".into(), ..conference(21) };
    assert!(matches!(
        edited(store, async |edit| edit.create_conference(&twin).await).await,
        Err(StoreError::Taken(_))
    ));
    assert!(edited(store, async |edit| edit.renew_join_code(id(20), "NEW", NOW).await).await.unwrap());
    assert_eq!(store.conference_by_join_code("CODE20").await.unwrap(), None);
}

async fn nothing_of_a_tenant_is_visible_to_another(twin: Twin) {
    let fixture = furnished(&twin).await;
    let (store, foreign) = (&fixture.store, id(2));
    edited(store, async |edit| edit.create_session(&session(30)).await).await.unwrap();
    assert_eq!(store.conference(foreign, id(20)).await.unwrap(), None);
    let mut edit = store.edit(foreign).await.unwrap();
    assert!(!edit.change_conference(id(20), &ConferenceChange::default(), NOW).await.unwrap());
    drop(edit);
    assert_eq!(
        store.conferences(foreign, &ConferenceFilter::default(), Page::default()).await.unwrap().total,
        0
    );
    assert_eq!(store.session(foreign, id(30)).await.unwrap(), None);
    assert_eq!(
        store.sessions(foreign, id(20), &SessionFilter::default(), Page::default()).await.unwrap().total,
        0
    );
    assert!(!store.set_session_status(foreign, id(30), "live", NOW).await.unwrap());
}

async fn conferences_are_listed_by_status_and_order(twin: Twin) {
    let fixture = furnished(&twin).await;
    for n in [22, 21, 23] {
        edited(&fixture.store, async |edit| edit.create_conference(&conference(n)).await).await.unwrap();
    }
    let order = Some(Conference::order("-starts_on").unwrap());
    let filter = ConferenceFilter { status: Some("draft".into()), order, series: None };
    let listed = fixture.store.conferences(id(1), &filter, Page::new(1, 2)).await.unwrap();
    assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [id(23), id(22)]);
    assert_eq!(listed.total, 4);
    let filter = ConferenceFilter { status: Some("live".into()), order, series: None };
    assert_eq!(fixture.store.conferences(id(1), &filter, Page::default()).await.unwrap().total, 0);
}

async fn sessions_are_listed_by_hall_time_and_status(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let named = async |name: &str, new_id| {
        edited(store, async |edit| edit.hall_named(id(20), name, id(new_id)).await).await.unwrap()
    };
    let hall = named("Aula", 40).await;
    assert_eq!(named("Aula", 41).await, hall, "a name is one hall");
    assert_eq!(named("Foyer", 42).await, id(42));
    for n in 30..=33 {
        edited(store, async |edit| {
            edit.create_session(&NewSession { hall: (n % 2 == 0).then_some(hall), ..session(n) }).await
        })
        .await
        .unwrap();
    }
    let list = |filter: SessionFilter| async move {
        let listed = store.sessions(id(1), id(20), &filter, Page::default()).await.unwrap();
        assert_eq!(listed.total as usize, listed.items.len());
        listed.items.iter().map(|one| one.id.bits()).collect::<Vec<_>>()
    };
    assert_eq!(list(SessionFilter { hall: Some("Aula".into()), ..SessionFilter::default() }).await, [30, 32]);
    let (from, until) = (Some(session(31).starts), Some(session(33).starts));
    assert_eq!(list(SessionFilter { from, until, ..SessionFilter::default() }).await, [31, 32]);
    assert!(store.set_session_status(id(1), id(33), "live", NOW).await.unwrap());
    assert!(!store.set_session_status(id(1), id(33), "live", NOW).await.unwrap());
    assert_eq!(list(SessionFilter { status: Some("live".into()), ..SessionFilter::default() }).await, [33]);
    let order = Some(Session::order("-title").unwrap());
    assert_eq!(list(SessionFilter { order, ..SessionFilter::default() }).await, [33, 32, 31, 30]);
    let found = store.session(id(1), id(30)).await.unwrap().unwrap();
    assert_eq!(
        (found.hall_name.as_deref(), found.offset_s, found.do_not_record),
        (Some("Aula"), 3_600, true)
    );
}

async fn a_participant_joins_with_a_token(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let new = NewParticipant {
        id: id(50),
        tenant: id(1),
        conference: id(20),
        display_name: "Ада".into(),
        email: None,
        roles: Roles::of(&[Role::Attendee]),
        joined: NOW,
    };
    let grant = Grant {
        family: id(51),
        tenant: id(1),
        subject: id(50),
        subject_is: Subject::Participant,
        conference: Some(id(20)),
    };
    let token = |n| NewRefreshToken { hash: [n; 32], issued: NOW, expires: NOW.plus_ms(1) };
    store.join(&new, &grant, &token(1)).await.unwrap();
    assert_eq!(store.rotate_refresh_token(&[1; 32], &token(2)).await.unwrap(), Rotation::Rotated(grant));
    assert_eq!(store.participant(id(1), id(50)).await.unwrap().unwrap().display_name, "Ада");
    assert_eq!(store.participant(id(2), id(50)).await.unwrap(), None);
    assert!(store.set_participant_roles(id(1), id(50), Roles::of(&[Role::Chair])).await.unwrap());
    assert!(store.rename_participant(id(1), id(50), "Ada").await.unwrap());
    let named = |text: &str| ParticipantFilter { search: Some(text.into()), ..ParticipantFilter::default() };
    let found = store.participants(id(1), id(20), &named("aD"), Page::default()).await.unwrap();
    assert_eq!((found.total, found.items[0].roles), (1, Roles::of(&[Role::Chair])));
    assert_eq!(store.participants(id(1), id(20), &named("x"), Page::default()).await.unwrap().total, 0);
    let lost = NewParticipant { id: id(52), conference: id(99), ..new };
    assert!(matches!(store.create_participant(&lost).await, Err(StoreError::Dangling)));
}
