//! One process writes a journal.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::journal::OpenError;

/// Held as long as the journal is open; the system drops it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the journal at `path`, in a file beside it.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let not_writable =
            |e: std::io::Error| OpenError::NotWritable { path: path.to_owned(), reason: e.to_string() };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(beside(path, ".lock"))
            .map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(e)) => Err(not_writable(e)),
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
