//! How long a lease is good for, and for whom.

use std::time::Duration;

/// The owner renews its leases this often.
pub const RENEW_EVERY: Duration = Duration::from_secs(1);
/// How long the owner believes in a lease, counted from before the last granted renewal was sent.
pub const TRUSTED_FOR: Duration = Duration::from_secs(2);
/// How long the storage keeps a lease that nobody renews, counted from when the last renewal arrived there.
pub const EXPIRES_AFTER: Duration = Duration::from_secs(3);
/// How long an owner waits for the storage to answer before it takes the answer for lost.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(900);

// One renewal may be lost without harm, and an owner has stopped for at least a second before another one can begin.
const _: () = assert!(ANSWER_WITHIN.as_millis() < RENEW_EVERY.as_millis());
const _: () = assert!(RENEW_EVERY.as_millis() + ANSWER_WITHIN.as_millis() < TRUSTED_FOR.as_millis());
const _: () = assert!(TRUSTED_FOR.as_millis() + RENEW_EVERY.as_millis() <= EXPIRES_AFTER.as_millis());
