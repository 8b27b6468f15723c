//! Messages of chats.

use plenum_domain::{Id, Timestamp};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::bulk::Bulk;
use super::columns::{Key, MaybeKey, Micros};
use super::{Store, StoreError};

pub(super) const SAVE: Bulk = Bulk {
    head: "INSERT INTO messages (id, tenant, conference, room, seq, author_id, author_name, text, at_us, reply_to,
        reactions, reactions_seq, deleted)",
    columns: 13,
    tail: "ON CONFLICT (id) DO NOTHING",
};
const REACT: &str = "UPDATE messages SET reactions = $3, reactions_seq = $4
    WHERE tenant = $1 AND id = $2 AND reactions_seq < $4";
const DELETE: &str = "UPDATE messages SET deleted = 1, text = '', reactions = '{}' WHERE tenant = $1 AND id = $2 AND deleted = 0";
const BEFORE: &str =
    "SELECT id, seq, author_id, author_name, text, at_us, reply_to, reactions, deleted FROM messages
    WHERE tenant = $1 AND room = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[REACT, DELETE, BEFORE];

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
        let list =
            sqlx::query_as(BEFORE).bind(Key(tenant)).bind(Key(room)).bind(before_seq.unwrap_or(i64::MAX));
        Ok(list.bind(i64::from(limit)).fetch_all(self.readers()).await?)
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

pub(crate) async fn save(connection: &mut SqliteConnection, rows: &[MessageRow]) -> Result<(), StoreError> {
    SAVE.write(connection, rows, |row, one| {
        let message = &one.message;
        row.push_bind(Key(message.id))
            .push_bind(Key(one.tenant))
            .push_bind(Key(one.conference))
            .push_bind(Key(one.room))
            .push_bind(message.seq)
            .push_bind(Key(message.author_id))
            .push_bind(message.author_name.clone())
            .push_bind(message.text.clone())
            .push_bind(Micros(message.at))
            .push_bind(message.reply_to.map(Key))
            .push_bind(Json(message.reactions.clone()))
            .push_bind(message.seq)
            .push_bind(message.deleted);
    })
    .await
}

pub(crate) async fn save_reactions(
    connection: &mut SqliteConnection,
    rows: &[ReactionsRow],
) -> Result<(), StoreError> {
    for row in rows {
        let update = sqlx::query(REACT).bind(Key(row.tenant)).bind(Key(row.message));
        update.bind(Json(&row.reactions)).bind(row.seq).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Deletes messages given as tenant and id.
pub(crate) async fn delete(
    connection: &mut SqliteConnection,
    messages: &[(Id, Id)],
) -> Result<(), StoreError> {
    for (tenant, message) in messages {
        let update = sqlx::query(DELETE).bind(Key(*tenant)).bind(Key(*message));
        update.execute(&mut *connection).await?;
    }
    Ok(())
}
