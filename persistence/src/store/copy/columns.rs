//! What a table's columns hold, and reading rows whose columns are known only when the program runs.

use sqlx::types::Json;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::connection::{Raw, Transaction};
use crate::store::postgres::answered;
use crate::store::query::{Query, query};
use crate::store::value::Value;

const OF_POSTGRES: &str = "SELECT column_name::TEXT, data_type::TEXT FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";
const OF_SQLITE: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
const KEY_OF_POSTGRES: &str = "SELECT k.column_name::TEXT FROM information_schema.table_constraints c
    JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
    WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = current_schema() AND c.table_name = $1
    ORDER BY k.ordinal_position";
const KEY_OF_SQLITE: &str = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";

/// A column of a table.
pub(super) struct Column {
    pub(super) name: String,
    holds: Holds,
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Holds {
    Ids,
    Numbers,
    Flags,
    Texts,
    Bytes,
    Json,
}

impl Holds {
    /// Reads the name of a column's type, on either database.
    fn of_type(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "uuid" => Self::Ids,
            "bigint" | "integer" => Self::Numbers,
            "boolean" => Self::Flags,
            "bytea" | "blob" => Self::Bytes,
            "jsonb" => Self::Json,
            _ => Self::Texts,
        }
    }
}

/// The columns of a table, as this database declares them.
pub(super) async fn columns(on: &mut Transaction, table: &str) -> Result<Vec<Column>, StoreError> {
    let sql = if matches!(on, Transaction::Postgres(_)) { OF_POSTGRES } else { OF_SQLITE };
    let declared: Vec<(String, String)> = query(sql).bind(table).all(on).await?;
    let column = |(name, type_name): (String, String)| Column { name, holds: Holds::of_type(&type_name) };
    Ok(declared.into_iter().map(column).collect())
}

/// The columns of a table's primary key, with commas between them.
pub(super) async fn key_of(on: &mut Transaction, table: &str) -> Result<String, StoreError> {
    let sql = if matches!(on, Transaction::Postgres(_)) { KEY_OF_POSTGRES } else { KEY_OF_SQLITE };
    let names: Vec<(String,)> = query(sql).bind(table).all(on).await?;
    Ok(names.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", "))
}

/// The rows of a query that selects these columns.
pub(super) async fn read(
    on: &mut Transaction,
    query: Query,
    columns: &[Column],
) -> Result<Vec<Vec<Value>>, StoreError> {
    let rows = match on.raw() {
        Raw::Sqlite(connection) => {
            let rows = query.into_sqlite()?.fetch_all(connection).await?;
            rows.iter().map(|row| values(row, columns)).collect::<Result<_, _>>()
        }
        Raw::Postgres(connection) => {
            let rows = answered(query.into_postgres()?.fetch_all(connection)).await?;
            rows.iter().map(|row| values(row, columns)).collect::<Result<_, _>>()
        }
    };
    Ok(rows?)
}

fn values<R: Row>(row: &R, columns: &[Column]) -> Result<Vec<Value>, sqlx::Error>
where
    usize: ColumnIndex<R>,
    Uuid: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    i64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    bool: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    String: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    Json<serde_json::Value>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    R::Database: Database,
{
    let value = |(at, column): (usize, &Column)| {
        Ok(match column.holds {
            Holds::Ids => Value::Id(row.try_get(at)?),
            Holds::Numbers => Value::Number(row.try_get(at)?),
            Holds::Flags => Value::Flag(row.try_get(at)?),
            Holds::Texts => Value::Text(row.try_get(at)?),
            Holds::Bytes => Value::Bytes(row.try_get(at)?),
            Holds::Json => Value::Json(row.try_get(at)?),
        })
    };
    columns.iter().enumerate().map(value).collect()
}
