//! Sessions: where each is in its life.

use plenum_rooms::engine::{Audience, Numbered, Room};
use plenum_rooms::kinds::session::Session;
use plenum_rooms::kinds::session::wire::{Fact, View};

use super::{json, word};
use crate::projector::folded::{Place, Project, Secrecy};
use crate::projector::rows::{Rows, StatusRow};

impl Project for Session {
    fn at_end(&self, place: &Place, facts: &[Numbered<Fact>], rows: &mut Rows) {
        let Some(last) = facts.last() else { return };
        for told in self.tell(facts, Audience::Moderator) {
            if let View::Status(session) = told.view {
                let (tenant, session_id) = (place.scope.tenant, place.room.id);
                let status = word(&json(&session.status));
                rows.statuses.push(StatusRow { tenant, session: session_id, status, at: last.at });
            }
        }
    }

    fn secrecy(&self) -> Secrecy<Fact> {
        Box::new(|_| false)
    }
}
