//! File descriptors: every socket needs one, and so do the journal and the store. Sockets leave a reserve to them and to
//! those who come to look; what runs out is said once, with what to do.

use std::io;
use std::os::fd::{AsFd, AsRawFd as _};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that sockets leave to requests and to the hub's own files; no more than this part of all: 1/8.
const RESERVE: u64 = 256;
const RESERVE_SHARE_INVERSE: u64 = 8;
/// What an operator does about it.
const WHAT_TO_DO: &str =
    "raise the hard limit (LimitNOFILE= of the service, or ulimit -Hn before the start), or add a node";

/// How many files the process may have open, and whether they ran out.
#[derive(Debug)]
pub struct Files {
    limit: u64,
    has_run_out: AtomicBool,
}

impl Files {
    /// Raises the soft limit to the hard one.
    ///
    /// # Errors
    /// The system refuses.
    pub fn raise() -> io::Result<Self> {
        let hard = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: hard, maximum: hard })?;
        Ok(Self::with_limit(hard.unwrap_or(u64::MAX)))
    }

    /// With a limit that somebody else has set.
    pub const fn with_limit(limit: u64) -> Self {
        Self { limit, has_run_out: AtomicBool::new(false) }
    }

    /// How many files may be open.
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// How many are open; none where `/proc` does not say.
    pub fn open() -> Option<u64> {
        std::fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64)
    }

    fn for_sockets(&self) -> u64 {
        self.limit - RESERVE.min(self.limit / RESERVE_SHARE_INVERSE)
    }

    /// Whether a connection may become a socket. The system gives the lowest free number, so a high one says that the
    /// numbers below it are taken.
    pub(super) fn admit(&self, connection: &impl AsFd) -> bool {
        let is_admitted = (connection.as_fd().as_raw_fd() as u64) < self.for_sockets();
        if !is_admitted {
            self.run_out("a socket was refused");
        } else if self.has_run_out.load(Ordering::Relaxed) {
            self.has_run_out.store(false, Ordering::Relaxed);
            tracing::info!("there are file descriptors again; sockets are accepted");
        }
        is_admitted
    }

    /// A connection could not be accepted.
    pub(super) fn not_accepted(&self, error: &io::Error) {
        let none_left =
            [rustix::io::Errno::MFILE, rustix::io::Errno::NFILE].map(rustix::io::Errno::raw_os_error);
        if error.raw_os_error().is_some_and(|code| none_left.contains(&code)) {
            return self.run_out("a connection was not accepted");
        }
        metrics::counter!("plenum_accept_failures_total").increment(1);
        tracing::warn!(%error, "a connection was not accepted; those that are open go on");
    }

    fn run_out(&self, what: &str) {
        metrics::counter!("plenum_sockets_refused_total", "reason" => "files").increment(1);
        if !self.has_run_out.swap(true, Ordering::Relaxed) {
            let limit = self.limit;
            tracing::error!(
                "no file descriptors left of {limit}: {what}; sockets that are open go on; {WHAT_TO_DO}"
            );
        }
    }

    /// Why sockets are refused at the moment, in words; none when they are not.
    pub fn shortage(&self) -> Option<String> {
        if !self.has_run_out.load(Ordering::Relaxed) {
            return None;
        }
        let open = Self::open().unwrap_or(self.limit);
        (open >= self.for_sockets()).then(|| {
            format!(
                "{open} of {} file descriptors are open, so sockets are refused; {WHAT_TO_DO}",
                self.limit
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_leave_a_reserve_and_a_shortage_ends_with_its_cause() {
        let open = Files::open().unwrap();
        let file = std::fs::File::open("/proc/self/stat").unwrap();
        let short = Files::with_limit(1);
        assert!(!short.admit(&file));
        assert!(short.shortage().unwrap().contains("LimitNOFILE"));
        let wide = Files::with_limit(open + 10_000);
        wide.not_accepted(&rustix::io::Errno::MFILE.into());
        assert_eq!(wide.shortage(), None, "files were closed in the meantime");
        assert!(wide.admit(&file));
        assert_eq!((wide.for_sockets(), Files::with_limit(80).for_sockets()), (open + 9_744, 70));
    }
}
