use plenum_domain::Timestamp;

use super::{NOW, Twin, edited, furnished, id, on_both, user};
use crate::store::{
    Grant, NewApiToken, NewRefreshToken, NewTenant, Page, Rotation, Store, StoreError, Subject, User,
};

on_both!(
    a_slug_is_given_once,
    an_address_is_one_account_in_any_case,
    an_account_is_invisible_to_another_tenant,
    accounts_are_listed_in_pages_and_orders,
    a_refresh_token_is_good_once_and_reuse_ends_the_family,
    refresh_tokens_end_by_time_and_by_logging_out,
    two_uses_at_once_give_one_rotation,
    an_api_token_is_found_by_its_hash_until_it_ends,
);

const GRANT: Grant = Grant {
    family: plenum_domain::Id::from_bits(77),
    tenant: plenum_domain::Id::from_bits(1),
    subject: plenum_domain::Id::from_bits(10),
    subject_is: Subject::User,
    conference: None,
};

fn token(n: u8) -> NewRefreshToken {
    NewRefreshToken { hash: [n; 32], issued: NOW.plus_ms(i64::from(n)), expires: NOW.plus_ms(1_000) }
}

async fn a_slug_is_given_once(twin: Twin) {
    let fixture = furnished(&twin).await;
    let twin = NewTenant { id: id(3), slug: "acme".into(), name: "Twin".into(), created: NOW };
    assert!(matches!(fixture.store.create_tenant(&twin).await, Err(StoreError::Taken("slug"))));
    let tenant = fixture.store.tenant_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((tenant.id, tenant.name.as_str(), tenant.created), (id(1), "ACME", NOW));
    assert!(
        fixture.store.configure_tenant(id(1), &serde_json::json!({"origins": ["https://a"]})).await.unwrap()
    );
    assert_eq!(fixture.store.tenant(id(1)).await.unwrap().unwrap().settings["origins"][0], "https://a");
    assert_eq!(fixture.store.tenants().await.unwrap().len(), 2);
}

async fn an_address_is_one_account_in_any_case(twin: Twin) {
    let fixture = furnished(&twin).await;
    let found = fixture.store.user_by_email(id(1), "PERSON10@example.ORG").await.unwrap().unwrap();
    assert_eq!((found.id, found.roles, found.disabled), (id(10), user(10).roles, None));
    let twin = crate::store::NewUser { id: id(11), ..user(10) };
    assert!(matches!(fixture.store.create_user(&twin).await, Err(StoreError::Taken("email"))));
    assert!(!format!("{found:?}").contains("argon2"), "a hash must not reach a log");
}

async fn an_account_is_invisible_to_another_tenant(twin: Twin) {
    let fixture = furnished(&twin).await;
    assert_eq!(fixture.store.user(id(2), id(10)).await.unwrap(), None);
    assert_eq!(fixture.store.user_by_email(id(2), "person10@example.org").await.unwrap(), None);
    assert!(!fixture.store.disable_user(id(2), id(10), NOW).await.unwrap());
    assert!(!fixture.store.set_password(id(2), id(10), "x").await.unwrap());
    assert!(fixture.store.disable_user(id(1), id(10), NOW).await.unwrap());
    assert_eq!(fixture.store.user(id(1), id(10)).await.unwrap().unwrap().disabled, Some(NOW));
}

async fn accounts_are_listed_in_pages_and_orders(twin: Twin) {
    let fixture = furnished(&twin).await;
    for n in 11..=15 {
        fixture.store.create_user(&user(n)).await.unwrap();
    }
    let order = User::order("-email").unwrap();
    let listed = fixture.store.users(id(1), Some(order), Page::new(2, 4)).await.unwrap();
    assert_eq!(listed.items.iter().map(|user| user.id).collect::<Vec<_>>(), [id(11), id(10)]);
    assert_eq!(listed.total, 6);
    let unknown = User::order("password_hash").unwrap_err();
    assert_eq!(unknown.known, ["email", "name", "created"]);
}

async fn rotate(store: &Store, old: u8, new: u8) -> Rotation {
    store.rotate_refresh_token(&[old; 32], &token(new)).await.unwrap()
}

async fn a_refresh_token_is_good_once_and_reuse_ends_the_family(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.issue_refresh_token(&GRANT, &token(1)).await.unwrap();
    assert_eq!(rotate(store, 1, 2).await, Rotation::Rotated(GRANT));
    assert_eq!(rotate(store, 2, 3).await, Rotation::Rotated(GRANT));
    assert_eq!(rotate(store, 1, 4).await, Rotation::Reused(GRANT));
    assert_eq!(rotate(store, 3, 5).await, Rotation::Unknown, "the whole family is revoked");
    assert_eq!(rotate(store, 4, 6).await, Rotation::Unknown, "and nothing was kept for the reuse");
}

async fn refresh_tokens_end_by_time_and_by_logging_out(twin: Twin) {
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    store.issue_refresh_token(&GRANT, &token(1)).await.unwrap();
    let late = NewRefreshToken { issued: NOW.plus_ms(1_000), ..token(2) };
    assert_eq!(store.rotate_refresh_token(&[1; 32], &late).await.unwrap(), Rotation::Unknown);
    assert_eq!(store.revoke_refresh_token(&[1; 32], NOW).await.unwrap(), Some(GRANT));
    assert_eq!(rotate(store, 1, 2).await, Rotation::Unknown);
    assert_eq!(store.revoke_refresh_token(&[9; 32], NOW).await.unwrap(), None);
    assert_eq!(store.sweep_refresh_tokens(NOW.plus_ms(1_000)).await.unwrap(), 1);
}

async fn two_uses_at_once_give_one_rotation(twin: Twin) {
    let fixture = furnished(&twin).await;
    fixture.store.issue_refresh_token(&GRANT, &token(1)).await.unwrap();
    let both = <[_; 2]>::from(tokio::join!(rotate(&fixture.store, 1, 2), rotate(&fixture.store, 1, 3)));
    let count = |wanted: Rotation| both.iter().filter(|rotation| **rotation == wanted).count();
    assert_eq!((count(Rotation::Rotated(GRANT)), count(Rotation::Reused(GRANT))), (1, 1), "{both:?}");
}

async fn an_api_token_is_found_by_its_hash_until_it_ends(twin: Twin) {
    let fixture = furnished(&twin).await;
    let new = |n: u8, expires: Option<Timestamp>| NewApiToken {
        id: id(30 + u128::from(n)),
        tenant: id(1),
        user: id(10),
        name: "ci".into(),
        hash: [n; 32],
        scopes: vec!["polls:read".into(), "polls:write".into()],
        created: NOW,
        expires,
    };
    let store = &fixture.store;
    for new in [new(1, None), new(2, Some(NOW.plus_ms(10)))] {
        edited(store, async |edit| edit.create_api_token(&new).await).await.unwrap();
    }
    let found = store.api_token(&[1; 32], NOW).await.unwrap().unwrap();
    assert_eq!((found.user, found.scopes), (id(10), vec!["polls:read".to_owned(), "polls:write".to_owned()]));
    assert!(store.api_token(&[2; 32], NOW).await.unwrap().is_some());
    assert!(store.api_token(&[2; 32], NOW.plus_ms(10)).await.unwrap().is_none());
    store.api_token_used(id(1), id(31), NOW).await.unwrap();
    assert_eq!(store.api_tokens(id(1), id(10)).await.unwrap()[0].last_used, Some(NOW));
    let mut foreign = store.edit(id(2)).await.unwrap();
    assert!(!foreign.revoke_api_token(id(31), NOW).await.unwrap());
    drop(foreign);
    assert!(edited(store, async |edit| edit.revoke_api_token(id(31), NOW).await).await.unwrap());
    assert!(store.api_token(&[1; 32], NOW).await.unwrap().is_none());
    let homeless = NewApiToken { user: id(99), ..new(3, None) };
    let mut edit = store.edit(id(1)).await.unwrap();
    assert!(matches!(edit.create_api_token(&homeless).await, Err(StoreError::Dangling)));
}
