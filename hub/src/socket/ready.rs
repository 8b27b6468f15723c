//! Which sockets have something to read or room to write: one list of the system for all sockets of a shard.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::time::Duration;

use mio::{Events, Poll, Registry};

/// So many sockets are asked for at once.
const EVENTS: usize = 1_024;

/// What the system says of one socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ready {
    /// The socket's place in the slab.
    pub(super) place: usize,
    pub(super) is_readable: bool,
    pub(super) is_writable: bool,
    /// The other side sends nothing more.
    pub(super) is_ended: bool,
}

/// The system's list.
pub(super) struct Readiness {
    poll: Poll,
    events: Events,
}

impl Readiness {
    /// # Errors
    /// The process has no file descriptor left for it.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { poll: Poll::new()?, events: Events::with_capacity(EVENTS) })
    }

    pub(super) fn registry(&self) -> &Registry {
        self.poll.registry()
    }

    /// A handle that is readable whenever the list is not empty.
    ///
    /// # Errors
    /// The process has no file descriptor left for it.
    pub(super) fn handle(&self) -> io::Result<OwnedFd> {
        self.poll.registry().as_fd().try_clone_to_owned()
    }

    /// Takes the list without waiting. Returns whether there may be more.
    pub(super) fn take(&mut self, ready: &mut Vec<Ready>) -> bool {
        if self.poll.poll(&mut self.events, Some(Duration::ZERO)).is_err() {
            // Only a signal interrupts it: the list is still there.
            return true;
        }
        ready.extend(self.events.iter().map(|event| Ready {
            place: event.token().0,
            is_readable: event.is_readable(),
            is_writable: event.is_writable(),
            is_ended: event.is_read_closed() || event.is_error(),
        }));
        ready.len() >= EVENTS
    }
}
