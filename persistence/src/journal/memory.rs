//! A journal that forgets everything with its process: for tests, and the reference for the real ones.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plenum_rooms::engine::{Loaded, Record, Snapshot};
use plenum_rooms::{RoomRef, Scope};

use super::record::{check_covers, check_follows};
use super::sources::Sources;
use super::{Done, Entry, Journal, JournalError, Rooms, Settings, Source, Which};

type Job = Box<dyn FnOnce() + Send>;

/// The journal in memory. It answers from a thread of its own, as the real ones do; clones share it.
#[derive(Clone)]
pub struct MemoryJournal {
    epoch: u64,
    settings: Settings,
    state: Arc<Mutex<State>>,
    answers: Sender<Job>,
}

#[derive(Default)]
struct State {
    entries: BTreeMap<u64, Record>,
    rooms: BTreeMap<RoomRef, Kept>,
    sources: Sources,
    last_lsn: u64,
    waiting: usize,
    failures: VecDeque<JournalError>,
}

struct Kept {
    scope: Scope,
    last_seq: Option<u64>,
    snapshot: Option<Snapshot>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new(epoch: u64, settings: Settings) -> Self {
        let (answers, jobs) = mpsc::channel::<Job>();
        std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
        Self { epoch, settings, state: Arc::default(), answers }
    }

    /// Makes the next batches fail, one with each of these errors, as a full disk would.
    pub fn fail_next(&self, errors: impl IntoIterator<Item = JournalError>) {
        self.state().failures.extend(errors);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer<T: Send + 'static>(
        &self,
        done: Done<T>,
        act: impl FnOnce(&mut State) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<(), JournalError> {
        if self.is_full() {
            return Err(JournalError::Full);
        }
        self.state().waiting += 1;
        let state = Arc::clone(&self.state);
        let job = move || {
            let verdict = {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.waiting -= 1;
                act(&mut state)
            };
            done(verdict);
        };
        self.answers.send(Box::new(job)).map_err(|_| JournalError::Closed)
    }
}

impl State {
    fn append(&mut self, source: Source, batch: Vec<Record>) -> Result<u64, JournalError> {
        self.sources.admit(source)?;
        let checked = match self.failures.pop_front() {
            Some(failure) => Err(failure),
            None => self.check(&batch),
        };
        if let Err(error) = checked {
            self.sources.fail(source);
            return Err(error);
        }
        for record in batch {
            self.last_lsn += 1;
            let kept = Kept { scope: record.scope, last_seq: None, snapshot: None };
            self.rooms.entry(record.room).or_insert(kept).last_seq = Some(record.seq);
            self.entries.insert(self.last_lsn, record);
        }
        Ok(self.last_lsn)
    }

    fn check(&self, batch: &[Record]) -> Result<(), JournalError> {
        let mut ahead = BTreeMap::new();
        for record in batch {
            let stored = self.rooms.get(&record.room).and_then(|kept| kept.last_seq);
            check_follows(ahead.get(&record.room).copied().or(stored), record)?;
            ahead.insert(record.room, record.seq);
        }
        Ok(())
    }

    fn keep(&mut self, source: Source, snapshot: Snapshot) -> Result<(), JournalError> {
        self.sources.admit(source)?;
        let kept = self.rooms.get_mut(&snapshot.room);
        check_covers(kept.as_ref().and_then(|kept| kept.last_seq), &snapshot)?;
        match kept {
            Some(kept) if kept.snapshot.as_ref().is_none_or(|older| older.seq <= snapshot.seq) => {
                kept.snapshot = Some(snapshot);
            }
            _ => {}
        }
        Ok(())
    }

    fn trim(&mut self, projected: u64) -> u64 {
        let before = self.entries.len();
        let rooms = &self.rooms;
        self.entries.retain(|lsn, record| {
            let snapshot = rooms.get(&record.room).and_then(|kept| kept.snapshot.as_ref());
            *lsn > projected || snapshot.is_none_or(|snapshot| record.seq > snapshot.seq)
        });
        (before - self.entries.len()) as u64
    }

    fn loaded(&self, room: RoomRef) -> Option<Loaded> {
        let kept = self.rooms.get(&room)?;
        let from = kept.snapshot.as_ref().map_or(0, |snapshot| snapshot.seq + 1);
        let records = self.records(room, from).cloned().collect();
        Some(Loaded { room, scope: kept.scope, snapshot: kept.snapshot.clone(), records })
    }

    fn records(&self, room: RoomRef, from: u64) -> impl Iterator<Item = &Record> {
        self.entries.values().filter(move |record| record.room == room && record.seq >= from)
    }
}

impl Journal for MemoryJournal {
    fn append(&self, source: Source, batch: Vec<Record>, done: Done<u64>) -> Result<(), JournalError> {
        self.answer(done, move |state| state.append(source, batch))
    }

    fn snapshot(&self, source: Source, snapshot: Snapshot, done: Done<()>) -> Result<(), JournalError> {
        self.answer(done, move |state| state.keep(source, snapshot))
    }

    fn trim(&self, projected: u64, done: Done<u64>) -> Result<(), JournalError> {
        self.answer(done, move |state| Ok(state.trim(projected)))
    }

    fn load(&self, which: Which) -> Result<Rooms, JournalError> {
        let state = self.state();
        let wanted = |scope: &Scope| match which {
            Which::All => true,
            Which::Conference(id) => scope.conference == id,
        };
        let names = state.rooms.iter().filter(|(_, kept)| wanted(&kept.scope)).map(|(room, _)| room);
        let rooms: Vec<_> = names.filter_map(|room| state.loaded(*room)).map(Ok).collect();
        Ok(Box::new(rooms.into_iter()))
    }

    fn room(&self, room: RoomRef) -> Result<Option<Loaded>, JournalError> {
        Ok(self.state().loaded(room))
    }

    fn read(&self, room: RoomRef, seq_from: u64, limit: usize) -> Result<Vec<Record>, JournalError> {
        Ok(self.state().records(room, seq_from).take(limit).cloned().collect())
    }

    fn after(&self, lsn: u64, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let state = self.state();
        let entries = state.entries.range(lsn + 1..).take(limit);
        Ok(entries.map(|(lsn, record)| Entry { lsn: *lsn, record: record.clone() }).collect())
    }

    fn durable_lsn(&self) -> u64 {
        self.state().last_lsn
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn is_full(&self) -> bool {
        self.state().waiting >= self.settings.queue_records_max
    }
}
