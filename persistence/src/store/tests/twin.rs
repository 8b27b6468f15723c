//! The two databases that every test of the store runs on.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::store::{Settings, Store};

/// Where the tests may make PostgreSQL databases, as a superuser.
const POSTGRES_URL: &str = "PLENUM_TEST_POSTGRES_URL";

/// A database to test on.
#[derive(Clone, Debug)]
pub(crate) enum Twin {
    Sqlite,
    /// With the superuser's address.
    Postgres(String),
}

/// Runs each test body once on each database. A body takes its twin.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::store::tests::Twin::Sqlite).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(twin) = crate::store::tests::Twin::postgres() {
                    super::$name(twin).await;
                }
            })+
        }
    };
}
pub(crate) use on_both;

/// A store that goes with its value.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) url: String,
    _place: Place,
}

enum Place {
    Folder { _goes: tempfile::TempDir },
    Database { _goes: Database },
}

impl Twin {
    /// PostgreSQL, when the tests were told of one. `cargo xtask servers` tells them.
    pub(crate) fn postgres() -> Option<Self> {
        let url = std::env::var(POSTGRES_URL).ok();
        if url.is_none() {
            eprintln!("{POSTGRES_URL} is not set: nothing is tested on PostgreSQL");
        }
        url.map(Self::Postgres)
    }

    /// An empty store on it.
    pub(crate) async fn empty(&self) -> Fixture {
        let (url, place) = self.vacant().await;
        let store = Store::open(&url, &Settings::default()).await.expect("a new database can be opened");
        Fixture { store, url, _place: place }
    }

    /// The address of a database without a schema.
    async fn vacant(&self) -> (String, Place) {
        match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().expect("temporary folders can be made");
                let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
                (url, Place::Folder { _goes: folder })
            }
            Self::Postgres(superuser) => {
                let database = Database::make(superuser).await;
                (database.url(), Place::Database { _goes: database })
            }
        }
    }
}

/// A PostgreSQL database whose owner has the same name, and no rights beside.
pub(crate) struct Database {
    superuser: String,
    name: String,
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl Database {
    pub(crate) async fn make(superuser: &str) -> Self {
        let name = format!("plenum_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let database = Self { superuser: superuser.to_owned(), name };
        let name = &database.name;
        database.as_superuser(&format!("CREATE ROLE {name} LOGIN PASSWORD '{name}'")).await;
        database.as_superuser(&format!("CREATE DATABASE {name} OWNER {name}")).await;
        database
    }

    /// The name, which is its owner's and its owner's password too.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its address, for its owner.
    pub(crate) fn url(&self) -> String {
        self.url_with(&self.name, &self.name)
    }

    /// The address of a database on the same server, for someone.
    pub(crate) fn url_with(&self, user: &str, database: &str) -> String {
        let server = self.superuser.rsplit('@').next().expect("the address names a server");
        let server = server.split('/').next().expect("the server stands before the database");
        format!("postgres://{user}:{}@{server}/{database}", self.name)
    }

    /// Cuts every connection and lets nobody in, as a server does that is stopped.
    pub(crate) async fn shut(&self) {
        let name = &self.name;
        self.as_superuser(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS FALSE")).await;
        let cut =
            format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
        self.as_superuser(&cut).await;
    }

    /// Lets people in again.
    pub(crate) async fn reopen(&self) {
        self.as_superuser(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS TRUE", self.name)).await;
    }

    async fn as_superuser(&self, statement: &str) {
        run(&self.superuser, statement).await;
    }
}

async fn run(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.expect("the test server answers");
    connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("the superuser may do it");
}

impl Drop for Database {
    /// Its connections may still be open: they are cut.
    fn drop(&mut self) {
        let (superuser, name) = (self.superuser.clone(), self.name.clone());
        let ending = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(async {
                run(&superuser, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
                run(&superuser, &format!("DROP ROLE {name}")).await;
            });
        });
        drop(ending.join());
    }
}
