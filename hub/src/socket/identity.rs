//! Who is behind a token.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use plenum_domain::{Action, Id, Timestamp};
use plenum_rooms::engine::Actor;

/// Who a token speaks for.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The tenant.
    pub tenant: Id,
    /// The person or screen.
    pub actor: Arc<Actor>,
    /// The same person in conferences where they hold more.
    pub elsewhere: Arc<BTreeMap<Id, Arc<Actor>>>,
    /// The only conference that the token opens; none for people of the tenant.
    pub conference: Option<Id>,
    /// The sign-in that the token belongs to.
    pub session: Id,
    /// When the token ends.
    pub expires: Timestamp,
}

impl Identity {
    /// As whom this person is in a conference; none when it is not there for them.
    pub(super) fn actor_in(&self, conference: Id) -> Option<&Arc<Actor>> {
        if let Some(actor) = self.elsewhere.get(&conference) {
            return Some(actor);
        }
        let open = self.conference.is_none_or(|only| only == conference);
        (open && self.actor.may(Action::Watch).is_ok()).then_some(&self.actor)
    }

    /// Whether a change of this account, participant, screen, sign-in or tenant is one of this socket.
    pub(super) fn is_of(&self, subject: Id) -> bool {
        [self.actor.participant, self.session, self.tenant].contains(&subject)
    }
}

/// Why a token opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifyError {
    /// It was right once.
    #[error("the token has ended; get a new one and connect again")]
    Expired,
    /// It is not one of ours, or was revoked.
    #[error("the token is not valid")]
    Invalid,
    /// It cannot be checked at the moment.
    #[error("the token cannot be checked at the moment; try again")]
    Unavailable,
}

/// The answer to [`Identify::identify`], when it is there.
pub type Identified<'a> = Pin<Box<dyn Future<Output = Result<Identity, IdentifyError>> + Send + 'a>>;

/// Checks tokens.
pub trait Identify: Send + Sync + 'static {
    /// Who a token speaks for.
    fn identify<'a>(&'a self, token: &'a str) -> Identified<'a>;
}
