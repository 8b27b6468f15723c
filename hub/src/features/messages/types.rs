//! What chats take and give.

use plenum_domain::Id;
use plenum_persistence::store::StoredMessage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// Those before this one; `meta.cursor.next` of the answer before.
    #[param(example = "1041")]
    pub cursor: Option<String>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 50)]
    pub per_page: Option<u32>,
}

/// A message to send.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// The message.
    #[schema(example = "Hello from the balcony.")]
    pub text: String,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub reply_to: Option<Id>,
}

/// A message is durable.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Said {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The chat's place in its order after it.
    #[schema(example = 42)]
    pub seq: u64,
}

/// Who wrote a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    /// The participant.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// The name that others see.
    #[schema(example = "Noor")]
    pub name: String,
}

/// A message, in the form that the chat's room has.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Who wrote it.
    pub author: Author,
    /// The message; empty when it is deleted.
    #[schema(example = "Hello from the balcony.")]
    pub text: String,
    /// When, in milliseconds since 1970.
    #[schema(example = 1_763_800_000_000_i64)]
    pub at_ms: i64,
    /// The message that it answers.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub reply_to: Option<Id>,
    /// How many people put which emoji on it.
    #[schema(value_type = Object, example = json!({"👍": 3}))]
    pub reactions: Value,
    /// Whether it is gone.
    #[schema(example = false)]
    pub deleted: bool,
}

impl From<StoredMessage> for MessageOut {
    fn from(message: StoredMessage) -> Self {
        Self {
            id: message.id,
            author: Author { id: message.author_id, name: message.author_name },
            text: if message.deleted { String::new() } else { message.text },
            at_ms: message.at.ms(),
            reply_to: message.reply_to,
            reactions: message.reactions,
            deleted: message.deleted,
        }
    }
}
