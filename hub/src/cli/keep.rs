//! Moving the store to another database, keeping a copy of all that there is, and beginning again from one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use plenum_persistence::journal::SqliteJournal;
use plenum_persistence::store::{Copied, OpenStoreError, Settings, Store};

use super::Failure;
use crate::clock::Clock;
use crate::config::Config;

/// The files of a backup.
const STORE: &str = "store.db";
const JOURNAL: &str = "journal.db";

#[derive(Debug, Args)]
pub(super) struct CopyArguments {
    /// The store to copy; that of the configuration when it is not given.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The store to copy into. It has to be empty.
    #[arg(long, value_name = "URL")]
    to: String,
}

#[derive(Debug, Args)]
pub(super) struct FolderArguments {
    /// The folder of the backup.
    folder: PathBuf,
}

/// Copies a store into an empty one: all or nothing.
pub(super) async fn copy(config: &Config, arguments: CopyArguments) -> Result<(), Failure> {
    let from = open(config, arguments.from.as_ref().unwrap_or(&config.store.url), false).await?;
    let to = open(config, &arguments.to, true).await?;
    report(&from, &to, &from.copy_to(&to).await?);
    from.close().await;
    to.close().await;
    Ok(())
}

/// Writes the journal and the store into a new folder. The hub may go on.
pub(super) async fn back_up(config: &Config, arguments: FolderArguments) -> Result<(), Failure> {
    not_in_redis(config)?;
    let folder = arguments.folder;
    std::fs::create_dir(&folder).map_err(|e| Failure(format!("{}: {e}", folder.display())))?;
    // The journal first: what the store is ahead of it is the same after it was written again.
    SqliteJournal::back_up(&config.journal.path, &folder.join(JOURNAL))?;
    let from = open(config, &config.store.url, false).await?;
    let to = open(config, &sqlite(&folder.join(STORE)), true).await?;
    report(&from, &to, &from.copy_to(&to).await?);
    from.close().await;
    to.close().await;
    Ok(())
}

/// Fills an empty store and a journal that is not there from a backup. The journal gets another epoch, so that
/// clients forget what came after the backup.
pub(super) async fn restore(config: &Config, arguments: FolderArguments) -> Result<(), Failure> {
    not_in_redis(config)?;
    let (folder, journal) = (arguments.folder, &config.journal.path);
    if !folder.join(STORE).exists() || !folder.join(JOURNAL).exists() {
        return Err(Failure(format!(
            "{}: is no backup: {STORE} and {JOURNAL} are its files",
            folder.display()
        )));
    }
    if journal.exists() {
        return Err(Failure(format!(
            "{}: there is a journal already; move it away first",
            journal.display()
        )));
    }
    let from = open(config, &sqlite(&folder.join(STORE)), true).await?;
    let to = open(config, &config.store.url, true).await?;
    let copied = from.copy_to(&to).await?;
    if let Some(place) = journal.parent() {
        std::fs::create_dir_all(place)?;
    }
    SqliteJournal::restore(&folder.join(JOURNAL), journal, u64::from_be_bytes(Clock::new().secret()))?;
    report(&from, &to, &copied);
    from.close().await;
    to.close().await;
    Ok(())
}

/// A backup holds the journal of one hub. Where Redis has the journals, a file of it would be an old one, or none.
fn not_in_redis(config: &Config) -> Result<(), Failure> {
    match &config.redis.url {
        None => Ok(()),
        Some(_) => Err(Failure(
            "redis.url is set, so the journals are in Redis and not in a file of this hub: copy Redis' append-only file, and \
             the database with its own tools, the file after the database"
                .to_owned(),
        )),
    }
}

async fn open(config: &Config, url: &str, migrate: bool) -> Result<Store, OpenStoreError> {
    let wait = Duration::from_millis(config.store.wait_ms);
    Store::open(url, &Settings { migrate, connections: config.store.connections, wait }).await
}

fn sqlite(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn report(from: &Store, to: &Store, copied: &[Copied]) {
    for Copied { table, rows } in copied.iter().filter(|copied| copied.rows > 0) {
        println!("{table}: {rows}");
    }
    let rows: u64 = copied.iter().map(|copied| copied.rows).sum();
    println!("{rows} rows of {} are in {}", from.place(), to.place());
}
