//! The bounds of a journal.

/// Bounds; all of them have a metric, and reaching one is answered with an error and never with a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Records that may wait for the writer.
    pub queue_records_max: usize,
    /// Bytes that may wait for the writer.
    pub queue_bytes_max: usize,
    /// Bytes that the journal's file may have besides the states of its rooms; 0 for as many as the disk holds.
    pub size_bytes_max: u64,
}

impl Default for Settings {
    /// 256 Ki records, 128 MiB waiting, no bound on the file.
    fn default() -> Self {
        Self { queue_records_max: 256 * 1024, queue_bytes_max: 128 << 20, size_bytes_max: 0 }
    }
}
