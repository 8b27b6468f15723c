//! Why a frame was refused.

use crate::code;

/// A frame, or one object of it, that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadFrame {
    /// The id of the command at fault, when it could be read.
    pub id: Option<u64>,
    /// What is wrong.
    pub reason: Reason,
}

impl BadFrame {
    /// The stable code to refuse with.
    pub const fn code(&self) -> &'static str {
        match self.reason {
            Reason::TooLarge { .. } | Reason::TooMany { .. } => code::TOO_LARGE,
            _ => code::BAD_FRAME,
        }
    }
}

/// What is wrong with a frame; its text is fit to be shown to the client's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Over [`Limits::frame_bytes_max`](crate::Limits).
    #[error("the frame is longer than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// Over [`Limits::objects_max`](crate::Limits).
    #[error("the frame carries more than {objects_max} objects")]
    TooMany {
        /// The limit.
        objects_max: usize,
    },
    /// Over [`Limits::depth_max`](crate::Limits).
    #[error("the frame nests too deep")]
    TooDeep,
    /// The bytes end inside a value.
    #[error("the frame ends in the middle of a value")]
    Truncated,
    /// Something after the end of the frame's value.
    #[error("there is something behind the frame's value, at byte {at}")]
    Trailing {
        /// Where it begins, in bytes from the frame's start.
        at: usize,
    },
    /// Not JSON, or not MessagePack.
    #[error("the frame is not well formed at byte {at}")]
    Malformed {
        /// Where reading stopped, in bytes from the start of the frame or of the object at fault.
        at: usize,
    },
    /// A text that is not UTF-8.
    #[error("a text is not UTF-8")]
    NotUtf8,
    /// A MessagePack value for which JSON has no form (binary, extension, a number that is none).
    #[error("byte {at} begins a value that JSON does not have")]
    NotInJson {
        /// Where the value begins.
        at: usize,
    },
    /// The frame, or an object of it, is something else.
    #[error("a frame is an object or an array of objects")]
    NotAnObject,
    /// A field that the envelope does not have.
    #[error("the field \"{0}\" is not known")]
    UnknownField(Box<str>),
    /// A field given twice.
    #[error("the field \"{0}\" is given twice")]
    Twice(&'static str),
    /// A field that must be there.
    #[error("the field \"{0}\" is missing")]
    Missing(&'static str),
    /// A field of the wrong type.
    #[error("the field \"{field}\" must be {expected}")]
    WrongType {
        /// Its name.
        field: &'static str,
        /// What it should have been, in words.
        expected: &'static str,
    },
    /// A number that JSON readers could not hold exactly.
    #[error("the field \"{0}\" must be a whole number from 0 to 2^53 - 1")]
    OutOfRange(&'static str),
    /// A key that is no UUID in one of its two forms.
    #[error("the field \"key\" must be a UUID (36 characters) or its 26 characters of base32")]
    BadKey,
}

impl Reason {
    /// An unknown field, its name cut so that a refusal stays short.
    pub(crate) fn unknown_field(name: &str) -> Self {
        Self::UnknownField(name.chars().take(40).collect())
    }
}
