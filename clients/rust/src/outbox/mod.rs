//! Where actions wait that the hub has not answered: so that what a person did is not lost with the program.

mod file;

pub use file::FileOutbox;

use std::io;

use plenum_protocol::{Codec, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::Action;
use crate::{Refusal, code};

/// Something that a participant did and the hub has not answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The action's own id: sent again with it, it counts once.
    #[serde(with = "hex")]
    pub key: u128,
    /// Where.
    pub room: String,
    /// What.
    pub op: String,
    /// Its data, an object; whatever codec the next client speaks.
    pub data: Value,
}

/// Keeps actions beyond the life of the program. One outbox serves one participant: what is in it is sent with whatever
/// token the client has.
///
/// A client asks it from a thread that may block, one call at a time.
pub trait Outbox: Send + 'static {
    /// All that waits, oldest first.
    ///
    /// # Errors
    /// It cannot be read.
    fn waiting(&mut self) -> io::Result<Vec<Kept>>;

    /// Keeps an action: when this returns, it outlives a crash. The action is sent after that.
    ///
    /// # Errors
    /// It cannot be kept; the action is then not sent either.
    fn keep(&mut self, kept: &Kept) -> io::Result<()>;

    /// The hub answered the action with this key. It may come back after a crash all the same: its key makes that harmless.
    ///
    /// # Errors
    /// It cannot be noted.
    fn forget(&mut self, key: u128) -> io::Result<()>;
}

impl Kept {
    /// The action as an outbox keeps it.
    pub(crate) fn of(codec: Codec, action: &Action) -> Result<Self, Refusal> {
        let data = decode(codec, &action.data)
            .map_err(|error| Refusal::new(code::BAD_DATA, format!("the data cannot be kept: {error}")))?;
        Ok(Self { key: action.key, room: action.room.clone(), op: action.op.clone(), data })
    }

    /// The action as a client with this codec sends it.
    pub(crate) fn action(self, codec: Codec) -> Result<Action, Refusal> {
        let data = encode(codec, &self.data);
        let data = data.map_err(|error| Refusal::new(code::BAD_DATA, error.to_string()))?;
        Ok(Action { key: self.key, room: self.room, op: self.op, data })
    }
}

/// A key as 32 hexadecimal digits: JSON has no numbers of that size.
mod hex {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(key: &u128, writer: S) -> Result<S::Ok, S::Error> {
        writer.collect_str(&format_args!("{key:032x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<u128, D::Error> {
        let text = String::deserialize(reader)?;
        u128::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
