use super::{NOW, Twin, furnished, id, on_both};
use crate::store::{NewScreen, Pairing, StoreError};

on_both!(
    a_screen_is_paired_once_by_its_code,
    a_pairing_ends,
    a_screen_is_placed_and_removed_by_its_tenant_only,
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

async fn a_screen_is_paired_once_by_its_code(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.begin_pairing("K7M2QX", &[1; 32], NOW.plus_ms(100)).await.unwrap();
    assert!(matches!(store.begin_pairing("K7M2QX", &[2; 32], NOW).await, Err(StoreError::Taken("code"))));
    assert_eq!(store.take_pairing(&[1; 32], NOW).await.unwrap(), Pairing::Waiting);
    assert!(!store.confirm_pairing("WRONG1", &screen()).await.unwrap());
    assert_eq!(store.screens(id(1), id(20)).await.unwrap(), [], "a wrong code makes no screen");
    assert!(store.confirm_pairing("K7M2QX", &screen()).await.unwrap());
    assert!(!store.confirm_pairing("K7M2QX", &NewScreen { id: id(61), ..screen() }).await.unwrap());
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
    assert!(!store.confirm_pairing("K7M2QX", &screen()).await.unwrap());
    assert_eq!(store.take_pairing(&[1; 32], NOW).await.unwrap(), Pairing::Unknown);
    assert_eq!(store.sweep_pairings(NOW).await.unwrap(), 1);
}

async fn a_screen_is_placed_and_removed_by_its_tenant_only(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.create_screen(&screen()).await.unwrap();
    assert!(!store.place_screen(id(2), id(60), None).await.unwrap());
    assert!(store.place_screen(id(1), id(60), None).await.unwrap());
    assert!(matches!(store.place_screen(id(1), id(60), Some(id(99))).await, Err(StoreError::Dangling)));
    assert_eq!(store.screen(id(2), id(60)).await.unwrap(), None);
    assert!(!store.remove_screen(id(2), id(60)).await.unwrap());
    assert!(store.remove_screen(id(1), id(60)).await.unwrap());
}
