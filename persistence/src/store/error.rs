//! What can go wrong with the store. "There is no such row" is not an error: it is `Ok(None)`.

/// Why a statement did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row has this value already.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// The row refers to one that does not exist.
    #[error("what this belongs to does not exist")]
    Dangling,
    /// The disk has no room or cannot be written.
    #[error("the store has no room: {0}")]
    NoSpace(String),
    /// Others held the store's locks or connections for too long; worth another try.
    #[error("the store is busy")]
    Busy,
    /// The database server does not answer, or is starting or stopping; worth another try.
    #[error("the store cannot be reached: {0}")]
    Away(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(#[source] sqlx::Error),
}

/// SQLite's primary result codes that have a meaning of their own here (<https://sqlite.org/rescode.html>).
const BUSY: i64 = 5;
const LOCKED: i64 = 6;
const IO_ERROR: i64 = 10;
const FULL: i64 = 13;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(io) => return Self::Away(io.to_string()),
            sqlx::Error::PoolClosed => return Self::Away("it is closed".to_owned()),
            _ => {}
        }
        let Some(database) = error.as_database_error() else { return Self::Failed(error) };
        if database.is_unique_violation() {
            return Self::Taken("a value that must be unique");
        }
        if database.is_foreign_key_violation() {
            return Self::Dangling;
        }
        let (code, message) = (database.code().unwrap_or_default(), database.message().to_owned());
        let known = match database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            Some(_) => of_postgres(&code, message),
            None => of_sqlite(&code, message),
        };
        known.unwrap_or(Self::Failed(error))
    }
}

fn of_sqlite(code: &str, message: String) -> Option<StoreError> {
    match code.parse::<i64>().ok()? & 0xFF {
        BUSY | LOCKED => Some(StoreError::Busy),
        FULL | IO_ERROR => Some(StoreError::NoSpace(message)),
        _ => None,
    }
}

/// SQLSTATE codes by class (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn of_postgres(code: &str, message: String) -> Option<StoreError> {
    match code {
        // disk_full
        "53100" => Some(StoreError::NoSpace(message)),
        // serialization_failure, deadlock_detected, lock_not_available, query_canceled
        "40001" | "40P01" | "55P03" | "57014" => Some(StoreError::Busy),
        // connection exceptions, other lacks of resources, shutting down or starting up
        _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => {
            Some(StoreError::Away(message))
        }
        _ => None,
    }
}

impl StoreError {
    /// The same, with the name of the value that must be unique.
    pub(crate) fn named(self, what: &'static str) -> Self {
        match self {
            Self::Taken(_) => Self::Taken(what),
            other => other,
        }
    }

    /// Gives the value that must be unique its name.
    pub(crate) fn taken(what: &'static str) -> impl FnOnce(Self) -> Self {
        move |error| match error {
            Self::Taken(_) => Self::Taken(what),
            other => other,
        }
    }
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenStoreError {
    /// The address is none that this program knows. It is not repeated: it may hold a password.
    #[error("store.url: {reason}")]
    BadUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// The database cannot be opened.
    #[error("store.url: {place}: {reason}")]
    Failed {
        /// The store's file or server.
        place: String,
        /// What the database said.
        reason: String,
    },
    /// The schema is not the one that this program was written for.
    #[error("store.url: {place}: {reason}")]
    Schema {
        /// The store's file or server.
        place: String,
        /// What is different.
        reason: String,
    },
}
