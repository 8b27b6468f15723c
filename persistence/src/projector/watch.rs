//! Who wants to hear of what was written.

use std::time::Duration;

use plenum_domain::Id;

/// Hears when the records of actions are in the store.
pub trait Watch: Send + Sync {
    /// Whether it wants to hear of the action with this key. Asked for each record that is read: cheap.
    fn wants(&self, key: Id) -> bool;

    /// The records of these actions are in the store; reading, folding and writing their batch took so long.
    fn written(&self, keys: &[Id], took: Duration);
}
