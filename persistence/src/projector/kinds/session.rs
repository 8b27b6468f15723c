//! Sessions: where each is in its life, and what moderators said that it is called, when it is and where.

use plenum_domain::Id;
use plenum_rooms::engine::{Audience, Numbered, Room};
use plenum_rooms::kinds::session::Session;
use plenum_rooms::kinds::session::wire::{Fact, Peak, View};

use super::{json, word};
use crate::projector::folded::{Place, Project, Secrecy};
use crate::projector::rows::{EditRow, Rows, StatusRow, Trace};

impl Project for Session {
    /// At once, because the audit log tells of each edit, and who made it.
    fn at_once(&self, place: &Place, by: Id, facts: &[Numbered<Fact>], rows: &mut Rows) {
        rows.edits.extend(facts.iter().filter_map(|one| edit(place, by, one)));
    }

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

    fn peak(fact: &Fact) -> Option<Peak> {
        match fact {
            Fact::Peak(peak) => Some(*peak),
            _ => None,
        }
    }

    fn secrecy(&self) -> Secrecy<Fact> {
        Box::new(|_| false)
    }
}

fn edit(place: &Place, by: Id, one: &Numbered<Fact>) -> Option<EditRow> {
    let Fact::Edited(about) = &one.fact else { return None };
    Some(EditRow {
        tenant: place.scope.tenant,
        conference: place.scope.conference,
        session: place.room.id,
        about: about.clone(),
        // The same each time that the record is written, and no other thing's.
        new_hall: Id::from_bits(place.room.id.bits() ^ u128::from(one.seq)),
        trace: Trace::of(place.room.id, one.seq, by, one.at),
    })
}
