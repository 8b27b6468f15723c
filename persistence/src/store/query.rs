//! One statement with its values.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, SqlSafeStr, SqlStr, Sqlite, SqliteConnection, SqlitePool};

use super::StoreError;
use super::value::{Value, for_sqlite};

/// Statements that happen all or not at all.
pub(crate) type Transaction = sqlx::Transaction<'static, Sqlite>;

/// Where a statement runs.
pub(crate) enum Connection<'c> {
    /// On any connection of a pool.
    Sqlite(&'c SqlitePool),
    /// With others.
    Inside(&'c mut SqliteConnection),
}

impl<'c> From<&'c SqlitePool> for Connection<'c> {
    fn from(pool: &'c SqlitePool) -> Self {
        Self::Sqlite(pool)
    }
}

impl<'c> From<&'c mut Transaction> for Connection<'c> {
    fn from(transaction: &'c mut Transaction) -> Self {
        Self::Inside(&mut *transaction)
    }
}

/// A statement and the values of `$1`, `$2` and so on.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    sql: SqlStr,
    values: Vec<Value>,
}

/// What a row becomes.
pub(crate) trait Readable: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

impl<T> Readable for T where T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

/// One of our statements.
pub(crate) fn query(sql: &'static str) -> Query {
    Query { sql: sql.into_sql_str(), values: Vec::new() }
}

impl Query {
    /// A statement that is put together from fixed parts, never from a value.
    pub(super) fn of_parts(sql: String) -> Self {
        Self { sql: AssertSqlSafe(sql).into_sql_str(), values: Vec::new() }
    }

    /// The next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it. Answers with the number of rows that it wrote.
    pub(crate) async fn execute<'c>(self, on: impl Into<Connection<'c>>) -> Result<u64, StoreError> {
        let run = sqlx::query_with(self.sql, for_sqlite(self.values)?);
        let done = match on.into() {
            Connection::Sqlite(pool) => run.execute(pool).await?,
            Connection::Inside(connection) => run.execute(connection).await?,
        };
        Ok(done.rows_affected())
    }

    /// Every row.
    pub(crate) async fn all<'c, T: Readable>(
        self,
        on: impl Into<Connection<'c>>,
    ) -> Result<Vec<T>, StoreError> {
        let run = sqlx::query_as_with(self.sql, for_sqlite(self.values)?);
        Ok(match on.into() {
            Connection::Sqlite(pool) => run.fetch_all(pool).await?,
            Connection::Inside(connection) => run.fetch_all(connection).await?,
        })
    }

    /// The row, when there is one.
    pub(crate) async fn optional<'c, T: Readable>(
        self,
        on: impl Into<Connection<'c>>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(on).await?.into_iter().next())
    }

    /// The row.
    pub(crate) async fn one<'c, T: Readable>(self, on: impl Into<Connection<'c>>) -> Result<T, StoreError> {
        self.optional(on).await?.ok_or(StoreError::Failed(sqlx::Error::RowNotFound))
    }
}
