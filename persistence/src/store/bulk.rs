//! Many rows in one statement.

use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::StoreError;

/// Values that SQLite binds in one statement at most (<https://sqlite.org/limits.html#max_variable_number>).
const BOUND_MAX: usize = 32_766;

/// A statement that writes many rows.
pub(crate) struct Bulk {
    /// `INSERT INTO table (columns)`.
    pub(crate) head: &'static str,
    /// Its number of columns.
    pub(crate) columns: usize,
    /// What follows the rows, `ON CONFLICT …`.
    pub(crate) tail: &'static str,
}

impl Bulk {
    /// Writes the rows, as few statements as there can be.
    pub(crate) async fn write<T>(
        &self,
        connection: &mut SqliteConnection,
        rows: &[T],
        bind: impl Fn(&mut Separated<'_, Sqlite, &'static str>, &T),
    ) -> Result<(), StoreError> {
        for chunk in rows.chunks(BOUND_MAX / self.columns) {
            let mut query = QueryBuilder::new(self.head);
            query.push(" ");
            query.push_values(chunk, |mut row, value| bind(&mut row, value));
            query.push(" ");
            query.push(self.tail);
            query.build().execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// The statement for one row, for the test that every statement is understood.
    #[cfg(test)]
    pub(crate) fn sample(&self) -> String {
        let values: Vec<String> = (1..=self.columns).map(|place| format!("${place}")).collect();
        format!("{} VALUES ({}) {}", self.head, values.join(", "), self.tail)
    }
}
