use super::{NOW, empty, furnished, id};
use crate::store::{Begun, IdempotencyKey, OpenStoreError, Store};

fn key(subject: u128) -> IdempotencyKey {
    IdempotencyKey { tenant: id(1), subject: id(subject), key: "0198-abc".into() }
}

#[tokio::test]
async fn the_same_request_has_the_same_answer_until_it_ends() {
    let fixture = furnished().await;
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

#[tokio::test]
async fn a_failed_or_forgotten_request_can_be_tried_again() {
    let fixture = furnished().await;
    let store = &fixture.store;
    let end = NOW.plus_ms(100);
    store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap();
    store.abandon_request(&key(10)).await.unwrap();
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.abandon_all_requests().await.unwrap(), 1);
    assert_eq!(store.begin_request(&key(10), &[1; 32], NOW, end).await.unwrap(), Begun::New);
    assert_eq!(store.sweep_requests(end).await.unwrap(), 1);
}

#[tokio::test]
async fn two_processes_share_a_store() {
    let fixture = furnished().await;
    let other = Store::open(&fixture.url).await.unwrap();
    let new = crate::store::NewTenant { id: id(3), slug: "third".into(), name: "3".into(), created: NOW };
    other.create_tenant(&new).await.unwrap();
    assert!(fixture.store.tenant(id(3)).await.unwrap().is_some());
    other.close().await;
    fixture.store.ping().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let fixture = empty().await;
    let text = fixture.store.path().with_file_name("text");
    std::fs::write(&text, "not a database, ".repeat(500)).unwrap();
    let missing = text.join("store");
    for path in [&text, &missing] {
        let error = Store::open(&format!("sqlite:{}", path.display())).await.unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()), "{error}");
    }
    let error = Store::open("postgres://localhost/x").await.unwrap_err();
    assert!(matches!(error, OpenStoreError::BadUrl { .. }), "{error}");
}
