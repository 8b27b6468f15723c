//! Where statements run: for themselves on any connection of a pool, or inside of a transaction.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use plenum_domain::Id;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Sqlite, SqliteConnection, SqlitePool};

use super::postgres::{self, Gate};
use super::{StoreError, Urgency};

/// Whose rows may be seen and written. PostgreSQL holds to it whatever a statement says (row-level security); on
/// SQLite the statements alone do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those of this tenant.
    Tenant(Id),
    /// Everybody's: for what has no tenant yet (a join code, a token's hash) and for work on all of them (the
    /// projector, sweeping). Each use says why.
    Everyone,
}

impl From<Id> for Reach {
    fn from(tenant: Id) -> Self {
        Self::Tenant(tenant)
    }
}

/// Where a statement runs.
pub(crate) enum Connection<'c> {
    /// On any connection of an SQLite pool.
    Sqlite(&'c SqlitePool),
    /// The same for writing: SQLite has one writer at a time, and the one that has its turn may give way to everyone.
    SqliteWriting(&'c SqlitePool, &'c Urgency),
    /// On any connection of a PostgreSQL pool, in a transaction of its own.
    Postgres(Gate<'c>),
    /// With others.
    Inside(&'c mut Transaction),
}

impl<'c> From<&'c mut Transaction> for Connection<'c> {
    fn from(transaction: &'c mut Transaction) -> Self {
        Self::Inside(transaction)
    }
}

/// Statements that happen all or not at all. Dropped without [`Transaction::commit`], they do not.
pub(crate) enum Transaction {
    /// On SQLite.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(postgres::Transaction),
}

/// A database's own connection.
pub(super) enum Raw<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection for one statement.
pub(super) enum Taken<'c> {
    Sqlite(PoolConnection<Sqlite>),
    Alone(postgres::Transaction),
    Inside(&'c mut Transaction),
}

/// Whoever writes waits so long for another writer before that one is urged on.
const PATIENCE: Duration = Duration::from_millis(20);

/// Begins a transaction that writes. On SQLite it takes the lock at once: one that read first could not wait for it
/// later.
pub(crate) async fn begin(on: Connection<'_>) -> Result<Transaction, StoreError> {
    let urgency = on.urgency();
    match on {
        Connection::Sqlite(pool) | Connection::SqliteWriting(pool, _) => {
            Ok(Transaction::Sqlite(urged(urgency, Box::pin(pool.begin_with("BEGIN IMMEDIATE"))).await?))
        }
        Connection::Postgres(gate) => Ok(Transaction::Postgres(gate.begin().await?)),
        Connection::Inside(_) => unreachable!("nobody begins a transaction inside of one"),
    }
}

/// Begins a transaction that reads, and sees everything as it was at one moment.
pub(crate) async fn begin_reading(on: Connection<'_>) -> Result<Transaction, StoreError> {
    match on {
        Connection::Sqlite(pool) | Connection::SqliteWriting(pool, _) => {
            Ok(Transaction::Sqlite(pool.begin().await?))
        }
        Connection::Postgres(gate) => Ok(Transaction::Postgres(gate.begin_at_one_moment().await?)),
        Connection::Inside(_) => unreachable!("nobody begins a transaction inside of one"),
    }
}

impl Transaction {
    /// Makes it happen.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }

    /// Makes none of it happen.
    #[cfg(test)]
    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.rollback().await?),
            Self::Postgres(transaction) => transaction.rollback().await,
        }
    }

    pub(super) fn raw(&mut self) -> Raw<'_> {
        match self {
            Self::Sqlite(transaction) => Raw::Sqlite(&mut *transaction),
            Self::Postgres(transaction) => Raw::Postgres(transaction.connection()),
        }
    }
}

impl<'c> Connection<'c> {
    /// Whom a statement urges on here when it has to wait for another writer.
    pub(super) const fn urgency(&self) -> Option<&'c Urgency> {
        match self {
            Self::SqliteWriting(_, urgency) => Some(*urgency),
            _ => None,
        }
    }

    /// Takes a connection from the pool.
    pub(super) async fn take(self) -> Result<Taken<'c>, StoreError> {
        match self {
            Self::Sqlite(pool) | Self::SqliteWriting(pool, _) => Ok(Taken::Sqlite(pool.acquire().await?)),
            Self::Postgres(gate) => Ok(Taken::Alone(gate.begin().await?)),
            Self::Inside(transaction) => Ok(Taken::Inside(transaction)),
        }
    }
}

/// Runs a statement; when it waits for another writer, urges that one on. It is in a box because what awaits it is
/// awaited itself, many times over: each of them would have its size.
pub(super) async fn urged<T>(urgency: Option<&Urgency>, statement: Pin<Box<impl Future<Output = T>>>) -> T {
    match urgency {
        Some(urgency) => urgency.within(PATIENCE, statement).await,
        None => statement.await,
    }
}

impl Taken<'_> {
    pub(super) fn raw(&mut self) -> Raw<'_> {
        match self {
            Self::Sqlite(connection) => Raw::Sqlite(&mut *connection),
            Self::Alone(transaction) => Raw::Postgres(transaction.connection()),
            Self::Inside(transaction) => transaction.raw(),
        }
    }

    /// Makes what was done happen, when it was alone.
    pub(super) async fn done(self) -> Result<(), StoreError> {
        match self {
            Self::Alone(transaction) => transaction.commit().await,
            Self::Sqlite(_) | Self::Inside(_) => Ok(()),
        }
    }
}
