//! Importing a programme's file, or a list of attendees: the command line and the demo do it the same way.

pub mod attendees;

use std::path::Path;

use plenum_domain::Id;
use plenum_domain::conference::{ImportError, read_programme};
use plenum_persistence::store::{Import, Imported, NewConference, Store, StoreError};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::features::audit::{Subject, by_operator};
use crate::features::codes;

/// What came of an import.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the store did.
    pub imported: Imported,
    /// The conference's title.
    pub title: String,
    /// Sessions of the programme.
    pub sessions: usize,
    /// Titles of what the file holds but gives no time.
    pub unplaced: Vec<String>,
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The file is broken, at a line.
    #[error("{file}:{}: {}", .error.line, Located(.error))]
    Broken {
        /// The file as it was named.
        file: String,
        /// Where and why.
        error: ImportError,
    },
    /// The file is well-formed, but no conference can be made of it.
    #[error("{file}: the programme has no session, or no time zone that can be told")]
    Shapeless {
        /// The file as it was named.
        file: String,
    },
    /// The store cannot take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The error's place within its line, and its words: the line itself stands before it.
struct Located<'a>(&'a ImportError);

impl std::fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.0.path)?;
        }
        f.write_str(&self.0.message)
    }
}

/// Reads a programme and writes it into the store. The conference with the programme's name is brought up to date;
/// without one it is made, as a draft. With `dry_run` all of it is only told.
///
/// # Errors
/// The file's line at fault, or the store's trouble. Nothing was changed.
pub async fn import(
    store: &Store,
    clock: &Clock,
    tenant: Id,
    file: &str,
    bytes: &[u8],
    dry_run: bool,
) -> Result<Report, ImportFailure> {
    let read = read_programme(bytes);
    let mut programme = read.map_err(|error| ImportFailure::Broken { file: file.to_owned(), error })?;
    if programme.title.is_none() && programme.acronym.is_none() {
        // Some exports leave the name out: the file's own is better than none.
        programme.title = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    }
    let made = NewConference::of_programme(&programme, clock.id(), tenant, &codes::new(clock), clock.now());
    let conference = made.ok_or_else(|| ImportFailure::Shapeless { file: file.to_owned() })?;
    let title = conference.title.clone();
    let source_hash = Sha256::digest(bytes).into();
    let mut new_id = || clock.id();
    let import = Import { conference, programme: &programme, source_hash, new_id: &mut new_id };
    let mut edit = store.edit(tenant).await?;
    let imported = edit.import_programme(import).await?;
    if !dry_run {
        let details =
            json!({"sessions_added": imported.sessions_added, "sessions_updated": imported.sessions_updated});
        let subject = Subject("conference", imported.conference);
        edit.commit(&by_operator(clock, tenant, "programme.imported", subject, details)).await?;
    }
    let (sessions, unplaced) = (programme.sessions.len(), programme.unplaced.clone());
    Ok(Report { imported, title, sessions, unplaced })
}
