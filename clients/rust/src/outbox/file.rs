//! An outbox in a file: a line of JSON for each action that was kept, and one for each that was answered.
//!
//! A line counts once its end is on the disk, so a kill in the middle of a write leaves what was kept before and nothing of
//! the line. The file is written anew when it is opened, and when it has grown past what waits.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Kept, Outbox, hex};

/// Answered actions may take so much of the file, in bytes, before it is written anew.
const STALE_BYTES_MAX: u64 = 256 * 1024;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Keep(Kept),
    Forget(Answered),
}

#[derive(Serialize, Deserialize)]
struct Answered {
    #[serde(with = "hex")]
    key: u128,
}

/// An outbox in a file of its own, which one program has open at a time.
#[derive(Debug)]
pub struct FileOutbox {
    path: PathBuf,
    file: File,
    /// Held for as long as the outbox is open; the file itself is replaced.
    _lock: File,
    waiting: Vec<Kept>,
    /// Bytes since the file was last written anew.
    grown_bytes: u64,
}

impl FileOutbox {
    /// Opens the outbox at `path`, or makes one there.
    ///
    /// # Errors
    /// Another program has it open, it cannot be written, or a line of it is not an outbox's.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let lock = locked(&path)?;
        let waiting = match std::fs::read(&path) {
            Ok(bytes) => read(&path, &bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let file = written_anew(&path, &waiting)?;
        Ok(Self { path, file, _lock: lock, waiting, grown_bytes: 0 })
    }

    fn append(&mut self, line: &Line) -> io::Result<()> {
        let bytes = line.bytes()?;
        self.grown_bytes += bytes.len() as u64;
        self.file.write_all(&bytes)
    }

    fn anew(&mut self) -> io::Result<()> {
        self.file = written_anew(&self.path, &self.waiting)?;
        self.grown_bytes = 0;
        Ok(())
    }
}

impl Outbox for FileOutbox {
    fn waiting(&mut self) -> io::Result<Vec<Kept>> {
        Ok(self.waiting.clone())
    }

    fn keep(&mut self, kept: &Kept) -> io::Result<()> {
        let line = Line::Keep(kept.clone());
        let written = self.append(&line).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line may stand there, and the next one must not follow it.
            self.anew()?;
            return Err(error);
        }
        self.waiting.push(kept.clone());
        Ok(())
    }

    fn forget(&mut self, key: u128) -> io::Result<()> {
        self.waiting.retain(|kept| kept.key != key);
        self.append(&Line::Forget(Answered { key }))?;
        if self.grown_bytes > STALE_BYTES_MAX { self.anew() } else { Ok(()) }
    }
}

impl Line {
    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// The lock beside the file, which stays while the file is replaced.
fn locked(path: &Path) -> io::Result<File> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(beside(path, "lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            let why = format!("{}: another program has this outbox open", path.display());
            Err(io::Error::new(io::ErrorKind::WouldBlock, why))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// What waits, by the lines of a file. What stands behind the last line's end was cut off while it was written.
fn read(path: &Path, bytes: &[u8]) -> io::Result<Vec<Kept>> {
    let mut waiting: Vec<Kept> = Vec::new();
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    for (number, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(Line::Keep(kept)) => waiting.push(kept),
            Ok(Line::Forget(Answered { key })) => waiting.retain(|kept| kept.key != key),
            Err(error) => {
                let why = format!("{}:{}: not a line of an outbox: {error}", path.display(), number + 1);
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        }
    }
    Ok(waiting)
}

/// Puts a file with these actions in the place of the old one, all or nothing.
fn written_anew(path: &Path, waiting: &[Kept]) -> io::Result<File> {
    let next = beside(path, "next");
    let mut file = File::create(&next)?;
    for kept in waiting {
        file.write_all(&Line::Keep(kept.clone()).bytes()?)?;
    }
    file.sync_all()?;
    std::fs::rename(&next, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The new name outlives a power cut only once the folder is on the disk.
    File::open(folder)?.sync_all()?;
    Ok(file)
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(key: u128) -> Kept {
        let data = serde_json::json!({"text": format!("line\n{key}")});
        Kept { key, room: "messaging:1".to_owned(), op: "chat.send".to_owned(), data }
    }

    fn keys(outbox: &mut FileOutbox) -> Vec<u128> {
        outbox.waiting().expect("it is in memory").iter().map(|kept| kept.key).collect()
    }

    #[test]
    fn what_was_kept_and_not_answered_waits_in_its_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let mut outbox = FileOutbox::open(&path).expect("it is made");
        (1..=4).for_each(|key| outbox.keep(&kept(key)).expect("it is kept"));
        outbox.forget(2).expect("it is noted");
        assert_eq!(keys(&mut outbox), [1, 3, 4]);
        drop(outbox);
        let mut again = FileOutbox::open(&path).expect("it is opened");
        assert_eq!(again.waiting().expect("it is in memory"), [kept(1), kept(3), kept(4)]);
    }

    #[test]
    fn a_kill_in_the_middle_of_a_write_leaves_what_was_kept_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let whole = folder.path().join("whole");
        let mut outbox = FileOutbox::open(&whole).expect("it is made");
        let mut ends = Vec::new();
        for key in 1..=3 {
            outbox.keep(&kept(key)).expect("it is kept");
            ends.push(std::fs::metadata(&whole).expect("it is there").len() as usize);
        }
        let bytes = std::fs::read(&whole).expect("it is readable");
        for cut in 0..=bytes.len() {
            let path = folder.path().join("cut");
            std::fs::write(&path, &bytes[..cut]).expect("it is written");
            let mut outbox = FileOutbox::open(&path).expect("a torn line is no error");
            let complete = ends.iter().filter(|end| **end <= cut).count() as u128;
            assert_eq!(keys(&mut outbox), (1..=complete).collect::<Vec<_>>(), "cut at {cut}");
            outbox.keep(&kept(9)).expect("it goes on");
            drop(outbox);
            let mut again = FileOutbox::open(&path).expect("it is whole again");
            assert_eq!(keys(&mut again).last(), Some(&9));
        }
    }

    #[test]
    fn the_file_does_not_grow_with_what_was_answered() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let mut outbox = FileOutbox::open(&path).expect("it is made");
        let large = Kept { data: serde_json::json!({"text": "x".repeat(16 * 1024)}), ..kept(0) };
        outbox.keep(&large).expect("it is kept");
        for key in 1..=100 {
            outbox.keep(&Kept { key, ..large.clone() }).expect("it is kept");
            outbox.forget(key).expect("it is noted");
        }
        let bytes = std::fs::metadata(&path).expect("it is there").len();
        assert!(bytes < 2 * STALE_BYTES_MAX, "{bytes}");
        assert_eq!(keys(&mut outbox), [0]);
    }

    #[test]
    fn one_program_has_it_open_and_what_is_no_outbox_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let held = FileOutbox::open(&path).expect("it is made");
        assert!(FileOutbox::open(&path).is_err_and(|error| error.to_string().contains("another program")));
        drop(held);
        std::fs::write(&path, "dear diary\n").expect("it is written");
        let error = FileOutbox::open(&path).expect_err("it is another file").to_string();
        assert!(error.contains("outbox:1:"), "{error}");
        assert_eq!(std::fs::read(&path).expect("it is there"), b"dear diary\n");
    }
}
