//! What another storage has seen of a conference's journal: if Redis comes back with less, acknowledged actions are gone.

use std::time::Duration;

use plenum_domain::Id;
pub use plenum_persistence::store::Seen;
use plenum_persistence::store::Store;

use super::lease::Pending;

/// How long a take-over waits for the store: it goes on without it, so that it may be away.
const PATIENCE: Duration = Duration::from_millis(500);

/// Somebody who remembers how far a conference's journal had come.
pub trait Witness: Send + Sync {
    /// What was seen of a conference; none when nothing was, or when there is no answer.
    fn seen(&self, conference: Id) -> Pending<'_, Option<Seen>>;
}

impl Witness for Store {
    fn seen(&self, conference: Id) -> Pending<'_, Option<Seen>> {
        Box::pin(async move {
            match tokio::time::timeout(PATIENCE, Self::seen(self, conference)).await {
                Ok(Ok(seen)) => seen,
                Ok(Err(error)) => {
                    tracing::warn!(%conference, %error, "the store was not asked what it has seen of a conference");
                    None
                }
                Err(_) => {
                    tracing::warn!(%conference, "the store does not answer what it has seen of a conference");
                    None
                }
            }
        })
    }
}
