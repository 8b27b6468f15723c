//! A conference's programme, and reading it from the files that other systems export.

mod build;
mod error;
pub mod export;
pub mod frab_xml;
mod moment;
mod programme;
pub mod schedule_json;

#[cfg(test)]
mod tests;

pub use error::ImportError;
pub use frab_xml::frab_xml;
pub use moment::{Moment, known_time_zone};
pub use programme::{Day, Hall, Person, Programme, Session};
pub use schedule_json::schedule_json;

/// The largest programme that is read, in bytes. The largest known one has 4 MB.
pub const PROGRAMME_BYTES_MAX: usize = 64 << 20;

/// Reads a programme in whichever of the known formats the bytes look like: XML begins with `<`, JSON does not.
///
/// # Errors
/// [`ImportError`] names the line.
pub fn read_programme(bytes: &[u8]) -> Result<Programme, ImportError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF));
    match first {
        Some(b'<') => frab_xml(bytes),
        _ => schedule_json(bytes),
    }
}
