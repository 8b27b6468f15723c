//! PostgreSQL keeps tenants apart even where a statement forgets to.

use super::{Twin, furnished, id};
use crate::store::connection::{Connection, Reach};
use crate::store::copy::TABLES;
use crate::store::query::Query;

/// Tables whose rows belong to no tenant: a screen that pairs belongs to nobody yet, the projector's cursor is one.
const OF_NOBODY: [&str; 3] = ["screen_pairings", "projection", "projections"];

const GUARDED: &str = "SELECT relname::TEXT FROM pg_class
    WHERE relnamespace = current_schema()::TEXT::REGNAMESPACE AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity";

async fn rows(table: &str, on: Connection<'_>) -> i64 {
    let (rows,) = Query::of_parts(format!("SELECT COUNT(*) FROM {table}")).one(on).await.unwrap();
    rows
}

#[tokio::test]
async fn without_the_tenant_in_the_statement_nothing_foreign_is_seen() {
    let Some(twin) = Twin::postgres() else { return };
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    for (table, own) in [("tenants", 1), ("users", 1), ("conferences", 1)] {
        assert_eq!(rows(table, store.readers(id(1))).await, own, "{table}");
        assert_eq!(rows(table, store.readers(id(2))).await, i64::from(table == "tenants"), "{table}");
        assert_eq!(rows(table, store.readers(id(3))).await, 0, "{table}");
    }
    assert_eq!(rows("tenants", store.readers(Reach::Everyone)).await, 2);
}

#[tokio::test]
async fn without_the_tenant_in_the_statement_nothing_foreign_is_written() {
    let Some(twin) = Twin::postgres() else { return };
    let fixture = furnished(&twin).await;
    let store = &fixture.store;
    let forgetful = |sql: &str| Query::of_parts(sql.to_owned());
    for sql in ["UPDATE users SET name = 'mine'", "DELETE FROM conferences"] {
        assert_eq!(forgetful(sql).execute(store.durable(id(2))).await.unwrap(), 0, "{sql}");
    }
    let smuggled = "INSERT INTO halls (id, tenant, conference, name, position)
        SELECT $1, $2, $3, 'x', 0";
    let smuggled = forgetful(smuggled).bind(id(70)).bind(id(1)).bind(id(20));
    let refusal = smuggled.execute(store.durable(id(2))).await.unwrap_err().to_string();
    assert!(refusal.contains("row-level security"), "{refusal}");
}

#[tokio::test]
async fn every_table_of_tenants_is_guarded() {
    let Some(twin) = Twin::postgres() else { return };
    let fixture = twin.empty().await;
    let guarded: Vec<(String,)> =
        Query::of_parts(GUARDED.to_owned()).all(fixture.store.readers(Reach::Everyone)).await.unwrap();
    let guarded: Vec<String> = guarded.into_iter().map(|(table,)| table).collect();
    for table in TABLES.iter().filter(|table| !OF_NOBODY.contains(table)) {
        assert!(guarded.iter().any(|name| name == table), "{table} lacks plenum_keep_tenants_apart");
    }
}
