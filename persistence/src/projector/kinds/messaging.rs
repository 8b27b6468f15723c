//! Chats: messages, how many people put which reaction on them, and which are gone.

use plenum_domain::Id;
use plenum_domain::activity::Deed;
use plenum_rooms::engine::{Audience, Numbered, Room};
use plenum_rooms::kinds::messaging::Messaging;
use plenum_rooms::kinds::messaging::wire::{Fact, MessageView, View};

use super::json;
use crate::projector::folded::{Place, Project, Secrecy};
use crate::projector::rows::Rows;
use crate::store::StoredMessage;
use crate::store::messages::{MessageRow, ReactionsRow};

impl Project for Messaging {
    /// At once, because the room only knows its latest messages: at the end of a batch it may have forgotten some.
    fn at_once(&self, place: &Place, _by: Id, facts: &[Numbered<Fact>], rows: &mut Rows) {
        let tenant = place.scope.tenant;
        for told in self.tell(facts, Audience::Moderator) {
            let seq = told.seq.cast_signed();
            match told.view {
                View::Message(message) => rows.messages.push(message_row(place, *message, seq)),
                View::Deleted { id } => rows.deleted.push((tenant, id)),
                View::Reactions { id, reactions } => {
                    let row = ReactionsRow { tenant, message: id, reactions: json(&reactions), seq };
                    rows.reactions.insert(id, row);
                }
                _ => {}
            }
        }
    }

    fn deed(fact: &Fact) -> Option<Deed> {
        match fact {
            Fact::Sent { .. } => Some(Deed::Message),
            Fact::Reacted { on: true, .. } => Some(Deed::Reaction),
            _ => None,
        }
    }

    /// Who reports a message is told to nobody.
    fn secrecy(&self) -> Secrecy<Fact> {
        Box::new(|fact| matches!(fact, Fact::Reported { .. }))
    }
}

/// The message as it was sent: what became of it since, other facts say.
fn message_row(place: &Place, message: MessageView, seq: i64) -> MessageRow {
    MessageRow {
        tenant: place.scope.tenant,
        conference: place.scope.conference,
        room: place.room.id,
        message: StoredMessage {
            id: message.id,
            seq,
            author_id: message.author.id,
            author_name: message.author.name,
            text: message.text,
            at: message.at_ms,
            reply_to: message.reply_to,
            reactions: json(&serde_json::Map::new()),
            deleted: false,
        },
    }
}
