use super::{NOW, Twin, furnished, id, on_both};
use crate::store::{Begun, IdempotencyKey, Settings, Store};

on_both!(
    the_same_request_has_the_same_answer_until_it_ends,
    a_failed_or_forgotten_request_can_be_tried_again,
    a_node_that_starts_gives_its_own_keys_free_and_those_of_the_dead_end,
    two_processes_share_a_store,
);

fn key(subject: u128) -> IdempotencyKey {
    IdempotencyKey { tenant: id(1), subject: id(subject), key: "0198-abc".into() }
}

async fn the_same_request_has_the_same_answer_until_it_ends(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let end = NOW.plus_ms(100);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), Begun::UnderWay);
    store.finish_request(&key(10), 201, b"{}").await.unwrap();
    let answered = Begun::Answered { status: 201, response: b"{}".to_vec() };
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), answered);
    assert_eq!(store.begin_request(&key(10), &[2; 32], "a", NOW, end).await.unwrap(), Begun::OtherRequest);
    assert_eq!(
        store.begin_request(&key(11), &[2; 32], "a", NOW, end).await.unwrap(),
        Begun::New,
        "another's key"
    );
    assert_eq!(store.begin_request(&key(10), &[2; 32], "a", end, end.plus_ms(9)).await.unwrap(), Begun::New);
}

async fn a_failed_or_forgotten_request_can_be_tried_again(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let end = NOW.plus_ms(100);
    store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap();
    store.abandon_request(&key(10)).await.unwrap();
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.abandon_all_requests("a").await.unwrap(), 1);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.sweep_requests(end).await.unwrap(), 1);
}

async fn a_node_that_starts_gives_its_own_keys_free_and_those_of_the_dead_end(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let (end, later) = (NOW.plus_ms(3_600_000), NOW.plus_ms(60_000));
    assert_eq!(store.begin_request(&key(10), &[1; 32], "a", NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.abandon_all_requests("b").await.unwrap(), 0, "another node is at it");
    assert_eq!(store.begin_request(&key(10), &[1; 32], "b", NOW, end).await.unwrap(), Begun::UnderWay);
    assert_eq!(store.begin_request(&key(10), &[2; 32], "b", later, end).await.unwrap(), Begun::OtherRequest);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "b", later, end).await.unwrap(), Begun::New);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "c", later, end).await.unwrap(), Begun::UnderWay);
    store.finish_request(&key(10), 201, b"{}").await.unwrap();
    let answered = Begun::Answered { status: 201, response: b"{}".to_vec() };
    let much_later = later.plus_ms(600_000);
    assert_eq!(store.begin_request(&key(10), &[1; 32], "c", much_later, end).await.unwrap(), answered);
}

async fn two_processes_share_a_store(twin: Twin) {
    let fixture = furnished(&twin).await;
    let other = Store::open(&fixture.url, &Settings::default()).await.unwrap();
    let new = crate::store::NewTenant { id: id(3), slug: "third".into(), name: "3".into(), created: NOW };
    other.create_tenant(&new).await.unwrap();
    assert!(fixture.store.tenant(id(3)).await.unwrap().is_some());
    other.close().await;
    fixture.store.ping().await.unwrap();
}
