//! The way to rows: each transaction says whose rows it may see.

use std::future::Future;
use std::time::Duration;

use sqlx::{PgConnection, PgPool, Postgres};

use crate::store::StoreError;
use crate::store::connection::Reach;

/// How long a statement may take until we go on without its answer. A server that was stopped does not say so.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// The way to rows: a pool, and whose rows may be seen through it.
#[derive(Clone, Copy)]
pub(crate) struct Gate<'c> {
    pub(in crate::store) pool: &'c PgPool,
    pub(in crate::store) reach: Reach,
    /// Whether the rows may be changed.
    pub(in crate::store) writes: bool,
}

/// A transaction that sees the rows within its reach.
pub(crate) struct Transaction(sqlx::Transaction<'static, Postgres>);

impl Gate<'_> {
    /// Begins a transaction. Nothing of the reach is left on the connection after it.
    pub(in crate::store) async fn begin(self) -> Result<Transaction, StoreError> {
        self.begin_as(if self.writes { "READ WRITE" } else { "READ ONLY" }).await
    }

    /// Begins a transaction that sees everything as it was when it first looked.
    pub(in crate::store) async fn begin_at_one_moment(self) -> Result<Transaction, StoreError> {
        self.begin_as("ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    async fn begin_as(self, mode: &'static str) -> Result<Transaction, StoreError> {
        let sql = format!("BEGIN {mode}; SET LOCAL plenum.tenant = '{}'", self.reach.as_setting());
        // The text is ours: the reach is a UUID's digits or a star.
        Ok(Transaction(answered(self.pool.begin_with(sqlx::AssertSqlSafe(sql))).await?))
    }
}

impl Reach {
    /// What the policies of the tables compare with a row's tenant (`migrations/postgres/0001_core.sql`).
    fn as_setting(self) -> String {
        match self {
            Self::Tenant(tenant) => uuid::Uuid::from_u128(tenant.bits()).to_string(),
            Self::Everyone => "*".to_owned(),
        }
    }
}

impl Transaction {
    pub(in crate::store) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    pub(in crate::store) async fn commit(self) -> Result<(), StoreError> {
        answered(self.0.commit()).await
    }
}

/// Waits for the server's answer, with an end.
pub(in crate::store) async fn answered<T>(
    asked: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER_MAX, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::Away(format!("no answer within {} s", ANSWER_MAX.as_secs()))),
    }
}
