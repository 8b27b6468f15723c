//! The store on PostgreSQL: its connections, and whose rows each transaction may see.

mod fault;
mod gate;

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _, PgConnection, PgPool};

pub(super) use self::gate::{Gate, Transaction, answered};
use super::OpenStoreError;
use super::connection::{Connection, Reach};
use super::open::{Settings, check_schema, migration_failure};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections of the projector and of sweeping.
const BEHIND: u32 = 2;
/// The oldest server that we know to work, as `server_version_num` counts.
const VERSION_MIN: i32 = 150_000;
/// What the server says of us, in its list of connections.
const APPLICATION: &str = "plenum";

const APPLIED: &str = "SELECT version FROM _sqlx_migrations";
const VERSION: &str = "SELECT current_setting('server_version_num')::INT, current_setting('server_version')";
const IS_ABOVE_POLICIES: &str = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";

/// The connections to a server.
#[derive(Clone, Debug)]
pub(super) struct Postgres {
    /// `HOST:PORT/DATABASE`.
    pub(super) place: String,
    pool: PgPool,
    behind: PgPool,
}

/// Opens the database at `postgres://…`.
pub(super) async fn open(url: &str, settings: &Settings) -> Result<Postgres, OpenStoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| OpenStoreError::BadUrl { reason: error.to_string() })?
        .application_name(APPLICATION)
        .disable_statement_logging();
    let place = place(&options);
    prepare(&options, &place, settings).await?;
    let pool = |connections: u32| {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(settings.wait)
            .after_release(|connection, _| Box::pin(still_answers(connection)))
            .connect_lazy_with(options.clone())
    };
    Ok(Postgres { pool: pool(settings.connections.max(1)), behind: pool(BEHIND), place })
}

/// Asks, with one connection, all that can be wrong with the server or the schema.
async fn prepare(options: &PgConnectOptions, place: &str, settings: &Settings) -> Result<(), OpenStoreError> {
    let failed = |error| fault::when_opening(place, options, &error);
    // Migrations may touch rows of everyone.
    let options_of_migrations = options.clone().options([("plenum.tenant", "*")]);
    let connect = PgConnection::connect_with(&options_of_migrations);
    let Ok(connected) = tokio::time::timeout(settings.wait, connect).await else {
        let reason = format!("the server does not answer within {} s", settings.wait.as_secs());
        return Err(OpenStoreError::Failed { place: place.to_owned(), reason });
    };
    let mut connection = connected.map_err(failed)?;
    check_server(&mut connection, place).await?;
    if settings.migrate {
        MIGRATIONS.run(&mut connection).await.map_err(|error| migration_failure(place, &error))?;
    } else {
        // A database without that table has no schema at all.
        let applied = sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await.unwrap_or_default();
        check_schema(&MIGRATIONS, place, &applied)?;
    }
    connection.close().await.map_err(failed)
}

async fn check_server(connection: &mut PgConnection, place: &str) -> Result<(), OpenStoreError> {
    let failed =
        |error: sqlx::Error| OpenStoreError::Failed { place: place.to_owned(), reason: error.to_string() };
    let (version, name): (i32, String) =
        sqlx::query_as(VERSION).fetch_one(&mut *connection).await.map_err(failed)?;
    if version < VERSION_MIN {
        let reason = format!("this is PostgreSQL {name}; 15 or newer is needed");
        return Err(OpenStoreError::Failed { place: place.to_owned(), reason });
    }
    let above: bool = sqlx::query_scalar(IS_ABOVE_POLICIES).fetch_one(connection).await.map_err(failed)?;
    if above {
        tracing::warn!(
            %place,
            "the store's role is a superuser or bypasses row-level security: tenants are kept apart by our statements alone"
        );
    }
    Ok(())
}

impl Postgres {
    pub(super) fn reading(&self, reach: Reach) -> Connection<'_> {
        Connection::Postgres(Gate { pool: &self.pool, reach, writes: false })
    }

    pub(super) fn writing(&self, reach: Reach) -> Connection<'_> {
        Connection::Postgres(Gate { pool: &self.pool, reach, writes: true })
    }

    pub(super) fn writing_behind(&self, reach: Reach) -> Connection<'_> {
        Connection::Postgres(Gate { pool: &self.behind, reach, writes: true })
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
        self.behind.close().await;
    }
}

/// The server and the database, without who we are there.
fn place(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    format!("postgres://{}:{}/{database}", options.get_host(), options.get_port())
}

/// How long a connection that is given back may take to say that it is well.
const RELEASE_MAX: Duration = Duration::from_secs(5);

/// A connection whose server was stopped or is behind a cut line is thrown away, so that its place in the pool is
/// free again.
async fn still_answers(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match tokio::time::timeout(RELEASE_MAX, connection.ping()).await {
        Ok(answer) => answer.map(|()| true),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}
