//! Messages of chats.

use plenum_domain::{Id, Timestamp};

use super::bulk::{Bulk, Write, row};
use super::columns::{Key, MaybeKey, Micros};
use super::connection::Transaction;
use super::query::query;
use super::{Store, StoreError};

pub(super) const SAVE: Bulk = Bulk {
    table: "messages",
    row: "id, tenant, conference, room, seq, author_id, author_name, text, at_us, reply_to, reactions, reactions_seq, deleted",
    key: 0,
    write: Write::Insert("ON CONFLICT (id) DO NOTHING"),
};
pub(super) const SAVE_REACTIONS: Bulk = Bulk {
    table: "messages",
    row: "tenant, id, reactions, reactions_seq",
    key: 2,
    write: Write::Update(
        "SET reactions = batch.reactions, reactions_seq = batch.reactions_seq FROM batch
        WHERE messages.tenant = batch.tenant AND messages.id = batch.id
            AND messages.reactions_seq < batch.reactions_seq",
    ),
};
pub(super) const DELETE: Bulk = Bulk {
    table: "messages",
    row: "tenant, id",
    key: 2,
    write: Write::Update(
        "SET deleted = TRUE, text = '', reactions = '{}' FROM batch
        WHERE messages.tenant = batch.tenant AND messages.id = batch.id AND NOT messages.deleted",
    ),
};
const BEFORE: &str =
    "SELECT id, seq, author_id, author_name, text, at_us, reply_to, reactions, deleted FROM messages
    WHERE tenant = $1 AND room = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BEFORE];

/// A message of a chat.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct StoredMessage {
    /// The message's id.
    #[sqlx(try_from = "Key")]
    pub id: Id,
    /// The room's seq of it: the cursor to what is older.
    pub seq: i64,
    /// Who wrote it.
    #[sqlx(try_from = "Key")]
    pub author_id: Id,
    /// The name that others see.
    pub author_name: String,
    /// The message; empty when it is deleted.
    pub text: String,
    /// When it was written.
    #[sqlx(rename = "at_us", try_from = "Micros")]
    pub at: Timestamp,
    /// The message that it answers.
    #[sqlx(try_from = "MaybeKey")]
    pub reply_to: Option<Id>,
    /// How many people put which reaction on it, an object.
    #[sqlx(json)]
    pub reactions: serde_json::Value,
    /// Whether it is gone.
    pub deleted: bool,
}

impl Store {
    /// The messages of a chat before a seq (all for none), newest first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn messages(
        &self,
        tenant: Id,
        room: Id,
        before_seq: Option<i64>,
        limit: u32,
    ) -> Result<Vec<StoredMessage>, StoreError> {
        let list = query(BEFORE).bind(tenant).bind(room).bind(before_seq.unwrap_or(i64::MAX));
        list.bind(i64::from(limit)).all(self.readers(tenant)).await
    }
}

/// A message's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MessageRow {
    pub(crate) tenant: Id,
    pub(crate) conference: Id,
    pub(crate) room: Id,
    pub(crate) message: StoredMessage,
}

/// The reactions on a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReactionsRow {
    pub(crate) tenant: Id,
    pub(crate) message: Id,
    pub(crate) reactions: serde_json::Value,
    pub(crate) seq: i64,
}

pub(crate) async fn save(transaction: &mut Transaction, rows: &[MessageRow]) -> Result<(), StoreError> {
    SAVE.write(transaction, rows, |MessageRow { tenant, conference, room, message }| {
        row![
            message.id,
            *tenant,
            *conference,
            *room,
            message.seq,
            message.author_id,
            &message.author_name,
            &message.text,
            message.at,
            message.reply_to,
            &message.reactions,
            message.seq,
            message.deleted
        ]
    })
    .await
}

pub(crate) async fn save_reactions(
    transaction: &mut Transaction,
    rows: &[ReactionsRow],
) -> Result<(), StoreError> {
    SAVE_REACTIONS
        .write(transaction, rows, |one| row![one.tenant, one.message, &one.reactions, one.seq])
        .await
}

/// Deletes messages given as tenant and id.
pub(crate) async fn delete(transaction: &mut Transaction, messages: &[(Id, Id)]) -> Result<(), StoreError> {
    DELETE.write(transaction, messages, |(tenant, message)| row![*tenant, *message]).await
}
