//! What can go wrong with the store. "There is no such row" is not an error: it is `Ok(None)`.

use std::path::PathBuf;

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
    /// Others held the store's lock for too long; worth another try.
    #[error("the store is busy")]
    Busy,
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
        let Some(database) = error.as_database_error() else { return Self::Failed(error) };
        if database.is_unique_violation() {
            return Self::Taken("a value that must be unique");
        }
        if database.is_foreign_key_violation() {
            return Self::Dangling;
        }
        let code = database.code().and_then(|code| code.parse::<i64>().ok());
        match code.map(|code| code & 0xFF) {
            Some(BUSY | LOCKED) => Self::Busy,
            Some(FULL | IO_ERROR) => Self::NoSpace(database.message().to_owned()),
            _ => Self::Failed(error),
        }
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
    pub(crate) fn taken(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| match Self::from(error) {
            Self::Taken(_) => Self::Taken(what),
            other => other,
        }
    }
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenStoreError {
    /// The address is none that this program knows.
    #[error("store.url {url:?}: {reason}")]
    BadUrl {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database cannot be opened.
    #[error("{}: {reason}", path.display())]
    Failed {
        /// The store's file.
        path: PathBuf,
        /// What the database said.
        reason: String,
    },
    /// The schema cannot be brought up to date, or is newer than this program.
    #[error("{}: migrating the store: {reason}", path.display())]
    Migration {
        /// The store's file.
        path: PathBuf,
        /// What the migration said.
        reason: String,
    },
}
