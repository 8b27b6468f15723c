//! The commands of one socket that have no answer yet.

use std::collections::BTreeMap;

use super::queue::Ticket;

/// What a command was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Hello { sent_ms: i64 },
    Ping { sent_ms: i64 },
    Renew,
    Join { room: String },
    Leave,
    Act(Ticket),
    Signal(Ticket),
}

/// By their number.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    last: u64,
    open: BTreeMap<u64, Call>,
}

impl Calls {
    /// The number for a new call.
    pub(crate) fn begin(&mut self, call: Call) -> u64 {
        self.last += 1;
        self.open.insert(self.last, call);
        self.last
    }

    /// The call that an answer is for; `None` for an answer that nobody waits for.
    pub(crate) fn end(&mut self, id: u64) -> Option<Call> {
        self.open.remove(&id)
    }

    /// All of them, when their socket is gone.
    pub(crate) fn lose(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.open).into_values().collect()
    }
}
