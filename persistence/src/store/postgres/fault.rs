//! Why a PostgreSQL cannot be opened, so that whoever starts the hub knows what to do.

use sqlx::postgres::PgConnectOptions;

use crate::store::OpenStoreError;

/// SQLSTATE codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const INVALID_PASSWORD: &str = "28P01";
const INVALID_AUTHORIZATION: &str = "28000";
const NO_DATABASE: &str = "3D000";
const TOO_MANY_CONNECTIONS: &str = "53300";
const STARTING_UP: &str = "57P03";

/// What a failed first connection means.
pub(super) fn when_opening(place: &str, options: &PgConnectOptions, error: &sqlx::Error) -> OpenStoreError {
    let user = options.get_username();
    let reason = match error {
        sqlx::Error::Io(io) => format!("no PostgreSQL answers there: {io}"),
        sqlx::Error::Tls(tls) => format!("no safe connection: {tls}"),
        sqlx::Error::Database(database) => match database.code().as_deref() {
            Some(INVALID_PASSWORD | INVALID_AUTHORIZATION) => {
                format!("the server does not let {user} in: {}", database.message())
            }
            Some(NO_DATABASE) => {
                let name = options.get_database().unwrap_or(user);
                format!("there is no database {name}; make it with: createdb --owner {user} {name}")
            }
            Some(TOO_MANY_CONNECTIONS) => "the server has no connection left".to_owned(),
            Some(STARTING_UP) => format!("the server is not ready: {}", database.message()),
            _ => database.message().to_owned(),
        },
        other => other.to_string(),
    };
    OpenStoreError::Failed { place: place.to_owned(), reason }
}
