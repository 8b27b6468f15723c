//! The stable codes of the hub's own refusals. A room's refusals are `<kind>.<reason>` and belong to its kind.

/// The frame cannot be understood.
pub const BAD_FRAME: &str = "hub.bad_frame";
/// No such op.
pub const UNKNOWN_OP: &str = "hub.unknown_op";
/// The command needs its sender to have joined the room (or to have said hello).
pub const NOT_JOINED: &str = "hub.not_joined";
/// The sender may not do this.
pub const FORBIDDEN: &str = "hub.forbidden";
/// No such room, or none that the sender may know of.
pub const NOT_FOUND: &str = "hub.not_found";
/// Too many commands; `retry_ms` says when the next is welcome.
pub const RATE_LIMITED: &str = "hub.rate_limited";
/// A bounded queue is full, or the journal is; try again after `retry_ms`.
pub const BUSY: &str = "hub.busy";
/// The frame is longer, or carries more objects, than allowed.
pub const TOO_LARGE: &str = "hub.too_large";
/// The token has ended.
pub const TOKEN_EXPIRED: &str = "hub.token_expired";
/// The room has another owner now; send the command again.
pub const MOVED: &str = "hub.moved";
/// A fault of ours; the command was not done.
pub const INTERNAL: &str = "hub.internal";

/// Every code of the hub.
pub const ALL: [&str; 11] = [
    BAD_FRAME,
    UNKNOWN_OP,
    NOT_JOINED,
    FORBIDDEN,
    NOT_FOUND,
    RATE_LIMITED,
    BUSY,
    TOO_LARGE,
    TOKEN_EXPIRED,
    MOVED,
    INTERNAL,
];

/// Whether a command refused with `code` is worth sending again unchanged (after `retry_ms`, with the same key).
pub fn is_passing(code: &str) -> bool {
    [RATE_LIMITED, BUSY, MOVED].contains(&code)
}
