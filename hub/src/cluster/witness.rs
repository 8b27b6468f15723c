//! What another storage has seen of a conference's journal: if Redis comes back with less, acknowledged actions are gone.

use std::sync::Arc;
use std::time::Duration;

use plenum_domain::Id;
pub use plenum_persistence::store::Seen;
use plenum_persistence::store::{Store, StoreError};
use plenum_rooms::{RoomRef, Scope};

use super::fence::Atlas;
use super::lease::{Pending, Unreachable};

/// How long a take-over waits for the store: it goes on without it, so that it may be away.
const PATIENCE: Duration = Duration::from_millis(500);

/// Somebody who remembers how far a conference's journal had come.
pub trait Witness: Send + Sync {
    /// What was seen of a conference; none when nothing was, or when there is no answer.
    fn seen(&self, conference: Id) -> Pending<'_, Option<Seen>>;

    /// Where a room belongs; none when nothing was seen of it, or when there is no answer.
    fn place(&self, room: RoomRef) -> Pending<'_, Option<Scope>>;
}

impl Witness for Store {
    fn seen(&self, conference: Id) -> Pending<'_, Option<Seen>> {
        Box::pin(in_time("what it has seen of a conference", Self::seen(self, conference)))
    }

    fn place(&self, room: RoomRef) -> Pending<'_, Option<Scope>> {
        Box::pin(in_time("where a room belongs", self.place_of_room(room)))
    }
}

async fn in_time<T>(what: &str, answer: impl Future<Output = Result<Option<T>, StoreError>>) -> Option<T> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store was not asked {what}");
            None
        }
        Err(_) => {
            tracing::warn!("the store does not answer {what}");
            None
        }
    }
}

/// An atlas that asks the witness for rooms that it does not have. A room that only the witness knows is one whose
/// conference has lost its journal: it is there, and cannot be served.
pub struct Recalling {
    atlas: Arc<dyn Atlas>,
    witness: Arc<dyn Witness>,
}

impl Recalling {
    /// Both of them.
    pub const fn new(atlas: Arc<dyn Atlas>, witness: Arc<dyn Witness>) -> Self {
        Self { atlas, witness }
    }
}

impl Atlas for Recalling {
    fn enter(&self, rooms: Vec<(RoomRef, Scope)>) -> Pending<'_, Result<(), Unreachable>> {
        self.atlas.enter(rooms)
    }

    fn scope(&self, room: RoomRef) -> Pending<'_, Result<Option<Scope>, Unreachable>> {
        Box::pin(async move {
            match self.atlas.scope(room).await? {
                Some(scope) => Ok(Some(scope)),
                None => Ok(self.witness.place(room).await),
            }
        })
    }
}
