//! No statement reads a whole table: each finds its rows by an index, on either database.

use super::super::Store;
use super::super::connection::{Reach, begin};
use super::super::query::Query;
use super::statements::{every, places};
use super::{Twin, on_both};

on_both!(every_statement_finds_its_rows_by_an_index);

/// An index by tenant would cost every vote, for one sweep at the end of a tenant.
const ONCE: &str = "when a deleted tenant's days of grace are over: once";

/// Statements that may read a whole table, and why.
const READS_ALL: &[(&str, &str)] = &[
    ("SELECT id, tenant FROM sessions", "a copied store's index is made again, from every session"),
    ("FROM projection", "it has one row"),
    ("UPDATE projection", "it has one row"),
    ("seq = 0", "after a loss of history, of everything"),
    ("WHERE status IS NULL", "what was under way when the process ended: once a start, of a day's requests"),
    ("FROM facts WHERE tenant = $1", ONCE),
    ("FROM polls WHERE tenant = $1", ONCE),
    ("FROM poll_results WHERE tenant = $1", ONCE),
    ("FROM poll_resets WHERE tenant = $1", ONCE),
    ("FROM votes WHERE tenant = $1", ONCE),
    ("FROM questions WHERE tenant = $1", ONCE),
    ("FROM messages WHERE tenant = $1", ONCE),
    ("DELETE FROM activity WHERE tenant = $1", ONCE),
    ("DELETE FROM activity_people WHERE tenant = $1", ONCE),
    ("DELETE FROM activity_marks WHERE tenant = $1", ONCE),
    ("DELETE FROM activity_turns WHERE tenant = $1", ONCE),
    ("DELETE FROM tenants WHERE id = $1", ONCE),
    ("FROM participant_words_missing m", "what a store of before lacks: once, when it is opened"),
    ("FROM session_news", "news of the last import, gone when the rooms have heard of it"),
    ("FROM screen_pairings WHERE expires_us", "codes that wait for a screen are few, and swept with this"),
    ("FROM tenants WHERE status = 'deleted'", "once an hour, of the tenants"),
    ("SELECT id, slug, name, settings, created_us FROM tenants", "the tenants are few"),
];

async fn every_statement_finds_its_rows_by_an_index(twin: Twin) {
    let fixture = twin.empty().await;
    let mut found = Vec::new();
    for sql in every(&twin) {
        let excused = READS_ALL.iter().any(|(part, _)| sql.contains(part));
        let plan = match twin {
            Twin::Sqlite => of_sqlite(&fixture.store, &sql).await,
            Twin::Postgres(_) => of_postgres(&fixture.store, &sql).await,
        };
        if !excused && let Some(line) = plan.into_iter().find(|line| reads_all(line)) {
            found.push(format!("{line}\n    {sql}"));
        }
    }
    assert!(found.is_empty(), "{} statements read a whole table:\n{}", found.len(), found.join("\n"));
}

/// Subqueries and constants have no index, and need none.
fn reads_all(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '-', '>']);
    let sqlite = line.strip_prefix("SCAN ").is_some_and(|what| {
        let by_index = what.contains("USING") || what.contains("VIRTUAL TABLE INDEX");
        let is_made =
            ["(", "CONSTANT", "listed", "batch", "page", "named"].iter().any(|name| what.starts_with(name));
        !by_index && !is_made
    });
    sqlite || line.starts_with("Seq Scan on ")
}

async fn of_sqlite(store: &Store, sql: &str) -> Vec<String> {
    let plan = Query::of_parts(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows: Vec<(i64, i64, i64, String)> = plan.all(store.durable(Reach::Everyone)).await.unwrap();
    rows.into_iter().map(|(.., detail)| detail).collect()
}

/// Tables are empty here, so that reading all of one would cost nothing: it is made costly.
async fn of_postgres(store: &Store, sql: &str) -> Vec<String> {
    let mut transaction = begin(store.durable(Reach::Everyone)).await.unwrap();
    let types = Query::of_parts(format!("PREPARE asked AS {sql}"));
    for setting in ["enable_seqscan = off", "plan_cache_mode = force_generic_plan"] {
        Query::of_parts(format!("SET LOCAL {setting}")).execute(&mut transaction).await.unwrap();
    }
    types.execute(&mut transaction).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let values = match places(sql) {
        0 => String::new(),
        places => format!("({})", vec!["NULL"; places].join(", ")),
    };
    let plan = Query::of_parts(format!("EXPLAIN EXECUTE asked{values}"));
    let lines: Vec<(String,)> = plan.all(&mut transaction).await.unwrap();
    Query::of_parts("DEALLOCATE asked".to_owned()).execute(&mut transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    lines.into_iter().map(|(line,)| line).collect()
}
