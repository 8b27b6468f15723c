//! Every statement is understood by the database, and names the tenant.

use sqlx::{Executor, SqlSafeStr};

use super::super::bulk::Bulk;
use super::super::page::{Order, Sorts};
use super::super::{
    accounts, api_tokens, audit, conferences, custom_roles, cutoffs, facts, grants, halls, idempotency,
    logos, messages, ours, participants, people, polls, programme, projection, questions, refresh_tokens,
    screens, sessions, tenant_states, tenants, users,
};

const FAMILIES: &[&[&str]] = &[
    tenants::STATEMENTS,
    tenant_states::STATEMENTS,
    logos::STATEMENTS,
    users::STATEMENTS,
    refresh_tokens::STATEMENTS,
    accounts::STATEMENTS,
    api_tokens::STATEMENTS,
    audit::STATEMENTS,
    custom_roles::STATEMENTS,
    grants::STATEMENTS,
    cutoffs::STATEMENTS,
    conferences::STATEMENTS,
    halls::STATEMENTS,
    sessions::STATEMENTS,
    people::STATEMENTS,
    programme::STATEMENTS,
    participants::STATEMENTS,
    screens::STATEMENTS,
    idempotency::STATEMENTS,
    facts::STATEMENTS,
    polls::STATEMENTS,
    questions::STATEMENTS,
    messages::STATEMENTS,
    projection::STATEMENTS,
];

const LISTS: &[&[(&str, Sorts, u32)]] = &[
    users::LISTS,
    accounts::LISTS,
    conferences::LISTS,
    sessions::LISTS,
    participants::LISTS,
    polls::LISTS,
    questions::LISTS,
];

const BULKS: &[&Bulk] = &[
    &facts::SAVE,
    &polls::SAVE,
    &polls::SAVE_RESULTS,
    &polls::SAVE_RESETS,
    &polls::SAVE_VOTES,
    &questions::SAVE,
    &messages::SAVE,
];

/// Statements may leave the tenant out for one of these reasons only.
const WITHOUT_TENANT: &[(&str, &str)] = &[
    ("FROM tenants", "the tenants themselves"),
    ("UPDATE tenants", "the tenants themselves"),
    (
        "FROM refresh_tokens WHERE hash = $1",
        "the secret is all that its bearer shows; the row names the tenant",
    ),
    ("refresh_tokens SET rotated_us", "the row was found by its secret in the same transaction"),
    (
        "refresh_tokens SET revoked_us = $2 WHERE family",
        "the family was found by its secret in the same transaction",
    ),
    ("FROM api_tokens WHERE hash = $1", "the secret is all that its bearer shows; the row names the tenant"),
    ("WHERE join_code = $1", "the code is all that an attendee has; the row names the tenant"),
    ("FROM users WHERE email = $1", "a login may leave the tenant out; its row names the tenant"),
    ("screen_pairings", "a screen that pairs belongs to nobody yet"),
    ("WHERE expires_us <= $1", "sweeping what has ended, of everybody"),
    ("FROM logos WHERE hash = $1", "logos are public"),
    ("FROM cutoffs", "every hub follows those of everybody, and sweeps them"),
    ("projection", "one row for the whole store"),
    ("seq = 0", "after a loss of history, of everybody"),
    ("WHERE status IS NULL", "what was under way when the process ended, of everybody"),
];

#[tokio::test]
async fn every_statement_is_understood() {
    let fixture = super::empty().await;
    for statement in FAMILIES.iter().copied().flatten() {
        let prepared = fixture.store.readers().prepare((*statement).into_sql_str()).await;
        assert!(prepared.is_ok(), "{statement}\n{:?}", prepared.err());
    }
}

#[tokio::test]
async fn every_statement_for_many_rows_is_understood() {
    let fixture = super::empty().await;
    for bulk in BULKS {
        let sql = bulk.sample();
        assert!(sql.contains("tenant"), "{sql}");
        let prepared = fixture.store.readers().prepare(ours(sql.clone()).into_sql_str()).await;
        assert!(prepared.is_ok(), "{sql}: {:?}", prepared.err());
    }
}

#[tokio::test]
async fn every_sort_order_is_understood() {
    let fixture = super::empty().await;
    for (statement, sorts, limit) in LISTS.iter().copied().flatten() {
        for (name, _) in *sorts {
            for text in [(*name).to_owned(), format!("-{name}")] {
                let sql = format!("{statement}{}", Order::read(&text, sorts).unwrap().clause(*limit));
                let prepared = fixture.store.readers().prepare(ours(sql).into_sql_str()).await;
                assert!(prepared.is_ok(), "{text}: {:?}", prepared.err());
            }
        }
    }
}

#[test]
fn every_statement_names_the_tenant_or_is_excused() {
    for statement in FAMILIES.iter().copied().flatten() {
        let scoped = ["tenant = $1", "tenant, ", "tenant,\n"].iter().any(|scope| statement.contains(scope));
        let excused = WITHOUT_TENANT.iter().any(|(part, _)| statement.contains(part));
        let inserts = statement.starts_with("INSERT INTO tenants");
        assert!(scoped || excused || inserts, "{statement}");
    }
}
