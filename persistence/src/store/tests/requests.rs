use super::{NOW, Twin, furnished, id, on_both};
use crate::store::{Begun, IdempotencyKey, Settings, Store};

on_both!(
    the_same_request_has_the_same_answer_until_it_ends,
    a_failed_or_forgotten_request_can_be_tried_again,
    two_processes_share_a_store,
);

fn key(subject: u128) -> IdempotencyKey {
    IdempotencyKey { tenant: id(1), subject: id(subject), key: "0198-abc".into() }
}

async fn the_same_request_has_the_same_answer_until_it_ends(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let end = NOW.plus_ms(100);
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::UnderWay);
    store.finish_request(&key(10), 201, b"{}").await.unwrap();
    let answered = Begun::Answered { status: 201, response: b"{}".to_vec() };
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), answered);
    assert_eq!(store.begin_request(&key(10), &[2; 32], NOW, end).await.unwrap(), Begun::OtherRequest);
    assert_eq!(store.begin_request(&key(11), &[2; 32], NOW, end).await.unwrap(), Begun::New, "another's key");
    assert_eq!(store.begin_request(&key(10), &[2; 32], end, end.plus_ms(9)).await.unwrap(), Begun::New);
}

async fn a_failed_or_forgotten_request_can_be_tried_again(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let end = NOW.plus_ms(100);
    store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap();
    store.abandon_request(&key(10)).await.unwrap();
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.abandon_all_requests().await.unwrap(), 1);
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.sweep_requests(end).await.unwrap(), 1);
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
