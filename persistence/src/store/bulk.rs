//! Many rows in one statement.

use std::collections::BTreeMap;

use super::connection::{Raw, Transaction};
use super::query::Query;
use super::value::{self, Value, columns_for_postgres};
use super::{StoreError, postgres};

/// Values that SQLite binds in one statement at most (<https://sqlite.org/limits.html#max_variable_number>).
const BOUND_MAX: usize = 32_766;

/// How the rows for SQLite begin.
const VALUES: &str = "VALUES ";

/// A statement that writes many rows.
pub(crate) struct Bulk {
    /// The table.
    pub(crate) table: &'static str,
    /// The columns that a row has values for.
    pub(crate) row: &'static str,
    /// How many of a row's first values say what it is about. Of rows about the same only the last is written; 0 when
    /// every row is.
    pub(crate) key: usize,
    /// What is done with the rows.
    pub(crate) write: Write,
}

/// What is done with many rows, which are called `batch`.
pub(crate) enum Write {
    /// They are inserted, and this is done with those that are there: `ON CONFLICT …`.
    Insert(&'static str),
    /// Rows that are there are changed: `SET … FROM batch WHERE …`.
    Update(&'static str),
    /// Something else is done that begins with `batch`; the table is where samples of its rows come from.
    Else(&'static str),
}

/// The values of one row.
macro_rules! row {
    ($($value:expr),+ $(,)?) => { [$($crate::store::value::Value::from($value)),+] };
}
pub(crate) use row;

impl Bulk {
    /// Writes the rows, in as few statements as there can be.
    pub(crate) async fn write<T, const WIDTH: usize>(
        &self,
        transaction: &mut Transaction,
        rows: &[T],
        values: impl Fn(&T) -> [Value; WIDTH],
    ) -> Result<(), StoreError> {
        let rows: Vec<Vec<Value>> = rows.iter().map(|row| Vec::from(values(row))).collect();
        write_rows(transaction, self.last_of_each(rows), WIDTH, |source| self.over(source)).await
    }

    /// PostgreSQL refuses to write a row twice in one statement.
    fn last_of_each(&self, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
        if self.key == 0 {
            return rows;
        }
        let keys: Vec<Vec<u8>> = rows.iter().map(|row| value::bytes_of(&row[..self.key])).collect();
        let last: BTreeMap<&[u8], usize> = keys.iter().map(Vec::as_slice).zip(0..).collect();
        let is_last = |at: usize| last.get(keys[at].as_slice()) == Some(&at);
        rows.into_iter().enumerate().filter_map(|(at, row)| is_last(at).then_some(row)).collect()
    }

    /// The statement over rows that come from `source`: a query, or their values.
    pub(super) fn over(&self, source: &str) -> String {
        let Self { table, row, .. } = self;
        let write = match self.write {
            // Values that go straight into a table are read one by one; under a name SQLite makes a query of each.
            Write::Insert(tail) if source.starts_with(VALUES) => {
                return format!("INSERT INTO {table} ({row}) {source} {tail}");
            }
            // SQLite needs the WHERE to tell the ON of the conflict from that of a join.
            Write::Insert(tail) => {
                format!("INSERT INTO {table} ({row}) SELECT * FROM batch WHERE TRUE {tail}")
            }
            Write::Update(tail) => format!("UPDATE {table} {tail}"),
            Write::Else(tail) => return format!("WITH batch ({row}) AS ({source}){tail}"),
        };
        format!("WITH batch ({row}) AS ({source}) {write}")
    }

    /// The statement over rows that the table has, for the test that every statement is understood.
    #[cfg(test)]
    pub(crate) fn sample(&self) -> String {
        self.over(&format!("SELECT {} FROM {}", self.row, self.table))
    }
}

/// Writes rows that are `width` values each; `over` is the statement over rows that come from a source.
pub(super) async fn write_rows(
    transaction: &mut Transaction,
    mut rows: Vec<Vec<Value>>,
    width: usize,
    over: impl Fn(&str) -> String,
) -> Result<(), StoreError> {
    if let (Raw::Postgres(connection), false) = (transaction.raw(), rows.is_empty()) {
        let sql = sqlx::AssertSqlSafe(over(&unnested(width)));
        let run = sqlx::query_with(sql, columns_for_postgres(rows)?).execute(connection);
        return postgres::answered(run).await.map(|_| ());
    }
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(BOUND_MAX / width));
        let query = Query::of_parts(over(&listed(rows.len(), width)));
        let query = if rows.len() == 1 { query } else { query.once() };
        query.bind_all(rows.into_iter().flatten()).execute(&mut *transaction).await?;
        rows = rest;
    }
    Ok(())
}

/// The rows for SQLite: every value by itself.
fn listed(rows: usize, width: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    format!("{VALUES}{}", vec![row; rows].join(", "))
}

/// The rows for PostgreSQL: an array a column.
fn unnested(width: usize) -> String {
    let arrays: Vec<String> = (1..=width).map(|place| format!("${place}")).collect();
    format!("SELECT * FROM UNNEST({})", arrays.join(", "))
}
