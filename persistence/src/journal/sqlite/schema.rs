//! Opening the file: what it is, whether we may write it, and its epoch.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use crate::journal::{OpenError, Settings};

/// "Plnm" in ASCII: tells our file from another program's database.
const APPLICATION_ID: i64 = 0x506C_6E6D;
/// The newest schema: version 1 is the first file, version 2 has the other as well.
const VERSION: i64 = 2;
const FIRST: &str = include_str!("schema.sql");
const SINCE_FIRST: &str = include_str!("pieces.sql");
/// Bytes of a page, fixed when the file is made; the size bound is counted in pages.
pub(super) const PAGE_BYTES: u64 = 4096;
/// How long a connection waits for another one's lock, in milliseconds; only a checkpoint ever holds one.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// The write-ahead file is cut back to this after a checkpoint.
const WAL_KEPT_BYTES: i64 = 64 << 20;

/// The writer's connection and what it found in the file.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) epoch: u64,
    pub(super) last_lsn: u64,
}

/// Opens the journal for its one writer, and makes it with `new_epoch` when there is none.
pub(super) fn open_writer(path: &Path, new_epoch: u64, settings: &Settings) -> Result<Opened, OpenError> {
    let explain = |e: rusqlite::Error| explain(path, &e);
    let mut connection = Connection::open(path).map_err(explain)?;
    prepare(&connection).map_err(explain)?;
    check_or_create(&mut connection, path, new_epoch)?;
    limit_pages(&connection, settings.size_bytes_max).map_err(explain)?;
    let (epoch, last_lsn) = connection
        .query_row(
            "SELECT epoch, max(trimmed_lsn, coalesce((SELECT max(lsn) FROM records), 0)) FROM meta",
            [],
            |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned())),
        )
        .map_err(explain)?;
    Ok(Opened { connection, epoch, last_lsn })
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    Ok(connection)
}

/// Bounds the file; SQLite answers "full" at the bound exactly as it does on a full disk.
pub(super) fn limit_pages(connection: &Connection, size_bytes_max: u64) -> rusqlite::Result<()> {
    let pages = match size_bytes_max {
        0 => i64::from(u32::MAX) - 1,
        bytes => i64::try_from(bytes / PAGE_BYTES).unwrap_or(i64::MAX).max(1),
    };
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.pragma_update(None, "page_size", PAGE_BYTES.cast_signed())?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.query_row(&format!("PRAGMA journal_size_limit = {WAL_KEPT_BYTES}"), [], |_| Ok(()))
}

fn check_or_create(connection: &mut Connection, path: &Path, new_epoch: u64) -> Result<(), OpenError> {
    let explain = |e: rusqlite::Error| explain(path, &e);
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let (id, version) =
        (pragma("application_id").map_err(explain)?, pragma("user_version").map_err(explain)?);
    let table: Option<String> = connection
        .query_row("SELECT name FROM sqlite_schema LIMIT 1", [], |row| row.get(0))
        .optional()
        .map_err(explain)?;
    match (id, version, table) {
        (0, 0, None) => create(connection, new_epoch).map_err(explain),
        (APPLICATION_ID, VERSION, _) => Ok(()),
        (APPLICATION_ID, 1, _) => grow(connection).map_err(explain),
        (APPLICATION_ID, found, _) => Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION }),
        (_, _, table) => Err(OpenError::NotAJournal {
            path: path.to_owned(),
            reason: format!("a database of another program (table {})", table.unwrap_or_default()),
        }),
    }
}

/// Brings a journal of version 1 up to date.
fn grow(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    complete(&transaction)?;
    transaction.commit()
}

fn create(connection: &mut Connection, epoch: u64) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(FIRST)?;
    transaction.execute("INSERT INTO meta (epoch) VALUES ($1)", [epoch.cast_signed()])?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    complete(&transaction)?;
    transaction.commit()
}

/// Adds to version 1 what came since.
fn complete(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(SINCE_FIRST)?;
    connection.pragma_update(None, "user_version", VERSION)
}

fn explain(path: &Path, error: &rusqlite::Error) -> OpenError {
    let (path, reason) = (path.to_owned(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotAJournal { path, reason },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            OpenError::NotWritable { path, reason }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        _ => OpenError::Failed { path, reason },
    }
}
