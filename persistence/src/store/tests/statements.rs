//! Every statement is understood by the database, and names the tenant.

use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

use super::super::bulk::Bulk;
use super::super::connection::{Raw, Reach};
use super::super::page::{List, Order};
use super::super::value::Value;
use super::super::{
    Store, accounts, activity, analytics, api_tokens, audit, check_ins, conferences, custom_roles, cutoffs,
    days, deeds, facts, grants, halls, idempotency, invitations, letters, logos, messages, names, news,
    owners, participants, passwords, people, polls, programme, projection, providers, questions,
    refresh_tokens, registrations, rolls, screens, search, seats, second_factors, session_texts, sessions,
    sign_ins, tenant_states, tenants, users, venues,
};
use super::{Twin, on_both};

on_both!(
    every_statement_is_understood,
    every_statement_for_many_rows_is_understood,
    every_list_is_understood_in_every_order_with_every_choice,
);

const FAMILIES: &[&[&str]] = &[
    tenants::STATEMENTS,
    tenant_states::STATEMENTS,
    invitations::STATEMENTS,
    passwords::STATEMENTS,
    second_factors::STATEMENTS,
    sign_ins::STATEMENTS,
    providers::STATEMENTS,
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
    venues::STATEMENTS,
    days::STATEMENTS,
    deeds::STATEMENTS,
    session_texts::STATEMENTS,
    seats::STATEMENTS,
    search::STATEMENTS,
    sessions::STATEMENTS,
    people::STATEMENTS,
    programme::STATEMENTS,
    programme::AROUND,
    news::STATEMENTS,
    participants::STATEMENTS,
    registrations::STATEMENTS,
    letters::STATEMENTS,
    rolls::STATEMENTS,
    check_ins::STATEMENTS,
    screens::STATEMENTS,
    idempotency::STATEMENTS,
    facts::STATEMENTS,
    activity::STATEMENTS,
    analytics::STATEMENTS,
    polls::STATEMENTS,
    messages::STATEMENTS,
    names::STATEMENTS,
    owners::STATEMENTS,
    projection::STATEMENTS,
];

const LISTS: &[&List] = &[
    &users::LIST,
    &accounts::LIST,
    &conferences::LIST,
    &sessions::LIST,
    &venues::LIST,
    &people::LIST,
    &seats::LIST,
    &check_ins::LIST,
    &deeds::ATTENDANCE,
    &participants::LIST,
    &participants::NAMED,
    &polls::LIST,
    &questions::LIST,
];

const BULKS: &[&Bulk] = &[
    &facts::SAVE,
    &polls::SAVE,
    &polls::SAVE_RESULTS,
    &polls::SAVE_RESETS,
    &polls::SAVE_VOTES,
    &questions::SAVE,
    &questions::SAVE_SUPPORT,
    &messages::SAVE,
    &messages::SAVE_REACTIONS,
    &messages::DELETE,
    &activity::TURN,
    &activity::COUNT,
    &activity::MEET,
    &activity::GATHER,
    &activity::MARK,
    &names::WRITE,
    &rolls::BRING,
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
    (
        "FROM conferences WHERE id = $1",
        "a ticket names its conference; the key of its tenant tells whether it is true",
    ),
    ("FROM users WHERE email = $1", "a login may leave the tenant out; its row names the tenant"),
    ("screen_pairings", "a screen that pairs belongs to nobody yet"),
    ("WHERE expires_us <= $1", "sweeping what has ended, of everybody"),
    ("token_hash = $1 AND expires_us > $2", "the token is all that a mail has; its row names the tenant"),
    ("DELETE FROM sign_ins", "sweeping what has ended, of everybody"),
    ("FROM logos WHERE hash = $1", "logos are public"),
    ("SELECT id, tenant FROM sessions", "a copied store's index is made again, of everybody"),
    ("registration_letters WHERE state = 'due'", "every hub sends letters of everybody"),
    ("state = 'under_way' AND due_us <= $1", "letters whose hub ended, of everybody"),
    ("participant_words_missing", "when a store is opened, of everybody"),
    ("FROM session_news", "every hub tells rooms of everybody"),
    ("FROM cutoffs", "every hub follows those of everybody, and sweeps them"),
    ("projection", "one row for the whole store, or a conference"),
    ("seq = 0", "after a loss of history, of everybody"),
    ("WHERE status IS NULL", "what was under way when the process ended, of everybody"),
];

/// Lets the database read a statement without running it.
async fn prepare(store: &Store, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    let mut taken = store.durable(Reach::Everyone).take().await.unwrap();
    let refused = match taken.raw() {
        Raw::Sqlite(connection) => connection.prepare(sql.clone()).await.err(),
        Raw::Postgres(connection) => connection.prepare(sql.clone()).await.err(),
    };
    assert!(refused.is_none(), "{}\n{refused:?}", sql.as_str());
}

async fn every_statement_is_understood(twin: Twin) {
    let fixture = twin.empty().await;
    for statement in of(&twin) {
        prepare(&fixture.store, statement).await;
    }
}

/// Every statement that stands written, for one of the databases.
fn of(twin: &Twin) -> impl Iterator<Item = &'static str> {
    let of_this_one = match twin {
        Twin::Sqlite => search::STATEMENTS_OF_SQLITE,
        Twin::Postgres(_) => search::STATEMENTS_OF_POSTGRES,
    };
    FAMILIES.iter().copied().flatten().chain(of_this_one).copied()
}

/// Every statement, with the pages of lists in their usual order, and how long the lists are.
pub(super) fn every(twin: &Twin) -> Vec<String> {
    of(twin).map(str::to_owned).chain(LISTS.iter().flat_map(|list| of_list(list))).collect()
}

/// Every statement of a list: for all choices of its filters, how many rows there are and a page in each order.
fn of_list(list: &'static List) -> Vec<String> {
    let orders: Vec<Order> = list
        .sorts
        .iter()
        .flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")])
        .map(|text| list.order(&text).expect("a list knows its own orders"))
        .collect();
    let of_choice = |choice: usize| {
        let chosen = list.chosen(|query| query.bind_all(vec![Value::Number(None); places(list.rows)]));
        let filters = list.filters.iter().enumerate().filter(|(n, _)| choice >> n & 1 == 1);
        let chosen = filters.fold(chosen, |chosen, (_, filter)| match filter.matches("$#").count() {
            1 => chosen.and(filter, [Value::Number(None)]),
            _ => chosen.and(filter, [Value::Number(None), Value::Number(None)]),
        });
        let pages: Vec<String> = orders.iter().map(|order| chosen.page_sql(*order, false)).collect();
        [vec![chosen.count_sql()], pages].concat()
    };
    (0..1 << list.filters.len()).flat_map(of_choice).collect()
}

async fn every_statement_for_many_rows_is_understood(twin: Twin) {
    let fixture = twin.empty().await;
    for bulk in BULKS {
        let sql = bulk.sample();
        assert!(sql.contains("tenant"), "{sql}");
        prepare(&fixture.store, &sql).await;
    }
}

async fn every_list_is_understood_in_every_order_with_every_choice(twin: Twin) {
    let fixture = twin.empty().await;
    for sql in LISTS.iter().flat_map(|list| of_list(list)) {
        prepare(&fixture.store, &sql).await;
    }
}

/// How many values a statement takes.
pub(super) fn places(sql: &str) -> usize {
    (1..).take_while(|place| sql.contains(&format!("${place}"))).count()
}

#[test]
fn every_statement_names_the_tenant_or_is_excused() {
    let lists = LISTS.iter().map(|list| &list.rows);
    for statement in FAMILIES.iter().copied().flatten().chain(lists) {
        let scoped = ["tenant = $1", "tenant, ", "tenant,\n"].iter().any(|scope| statement.contains(scope));
        let excused = WITHOUT_TENANT.iter().any(|(part, _)| statement.contains(part));
        let inserts = statement.starts_with("INSERT INTO tenants");
        assert!(scoped || excused || inserts, "{statement}");
    }
}
