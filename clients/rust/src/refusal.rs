//! A no, from the hub or from this client.

/// The stable codes that the client itself refuses with; the hub's are in [`plenum_protocol::code`].
pub mod code {
    /// Not connected, and the command is not one that waits.
    pub const OFFLINE: &str = "client.offline";
    /// As many actions wait as may.
    pub const OUTBOX_FULL: &str = "client.outbox_full";
    /// The outbox could not keep the action, so it was not sent.
    pub const NOT_KEPT: &str = "client.not_kept";
    /// The client was closed, or stopped for good, before the answer came.
    pub const CLOSED: &str = "client.closed";
    /// The data has no form on the wire.
    pub const BAD_DATA: &str = "client.bad_data";
}

/// A command or join that was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// Stable.
    pub code: String,
    /// For people who write clients.
    pub message: String,
    /// When it is worth trying again, in milliseconds; `None` for never.
    pub retry_ms: Option<u64>,
}

impl Refusal {
    /// A refusal that trying again does not change.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), retry_ms: None }
    }
}
