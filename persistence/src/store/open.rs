//! Opening the store, on either database.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};

use super::connection::{Connection, Reach};
use super::postgres::{self, Postgres};
use super::query::query;
use super::sqlite::{self, Sqlite};
use super::{OpenStoreError, StoreError, Urgency};

const PING: &str = "SELECT 1";

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Brings the schema up to date. Otherwise it has to be.
    pub migrate: bool,
    /// Connections to PostgreSQL at most. SQLite has as many as it can use.
    pub connections: u32,
    /// How long a statement waits for a connection, and a connection for the server.
    pub wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { migrate: true, connections: 10, wait: Duration::from_secs(10) }
    }
}

/// A handle on the store; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    urgency: Urgency,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the store at `url`: `sqlite:PATH`, which is made when there is none, or `postgres://…`, which has to be
    /// there.
    ///
    /// # Errors
    /// When the address is not understood, the database cannot be opened, or its schema is not this program's.
    pub async fn open(url: &str, settings: &Settings) -> Result<Self, OpenStoreError> {
        let urgency = Urgency::default();
        let store = Self { pools: Self::connect(url, settings, &urgency).await?, urgency };
        if settings.migrate {
            store.write_missing_words().await.map_err(|error| store.unreadable(&error))?;
        }
        Ok(store)
    }

    async fn connect(url: &str, settings: &Settings, urgency: &Urgency) -> Result<Pools, OpenStoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Pools::Sqlite(sqlite::open(url, settings, urgency).await?)),
            Some("postgres" | "postgresql") => Ok(Pools::Postgres(postgres::open(url, settings).await?)),
            _ => {
                let reason = "use sqlite:PATH or postgres://USER@HOST/DATABASE".to_owned();
                Err(OpenStoreError::BadUrl { reason })
            }
        }
    }

    fn unreadable(&self, error: &StoreError) -> OpenStoreError {
        let reason = format!("the words of names cannot be written: {error}");
        OpenStoreError::Schema { place: self.place(), reason }
    }

    /// Where the store is, without secrets.
    pub fn place(&self) -> String {
        match &self.pools {
            Pools::Sqlite(sqlite) => sqlite.path.display().to_string(),
            Pools::Postgres(postgres) => postgres.place.clone(),
        }
    }

    /// Asks the store for an answer, for the readiness page.
    ///
    /// # Errors
    /// When it has none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        query(PING).execute(self.readers(Reach::Everyone)).await.map(|_| ())
    }

    /// Writes out what is under way and closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite(sqlite) => sqlite.close().await,
            Pools::Postgres(postgres) => postgres.close().await,
        }
    }

    /// Says when somebody waits for what is written behind. Threads that may keep a core busy for long leave it for a
    /// moment then.
    pub const fn urgency(&self) -> &Urgency {
        &self.urgency
    }

    /// For reading.
    pub(crate) fn readers(&self, reach: impl Into<Reach>) -> Connection<'_> {
        match &self.pools {
            Pools::Sqlite(sqlite) => Connection::Sqlite(&sqlite.readers),
            Pools::Postgres(postgres) => postgres.reading(reach.into()),
        }
    }

    /// For what an organiser was told is done: it survives a loss of power.
    pub(crate) fn durable(&self, reach: impl Into<Reach>) -> Connection<'_> {
        match &self.pools {
            Pools::Sqlite(sqlite) => Connection::SqliteWriting(&sqlite.durable, &self.urgency),
            Pools::Postgres(postgres) => postgres.writing(reach.into()),
        }
    }

    /// For what thousands do at once and can do again (joining, refreshing): it survives the end of the process. On
    /// SQLite a loss of power may cost the last moments; PostgreSQL commits many at once and needs no such bargain.
    pub(crate) fn quick(&self, reach: impl Into<Reach>) -> Connection<'_> {
        match &self.pools {
            Pools::Sqlite(sqlite) => Connection::SqliteWriting(&sqlite.quick, &self.urgency),
            Pools::Postgres(postgres) => postgres.writing(reach.into()),
        }
    }

    /// For the projector, which must not wait for people nor let them wait.
    pub(crate) fn behind(&self, reach: impl Into<Reach>) -> Connection<'_> {
        match &self.pools {
            Pools::Sqlite(sqlite) => Connection::Sqlite(&sqlite.behind),
            Pools::Postgres(postgres) => postgres.writing_behind(reach.into()),
        }
    }
}

/// What is wrong with a schema, in words.
pub(super) fn migration_failure(place: &str, error: &MigrateError) -> OpenStoreError {
    let reason = match error {
        MigrateError::VersionMissing(version) => {
            format!("its schema is newer than this program (it has migration {version})")
        }
        other => format!("its schema cannot be brought up to date: {other}"),
    };
    OpenStoreError::Schema { place: place.to_owned(), reason }
}

/// Whether a schema that has these migrations is the one that this program was written for.
pub(super) fn check_schema(
    migrations: &Migrator,
    place: &str,
    applied: &[i64],
) -> Result<(), OpenStoreError> {
    let ours: Vec<i64> = migrations.iter().map(|migration| migration.version).collect();
    if let Some(unknown) = applied.iter().find(|version| !ours.contains(version)) {
        return Err(migration_failure(place, &MigrateError::VersionMissing(*unknown)));
    }
    let absent = ours.iter().filter(|version| !applied.contains(version)).count();
    if absent == 0 {
        return Ok(());
    }
    let reason = format!("its schema lacks {absent} of {} migrations; run `plenum migrate`", ours.len());
    Err(OpenStoreError::Schema { place: place.to_owned(), reason })
}
