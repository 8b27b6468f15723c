//! Keeping a copy of a journal, and beginning again from one.

use std::path::Path;

use super::SqliteJournal;
use super::schema;
use crate::journal::OpenError;

impl SqliteJournal {
    /// Writes a copy of the journal at `path`, as it is at one moment, into the new file `to`. A hub may run on it.
    ///
    /// # Errors
    /// When there is no journal, or the copy exists or cannot be written.
    pub fn back_up(path: &Path, to: &Path) -> Result<(), OpenError> {
        let failed = |e: rusqlite::Error| OpenError::Failed { path: path.to_owned(), reason: e.to_string() };
        let reader = schema::open_reader(path).map_err(failed)?;
        reader.execute("VACUUM INTO $1", [to.to_string_lossy()]).map_err(failed)?;
        Ok(())
    }

    /// Puts a copy into the place of a journal that is not there, with another epoch: what came after the copy was
    /// made is lost, and clients have to forget it.
    ///
    /// # Errors
    /// When there is a journal already, or the copy is none that this program knows.
    pub fn restore(from: &Path, path: &Path, new_epoch: u64) -> Result<(), OpenError> {
        let failed = |reason: String| OpenError::Failed { path: path.to_owned(), reason };
        if path.exists() {
            return Err(failed("there is a journal already; move it away first".to_owned()));
        }
        std::fs::copy(from, path).map_err(|e| failed(format!("copying {}: {e}", from.display())))?;
        Self::renew_epoch(path, new_epoch)
    }
}
