//! Moving a whole store to another database: SQLite to PostgreSQL, back, or into a file for keeping.

mod columns;
mod tables;

use super::bulk::write_rows;
use super::connection::{Reach, Transaction, begin, begin_reading};
use super::query::Query;
use super::{Store, StoreError, search};
use columns::{Column, columns, key_of, read};
pub(in crate::store) use tables::TABLES;

/// Rows that are read and written at once.
const PAGE_ROWS: i64 = 2_000;

/// How many rows a table had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// Why a store was not copied. Nothing of it is in the other one then.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The other store has something in it already.
    #[error("{place} is not empty: its table {table} has rows")]
    NotEmpty {
        /// The store's file or server.
        place: String,
        /// The first table with rows.
        table: &'static str,
    },
    /// Something wrote to the other store meanwhile.
    #[error("{table} had {read} rows, and {written} arrived")]
    Miscounted {
        /// The table.
        table: &'static str,
        /// Rows of the one.
        read: u64,
        /// Rows of the other.
        written: u64,
    },
    /// One of the two failed.
    #[error("copying {table}: {error}")]
    Store {
        /// The table at which it failed.
        table: &'static str,
        /// How.
        error: StoreError,
    },
}

impl Store {
    /// Copies everything into an empty store, all or nothing, as it is at one moment: others may go on writing here.
    ///
    /// # Errors
    /// When the other store is not empty, or one of the two fails.
    pub async fn copy_to(&self, other: &Self) -> Result<Vec<Copied>, CopyError> {
        let failed = |error| CopyError::Store { table: TABLES[0], error };
        let mut from = begin_reading(self.readers(Reach::Everyone)).await.map_err(failed)?;
        let mut to = begin(other.durable(Reach::Everyone)).await.map_err(failed)?;
        let mut copied = Vec::new();
        for table in TABLES {
            copied.push(Copied { table, rows: self.copy_table(&mut from, other, &mut to, table).await? });
        }
        let unsearchable = |error| CopyError::Store { table: "session_search", error };
        search::refill(&mut to).await.map_err(unsearchable)?;
        to.commit().await.map_err(failed)?;
        Ok(copied)
    }

    async fn copy_table(
        &self,
        from: &mut Transaction,
        other: &Self,
        to: &mut Transaction,
        table: &'static str,
    ) -> Result<u64, CopyError> {
        let failed = |error| CopyError::Store { table, error };
        if count(to, table).await.map_err(failed)? > 0 {
            return Err(CopyError::NotEmpty { place: other.place(), table });
        }
        // PostgreSQL knows what SQLite's columns hold: which bytes are ids, which numbers are flags.
        let columns = match from {
            Transaction::Postgres(_) => columns(from, table).await,
            Transaction::Sqlite(_) => columns(to, table).await,
        };
        copy_rows(from, to, table, &columns.map_err(failed)?).await.map_err(failed)?;
        let (read, written) =
            (count(from, table).await.map_err(failed)?, count(to, table).await.map_err(failed)?);
        match read == written {
            true => Ok(written),
            false => Err(CopyError::Miscounted { table, read, written }),
        }
    }
}

async fn copy_rows(
    from: &mut Transaction,
    to: &mut Transaction,
    table: &str,
    columns: &[Column],
) -> Result<(), StoreError> {
    let key = key_of(from, table).await?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let names = names.join(", ");
    let page = format!("SELECT {names} FROM {table} ORDER BY {key} LIMIT $1 OFFSET $2");
    let insert = |source: &str| {
        format!("WITH batch ({names}) AS ({source}) INSERT INTO {table} ({names}) SELECT * FROM batch")
    };
    let mut done = 0;
    loop {
        let query = Query::of_parts(page.clone()).bind(PAGE_ROWS).bind(done);
        let rows = read(from, query, columns).await?;
        let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        write_rows(to, rows, columns.len(), insert).await?;
        if found < PAGE_ROWS {
            return Ok(());
        }
        done += found;
    }
}

async fn count(on: &mut Transaction, table: &str) -> Result<u64, StoreError> {
    let count = Query::of_parts(format!("SELECT COUNT(*) FROM {table}"));
    let (rows,): (i64,) = count.one(on).await?;
    Ok(rows.cast_unsigned())
}
