//! The store on SQLite: its connections, and who writes how durably.
//!
//! SQLite has one writer at a time, so each way of writing has one connection: callers queue in memory for it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::runtime::Builder;

use super::giving_way::Background;
use super::open::{Settings, check_schema, migration_failure};
use super::{OpenStoreError, Urgency};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement waits for another writer, in seconds.
const BUSY_TIMEOUT_S: u64 = 10;
/// What the thread of the connection that writes behind is called; the system keeps fifteen characters.
const BEHIND: &str = "plenum-behind";
/// After so many steps of SQLite's machine the connection that writes behind gives way: some tens of microseconds.
const STEPS: i32 = 500;
/// Connections that read at the same time.
const READERS: u32 = 4;
const APPLIED: &str = "SELECT version FROM _sqlx_migrations";

/// The connections to a file.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    pub(super) path: PathBuf,
    pub(super) readers: SqlitePool,
    pub(super) durable: SqlitePool,
    pub(super) quick: SqlitePool,
    pub(super) behind: SqlitePool,
}

/// Opens the file at `sqlite:PATH`, and makes it when there is none.
pub(super) async fn open(
    url: &str,
    settings: &Settings,
    urgency: &Urgency,
) -> Result<Sqlite, OpenStoreError> {
    let bad = |error: sqlx::Error| OpenStoreError::BadUrl { reason: error.to_string() };
    let options = SqliteConnectOptions::from_str(url).map_err(bad)?;
    let path = options.get_filename().to_owned();
    let place = path.display().to_string();
    let failed =
        |error: sqlx::Error| OpenStoreError::Failed { place: place.clone(), reason: error.to_string() };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(sqlx::Error::Io(error)))?;
    }
    let sqlite = Sqlite::connect(options, path, urgency).await.map_err(failed)?;
    if settings.migrate {
        let wrong = |error| migration_failure(&place, &error);
        MIGRATIONS.run(&sqlite.durable).await.map_err(wrong)?;
        return Ok(sqlite);
    }
    // A file without that table has no schema at all.
    let applied: Vec<i64> = sqlx::query_scalar(APPLIED).fetch_all(&sqlite.readers).await.unwrap_or_default();
    check_schema(&MIGRATIONS, &place, &applied)?;
    Ok(sqlite)
}

impl Sqlite {
    async fn connect(
        options: SqliteConnectOptions,
        path: PathBuf,
        urgency: &Urgency,
    ) -> Result<Self, sqlx::Error> {
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(BUSY_TIMEOUT_S));
        let (full, normal) = (SqliteSynchronous::Full, SqliteSynchronous::Normal);
        let behind =
            for_many_rows(options.clone()).synchronous(normal).thread_name(|id| format!("{BEHIND}-{id}"));
        let urgency = urgency.clone();
        let connect = || connected(behind, urgency);
        let connected = Background::start(BEHIND)?.run(connect).await;
        let behind = connected.ok_or(sqlx::Error::WorkerCrashed)??;
        Ok(Self {
            durable: pool(1).connect_with(options.clone().synchronous(full)).await?,
            quick: pool(1).connect_with(options.clone().synchronous(normal)).await?,
            behind,
            readers: pool(READERS).connect_with(options.read_only(true)).await?,
            path,
        })
    }

    pub(super) async fn close(&self) {
        for pool in [&self.readers, &self.quick, &self.behind, &self.durable] {
            pool.close().await;
        }
    }
}

/// For statements of a thousand rows: their pages stay in memory until they are committed, and what undoes a statement is
/// not written to a file of its own. The log is copied into the file as soon as SQLite likes: more at a time saves little,
/// and while 16 MB go to the disk at once, everyone's commit in the journal waits for 15 ms.
fn for_many_rows(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.pragma("cache_size", "-8192").pragma("temp_store", "memory")
}

/// A pool with one connection, whose thread is started by this one: it gives way when this one does. A runtime of several
/// threads would start it from any of them.
fn connected(options: SqliteConnectOptions, urgency: Urgency) -> Result<SqlitePool, sqlx::Error> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let giving_way = pool(1).after_connect(move |connection, _| {
        let urgency = urgency.clone();
        Box::pin(async move {
            let goes_on = move || {
                urgency.give_way();
                true
            };
            connection.lock_handle().await?.set_progress_handler(STEPS, goes_on);
            Ok(())
        })
    });
    runtime.block_on(giving_way.connect_with(options))
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(BUSY_TIMEOUT_S))
        .idle_timeout(None)
        .max_lifetime(None)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::{Settings, Store};

    /// How nice a thread is, is the 19th of its numbers (proc_pid_stat(5)).
    fn nice_of(name: &str) -> Vec<String> {
        let threads = fs::read_dir("/proc/self/task").expect("Linux says which threads there are").flatten();
        let stats = threads.filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok());
        let named = stats.filter(|stat| stat.contains(&format!("({name}")));
        named
            .filter_map(|stat| {
                // The name may have spaces, and is the second: the third follows its bracket.
                Some(stat.rsplit(')').next()?.split_whitespace().nth(19 - 3)?.to_owned())
            })
            .collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_writes_behind_gives_way() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let _store = Store::open(&url, &Settings::default()).await.expect("a new file opens");
        let nice = nice_of(BEHIND);
        assert!(!nice.is_empty());
        assert!(nice.iter().all(|nice| nice == "19"), "{nice:?}");
    }
}
