use serde_json::json;

use super::{NOW, Twin, conference, edited, furnished, id, on_both, session};
use crate::store::{AuditFilter, ConferenceChange, Hall, Note, Store, StoreError};

on_both!(
    an_edit_and_its_entry_happen_together_or_not_at_all,
    a_removal_and_its_entry_happen_together_or_not_at_all,
    what_is_refused_or_dropped_leaves_no_entry,
);

fn note(entry: u128, subject: u128) -> Note {
    Note {
        id: id(entry),
        tenant: id(1),
        at: NOW,
        actor: Some(id(10)),
        actor_name: "Noor".into(),
        action: "thing.changed",
        subject_is: "thing",
        subject: id(subject),
        details: json!({}),
    }
}

fn hall(n: u128) -> Hall {
    Hall {
        id: id(n),
        conference: id(20),
        name: format!("Hall {n}"),
        guid: None,
        capacity: None,
        position: 0,
        venue: None,
        version: 1,
    }
}

async fn entries(store: &Store, subject: u128) -> usize {
    let filter = AuditFilter { subject: Some(id(subject)), ..AuditFilter::default() };
    store.audit(id(1), &filter, 100).await.unwrap().len()
}

/// The entry 500 is there: a change that brings another one of this id cannot write its own.
async fn with_an_entry(twin: &Twin) -> super::Fixture {
    let fixture = furnished(twin).await;
    let mut edit = fixture.store.edit(id(1)).await.unwrap();
    edit.create_hall(&hall(40)).await.unwrap();
    edit.commit(&note(500, 40)).await.unwrap();
    fixture
}

async fn an_edit_and_its_entry_happen_together_or_not_at_all(twin: Twin) {
    let fixture = with_an_entry(&twin).await;
    let store = &fixture.store;
    assert_eq!((store.hall(id(1), id(40)).await.unwrap().is_some(), entries(store, 40).await), (true, 1));
    let mut edit = store.edit(id(1)).await.unwrap();
    edit.create_hall(&hall(41)).await.unwrap();
    edit.create_conference(&conference(21)).await.unwrap();
    edit.create_session(&session(30)).await.unwrap();
    let change = ConferenceChange { title: Some("New".into()), ..ConferenceChange::default() };
    assert!(edit.change_conference(id(20), &change, NOW).await.unwrap());
    assert_eq!(edit.conference(id(20)).await.unwrap().unwrap().title, "New", "it reads what it changed");
    assert!(matches!(edit.commit(&note(500, 41)).await, Err(StoreError::Taken(_))));
    assert_eq!(store.hall(id(1), id(41)).await.unwrap(), None);
    assert_eq!(store.conference(id(1), id(21)).await.unwrap(), None);
    assert_eq!(store.session(id(1), id(30)).await.unwrap(), None);
    assert_eq!(store.conference(id(1), id(20)).await.unwrap().unwrap().title, "Conference 20");
    assert_eq!(entries(store, 41).await, 0);
}

async fn a_removal_and_its_entry_happen_together_or_not_at_all(twin: Twin) {
    let fixture = with_an_entry(&twin).await;
    let store = &fixture.store;
    assert!(matches!(store.remove_hall(id(40), &note(500, 40)).await, Err(StoreError::Taken(_))));
    assert!(store.hall(id(1), id(40)).await.unwrap().is_some());
    assert!(store.remove_hall(id(40), &note(501, 40)).await.unwrap());
    assert_eq!((store.hall(id(1), id(40)).await.unwrap(), entries(store, 40).await), (None, 2));
}

async fn what_is_refused_or_dropped_leaves_no_entry(twin: Twin) {
    let fixture = with_an_entry(&twin).await;
    let store = &fixture.store;
    assert!(!store.remove_hall(id(49), &note(501, 49)).await.unwrap());
    assert_eq!(entries(store, 49).await, 0, "there is no such hall");
    let mut edit = store.edit(id(1)).await.unwrap();
    edit.note(&note(502, 40)).await.unwrap();
    let old = Hall { version: 7, ..hall(40) };
    assert!(!edit.change_hall(&old).await.unwrap());
    drop(edit);
    assert_eq!(entries(store, 40).await, 1, "it was refused, and so is what was noted before");
    let renamed = Hall { name: "Deck".into(), ..hall(40) };
    assert!(edited(store, async |edit| edit.change_hall(&renamed).await).await.unwrap(), "nobody holds it");
}
