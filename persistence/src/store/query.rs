//! One statement with its values, for either database.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite};

use super::connection::{Connection, Raw, urged};
use super::value::{Value, for_postgres, for_sqlite};
use super::{StoreError, postgres};

/// A statement and the values of `$1`, `$2` and so on.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    sql: SqlStr,
    values: Vec<Value>,
    /// Whether the connection keeps it prepared.
    is_kept: bool,
}

/// What a row becomes, read from either database.
pub(crate) trait Readable:
    for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin
{
}

impl<T> Readable for T where T: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

type SqliteQuery = sqlx::query::Query<'static, Sqlite, SqliteArguments>;
type PgQuery = sqlx::query::Query<'static, Postgres, PgArguments>;

/// One of our statements.
pub(crate) fn query(sql: &'static str) -> Query {
    Query { sql: sql.into_sql_str(), values: Vec::new(), is_kept: true }
}

impl Query {
    /// A statement that is put together from fixed parts, never from a value.
    pub(crate) fn of_parts(sql: String) -> Self {
        Self { sql: AssertSqlSafe(sql).into_sql_str(), values: Vec::new(), is_kept: true }
    }

    /// A connection keeps a hundred statements prepared, whatever they take. One that hardly comes again in the same form
    /// is not to be among them.
    pub(super) fn once(mut self) -> Self {
        self.is_kept = false;
        self
    }

    /// The next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Many values.
    pub(super) fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// The values alone.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The statement as sqlx has it for SQLite.
    pub(super) fn into_sqlite(self) -> Result<SqliteQuery, StoreError> {
        Ok(sqlx::query_with(self.sql, for_sqlite(self.values)?).persistent(self.is_kept))
    }

    /// The statement as sqlx has it for PostgreSQL.
    pub(super) fn into_postgres(self) -> Result<PgQuery, StoreError> {
        Ok(sqlx::query_with(self.sql, for_postgres(self.values)?).persistent(self.is_kept))
    }

    /// Runs it. Answers with the number of rows that it wrote.
    pub(crate) async fn execute<'c>(self, on: impl Into<Connection<'c>>) -> Result<u64, StoreError> {
        let on = on.into();
        let urgency = on.urgency();
        let run = Box::pin(async move {
            let mut taken = on.take().await?;
            let written = match taken.raw() {
                Raw::Sqlite(connection) => self.into_sqlite()?.execute(connection).await?.rows_affected(),
                Raw::Postgres(connection) => {
                    postgres::answered(self.into_postgres()?.execute(connection)).await?.rows_affected()
                }
            };
            taken.done().await?;
            Ok(written)
        });
        urged(urgency, run).await
    }

    /// Every row.
    pub(crate) async fn all<'c, T: Readable>(
        self,
        on: impl Into<Connection<'c>>,
    ) -> Result<Vec<T>, StoreError> {
        let on = on.into();
        let urgency = on.urgency();
        let run = Box::pin(async move {
            let mut taken = on.take().await?;
            let rows = match taken.raw() {
                Raw::Sqlite(connection) => {
                    sqlx::query_as_with(self.sql, for_sqlite(self.values)?).fetch_all(connection).await?
                }
                Raw::Postgres(connection) => {
                    let run = sqlx::query_as_with(self.sql, for_postgres(self.values)?).fetch_all(connection);
                    postgres::answered(run).await?
                }
            };
            taken.done().await?;
            Ok(rows)
        });
        urged(urgency, run).await
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
