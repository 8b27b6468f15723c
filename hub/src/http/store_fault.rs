//! What the store could not do, as a fault.

use axum::http::StatusCode;
use plenum_persistence::store::{StoreError, UnknownSort};

use super::fault::Fault;

/// When a full disk may have room again, in milliseconds.
const NO_SPACE_RETRY_MS: u64 = 5_000;
/// When a database server that does not answer may do so again, in milliseconds.
const AWAY_RETRY_MS: u64 = 2_000;

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(what) => {
                Self::conflict("TAKEN", format!("{what} is taken")).with("field", what)
            }
            StoreError::Dangling => Self::not_found("thing to belong to"),
            StoreError::Busy => Self::busy("the store is busy; try again", 500),
            StoreError::Away(why) => {
                tracing::warn!(%why, "the store cannot be reached");
                Self::busy("the store cannot be reached; try again", AWAY_RETRY_MS)
            }
            StoreError::NoSpace(why) => {
                tracing::error!(%why, "the store has no room");
                let words = "the hub's disk is full";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "STORE_FULL", words).retry_after(NO_SPACE_RETRY_MS)
            }
            StoreError::Failed(error) => {
                tracing::error!(%error, "the store failed");
                Self::internal()
            }
        }
    }
}

impl From<UnknownSort> for Fault {
    fn from(error: UnknownSort) -> Self {
        Self::field("sort", error.to_string())
    }
}
