//! Who is behind a token, and all that they hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use plenum_domain::access::{Rights, Thing, Verdict, Why, can};
use plenum_domain::{Action, Id, Timestamp};
use plenum_rooms::engine::Actor;

use crate::socket;

/// Who is behind a token, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The tenant; nothing of another one is visible.
    pub tenant: Id,
    /// The person or screen, with the roles of the whole tenant, or of the conference that the token is for.
    pub actor: Arc<Actor>,
    /// The same person in conferences where they hold more.
    pub elsewhere: Arc<BTreeMap<Id, Arc<Actor>>>,
    /// All that they hold.
    pub rights: Arc<Rights>,
    /// The only conference that the token is for, when it is for one.
    pub conference: Option<Id>,
    /// The sign-in that the token belongs to; a personal token's own id.
    pub session: Id,
    /// When the token ends.
    pub expires: Timestamp,
}

/// A person with everything that follows from their rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) actor: Arc<Actor>,
    pub(super) elsewhere: Arc<BTreeMap<Id, Arc<Actor>>>,
    pub(super) rights: Arc<Rights>,
}

impl Person {
    pub(super) fn new(id: Id, name: &str, rights: Rights) -> Self {
        let actor = |conference| {
            let roles = rights.roles_in(conference);
            Arc::new(Actor { participant: id, name: name.to_owned(), roles })
        };
        let elsewhere = rights.conferences().filter(|one| Some(*one) != rights.only);
        let elsewhere = elsewhere.map(|one| (one, actor(Some(one)))).collect();
        Self { actor: actor(rights.only), elsewhere: Arc::new(elsewhere), rights: Arc::new(rights) }
    }

    pub(super) fn identity(self, session: Id, expires: Timestamp) -> Identity {
        let Self { actor, elsewhere, rights } = self;
        let (tenant, conference) = (rights.tenant, rights.only);
        Identity { tenant, actor, elsewhere, rights, conference, session, expires }
    }
}

impl Identity {
    /// As whom this person acts in a conference.
    pub fn actor_in(&self, conference: Id) -> Arc<Actor> {
        Arc::clone(self.elsewhere.get(&conference).unwrap_or(&self.actor))
    }

    /// Whether this person may know of a conference.
    pub fn sees(&self, conference: Id) -> bool {
        let thing = Thing { tenant: self.tenant, conference: Some(conference) };
        can(&self.rights, Action::Watch, thing) != Verdict::Deny(Why::NotThere)
    }
}

impl From<Identity> for socket::Identity {
    fn from(identity: Identity) -> Self {
        let Identity { tenant, actor, elsewhere, conference, session, expires, .. } = identity;
        Self { tenant, actor, elsewhere, conference, session, expires }
    }
}
