//! The journal of a single node: one SQLite file in WAL mode, flushed at every commit (`synchronous=FULL`).

mod backup;
mod commit;
mod keeping;
mod lock;
mod queue;
mod read;
mod rhythm;
mod rooms;
mod schema;
mod space;
mod trim;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use plenum_rooms::RoomRef;
use plenum_rooms::engine::{Loaded, Record, Snapshot};
use rusqlite::Connection;

use self::commit::{Ledger, explain};
use self::lock::Lock;
use self::queue::{Append, Keep, Request};
use self::space::Space;
use self::writer::Writer;
use super::{Budget, Cost, Done, Entry, Journal, JournalError, OpenError, Rooms, Settings, Source, Which};

/// A handle on an open journal; clones share it. When the last one is dropped, what waits is written and the file
/// is closed.
#[derive(Clone)]
pub struct SqliteJournal {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    epoch: u64,
    budget: Arc<Budget>,
    durable_lsn: Arc<AtomicU64>,
    tight: Arc<AtomicBool>,
    requests: Option<Sender<Request>>,
    reader: Mutex<Connection>,
    thread: Option<JoinHandle<()>>,
}

impl SqliteJournal {
    /// Opens the journal at `path`, or makes one there with `new_epoch` (64 random bits).
    ///
    /// # Errors
    /// When another process has it open, the folder cannot be written, or the file is not a journal that this
    /// program knows; each names the path.
    pub fn open(path: &Path, new_epoch: u64, settings: Settings) -> Result<Self, OpenError> {
        let lock = Lock::take(path)?;
        let opened = schema::open_writer(path, new_epoch, &settings)?;
        let failed = |reason: String| OpenError::Failed { path: path.to_owned(), reason };
        let reader = schema::open_reader(path).map_err(|e| failed(e.to_string()))?;
        let (requests, receiver) = mpsc::channel();
        let budget = Arc::new(Budget::new(settings));
        let durable_lsn = Arc::new(AtomicU64::new(opened.last_lsn));
        let tight = Arc::new(AtomicBool::new(false));
        let writer = Writer {
            ledger: Ledger {
                db: opened.connection,
                rooms: rooms::Rooms::default(),
                sources: super::sources::Sources::default(),
                last_lsn: opened.last_lsn,
            },
            requests: receiver,
            budget: Arc::clone(&budget),
            durable_lsn: Arc::clone(&durable_lsn),
            settings,
            keeps: VecDeque::new(),
            trims: VecDeque::new(),
            commits_since_trim: 0,
            rhythm: rhythm::Rhythm::default(),
            space: Space::new(settings.size_bytes_max, Arc::clone(&tight)),
            _lock: lock,
        };
        let thread = std::thread::Builder::new().name("plenum-journal".into()).spawn(move || writer.run());
        let shared = Shared {
            path: path.to_owned(),
            epoch: opened.epoch,
            budget,
            durable_lsn,
            tight,
            requests: Some(requests),
            reader: Mutex::new(reader),
            thread: Some(thread.map_err(|e| failed(e.to_string()))?),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Gives a journal that came out of a backup a new epoch: what clients hold may be newer than what it knows.
    ///
    /// # Errors
    /// As [`SqliteJournal::open`]; the journal must not be in use.
    pub fn renew_epoch(path: &Path, new_epoch: u64) -> Result<(), OpenError> {
        let _lock = Lock::take(path)?;
        let opened = schema::open_writer(path, new_epoch, &Settings::default())?;
        opened
            .connection
            .execute("UPDATE meta SET epoch = $1", [new_epoch.cast_signed()])
            .map_err(|e| OpenError::Failed { path: path.to_owned(), reason: e.to_string() })?;
        Ok(())
    }

    fn send(&self, cost: Cost, request: Request) -> Result<(), JournalError> {
        self.shared.budget.take(cost)?;
        let requests = self.shared.requests.as_ref().ok_or(JournalError::Closed)?;
        requests.send(request).map_err(|_| JournalError::Closed)
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        // A reader that panicked leaves a connection without an open statement: still good.
        self.shared.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for SqliteJournal {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<u64>) -> Result<(), JournalError> {
        self.send(Cost::of_batch(&batch), Request::Append(Append { source, batch, done }))
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.send(Cost::of_snapshot(&snapshot), Request::Snapshot(Keep { source, snapshot, done }))
    }

    fn trim(&self, projected: u64, done: Done<u64>) -> Result<(), JournalError> {
        self.send(Cost::default(), Request::Trim { projected, done })
    }

    fn load(&self, which: Which) -> Result<Rooms, JournalError> {
        let db = schema::open_reader(&self.shared.path).map_err(|e| explain(&e))?;
        let rows = read::room_rows(&db, which).map_err(|e| explain(&e))?;
        Ok(Box::new(rows.into_iter().map(move |row| read::stored_room(&db, row).map_err(|e| explain(&e)))))
    }

    fn room(&self, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        let db = self.reader();
        let row = read::room_row(&db, room).map_err(|e| explain(&e))?;
        row.map(|row| read::stored_room(&db, row)).transpose().map_err(|e| explain(&e))
    }

    fn read(&self, room: RoomRef, seq_from: u64, limit: usize) -> Result<Vec<Record>, JournalError> {
        read::records(&self.reader(), room, seq_from, limit).map_err(|e| explain(&e))
    }

    fn after(&self, lsn: u64, limit: usize) -> Result<Vec<Entry>, JournalError> {
        read::after(&self.reader(), lsn, limit).map_err(|e| explain(&e))
    }

    fn durable_lsn(&self) -> u64 {
        self.shared.durable_lsn.load(Ordering::Acquire)
    }

    fn epoch(&self) -> u64 {
        self.shared.epoch
    }

    fn is_full(&self) -> bool {
        self.shared.budget.is_full()
    }

    fn is_tight(&self) -> bool {
        self.shared.tight.load(Ordering::Relaxed)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.requests = None;
        let Some(thread) = self.thread.take() else { return };
        // A `done` may own the last handle; the writer cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("the journal's writer panicked");
        }
    }
}
