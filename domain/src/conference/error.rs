//! Why a programme's file is refused, and where.

use std::fmt;

/// Why a programme's file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The line at fault, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// Where that is in the document: `/schedule/day[2]/room[1]/event[7]/start` or `schedule.conference.days[0]`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl std::error::Error for ImportError {}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, ", at {}", self.path)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl ImportError {
    /// The error at a byte of the source.
    pub(super) fn at(source: &str, offset: usize, path: String, message: impl Into<String>) -> Self {
        let before = &source.as_bytes()[..offset.min(source.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        Self {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + String::from_utf8_lossy(&before[line_start..]).chars().count(),
            path,
            message: message.into(),
        }
    }
}

/// The file's text: within the bound, UTF-8, without a byte order mark.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.len() > super::PROGRAMME_BYTES_MAX {
        let message =
            format!("the file has {} bytes, {} are allowed", bytes.len(), super::PROGRAMME_BYTES_MAX);
        return Err(ImportError { line: 1, column: 1, path: String::new(), message });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let valid =
            std::str::from_utf8(&bytes[..error.valid_up_to()]).expect("the part before the error is UTF-8");
        ImportError::at(valid, valid.len(), String::new(), "the text is not UTF-8 from here on")
    })
}
