//! Opening the store: its connections, and who writes how durably.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::{OpenStoreError, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement waits for another writer, in seconds.
const BUSY_TIMEOUT_S: u64 = 10;
/// Connections that read at the same time.
const READERS: u32 = 4;

/// A handle on the store; clones share its connections.
///
/// SQLite has one writer at a time, so each way of writing has one connection: callers queue in memory for it.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    readers: SqlitePool,
    durable: SqlitePool,
    quick: SqlitePool,
    behind: SqlitePool,
}

impl Store {
    /// Opens the store at `url` (`sqlite:PATH`), makes it when there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// When the address is not understood, the file cannot be opened or its schema is newer than this program.
    pub async fn open(url: &str) -> Result<Self, OpenStoreError> {
        let store = Self::open_as_it_is(url).await?;
        let failed = |e: sqlx::migrate::MigrateError| OpenStoreError::Migration {
            path: store.path().to_owned(),
            reason: e.to_string(),
        };
        MIGRATIONS.run(&store.durable).await.map_err(failed)?;
        Ok(store)
    }

    /// Opens the store and leaves its schema alone.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_as_it_is(url: &str) -> Result<Self, OpenStoreError> {
        let bad = |reason: String| OpenStoreError::BadUrl { url: url.to_owned(), reason };
        if !url.starts_with("sqlite:") {
            return Err(bad("only sqlite:PATH is known".to_owned()));
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|e| bad(e.to_string()))?;
        let path: PathBuf = options.get_filename().to_owned();
        let failed = |e: sqlx::Error| OpenStoreError::Failed { path: path.clone(), reason: e.to_string() };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| failed(sqlx::Error::Io(e)))?;
        }
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(BUSY_TIMEOUT_S));
        let (full, normal) = (SqliteSynchronous::Full, SqliteSynchronous::Normal);
        Ok(Self {
            durable: pool(1).connect_with(options.clone().synchronous(full)).await.map_err(failed)?,
            quick: pool(1).connect_with(options.clone().synchronous(normal)).await.map_err(failed)?,
            behind: pool(1).connect_with(options.clone().synchronous(normal)).await.map_err(failed)?,
            readers: pool(READERS).connect_with(options.read_only(true)).await.map_err(failed)?,
            path: path.clone(),
        })
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Asks the store for an answer, for the readiness page.
    ///
    /// # Errors
    /// When it has none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Writes out what is under way and closes every connection.
    pub async fn close(&self) {
        for pool in [&self.readers, &self.quick, &self.behind, &self.durable] {
            pool.close().await;
        }
    }

    /// For reading.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// For what an organiser was told is done: it survives a loss of power.
    pub(crate) fn durable(&self) -> &SqlitePool {
        &self.durable
    }

    /// For what thousands do at once and can do again (joining, refreshing): it survives the end of the process, and
    /// a loss of power may cost the last moments.
    pub(crate) fn quick(&self) -> &SqlitePool {
        &self.quick
    }

    /// For the projector: what it loses the journal still has.
    pub(crate) fn behind(&self) -> &SqlitePool {
        &self.behind
    }
}

/// Begins a transaction that writes. It takes the lock at once: one that read first could not wait for it later.
pub(crate) async fn begin(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>, StoreError> {
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(BUSY_TIMEOUT_S))
        .idle_timeout(None)
        .max_lifetime(None)
}
