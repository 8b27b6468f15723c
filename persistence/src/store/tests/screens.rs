use super::{NOW, Twin, conference, edited, furnished, id, on_both, session};
use crate::store::connection::begin;
use crate::store::screens::place;
use crate::store::{NewScreen, NewSession, Pairing, Store, StoreError};

on_both!(
    a_screen_is_paired_once_by_its_code,
    a_pairing_ends,
    a_screen_follows_sessions_of_its_conference_and_is_removed_by_its_tenant_only,
);

fn screen() -> NewScreen {
    NewScreen {
        id: id(60),
        tenant: id(1),
        conference: id(20),
        session: None,
        name: "Aula left".into(),
        paired: NOW,
    }
}

/// Pairs a screen in an edit of its own, which is dropped when the code is wrong.
async fn pair(store: &Store, code: &str, new: &NewScreen) -> bool {
    let mut edit = store.edit(id(1)).await.unwrap();
    let is_paired = edit.confirm_pairing(code, new).await.unwrap();
    if is_paired {
        edit.commit_unchanged().await.unwrap();
    }
    is_paired
}

async fn a_screen_is_paired_once_by_its_code(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.begin_pairing("K7M2QX", &[1; 32], NOW.plus_ms(100)).await.unwrap();
    assert!(matches!(store.begin_pairing("K7M2QX", &[2; 32], NOW).await, Err(StoreError::Taken("code"))));
    assert_eq!(store.take_pairing(&[1; 32], NOW).await.unwrap(), Pairing::Waiting);
    assert!(!pair(store, "WRONG1", &screen()).await);
    assert_eq!(store.screens(id(1), id(20)).await.unwrap(), [], "a wrong code makes no screen");
    assert!(pair(store, "K7M2QX", &screen()).await);
    assert!(!pair(store, "K7M2QX", &NewScreen { id: id(61), ..screen() }).await);
    let Pairing::Paired(paired) = store.take_pairing(&[1; 32], NOW).await.unwrap() else {
        panic!("it is paired")
    };
    assert_eq!((paired.id, paired.tenant), (id(60), id(1)));
    assert_eq!(store.take_pairing(&[1; 32], NOW).await.unwrap(), Pairing::Unknown, "the token is given once");
}

async fn a_pairing_ends(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.begin_pairing("K7M2QX", &[1; 32], NOW).await.unwrap();
    assert!(!pair(store, "K7M2QX", &screen()).await);
    assert_eq!(store.take_pairing(&[1; 32], NOW).await.unwrap(), Pairing::Unknown);
    assert_eq!(store.sweep_pairings(NOW).await.unwrap(), 1);
}

async fn a_screen_follows_sessions_of_its_conference_and_is_removed_by_its_tenant_only(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.begin_pairing("K7M2QX", &[1; 32], NOW.plus_ms(100)).await.unwrap();
    assert!(pair(store, "K7M2QX", &screen()).await);
    edited(store, async |edit| edit.create_conference(&conference(21)).await).await.unwrap();
    for (n, of) in [(30, 20), (31, 21)] {
        let new = NewSession { conference: id(of), ..session(n) };
        edited(store, async |edit| edit.create_session(&new).await).await.unwrap();
    }
    for (tenant, session, follows) in [(1, 30, Some(30)), (2, 31, Some(30)), (1, 31, None), (1, 99, None)] {
        let mut transaction = begin(store.behind(id(tenant))).await.unwrap();
        place(&mut transaction, id(tenant), id(60), Some(id(session))).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(store.screen(id(1), id(60)).await.unwrap().unwrap().session, follows.map(id));
    }
    assert_eq!(store.screen(id(2), id(60)).await.unwrap(), None);
    let mut foreign = store.edit(id(2)).await.unwrap();
    assert!(!foreign.remove_screen(id(60)).await.unwrap());
    drop(foreign);
    assert!(edited(store, async |edit| edit.remove_screen(id(60)).await).await.unwrap());
}
