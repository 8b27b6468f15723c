//! Looking for the owner of a conference, for the place of a room, and for everyone.

use std::sync::Arc;

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Refusal;

use crate::cluster::lease::Member;
use crate::cluster::lines::Line;
use crate::cluster::node::Parts;
use crate::cluster::roster::by_preference;
use crate::cluster::tenancy::Owner;
use crate::cluster::wire::Up;

/// Where a conference is.
pub(in crate::cluster) enum Place {
    /// At a desk of this node.
    Here,
    /// At the other end of a line, or about to be.
    There(Line),
    /// Nobody can be reached who owns it or may take it.
    Nowhere,
}

/// Finds the owner. When there is none, the first node that can be reached of those that should be is asked to be it.
pub(super) async fn owner(parts: &Parts, conference: Id) -> Place {
    match parts.leases.find(conference).await {
        Ok(Some(lease)) => {
            parts.outside.learn_history(conference, lease.history);
            at(parts, conference, &lease.member).await.unwrap_or(Place::Nowhere)
        }
        Ok(None) => candidate(parts, conference).await,
        Err(error) => {
            tracing::warn!(%conference, %error, "the owner cannot be looked for");
            Place::Nowhere
        }
    }
}

async fn candidate(parts: &Parts, conference: Id) -> Place {
    let live = parts.roster.live().await.unwrap_or_default();
    for member in by_preference(live, conference) {
        if let Some(place) = at(parts, conference, &member).await {
            return place;
        }
    }
    Place::Nowhere
}

/// The place of a conference that this member owns or is to own; none when it cannot be reached.
async fn at(parts: &Parts, conference: Id, member: &Member) -> Option<Place> {
    if *member == parts.me {
        return match parts.tenancy.own(conference).await {
            Ok(Owner::Here) => Some(Place::Here),
            Ok(Owner::Other(other)) => parts.lines.to(&other).await.ok().map(Place::There),
            Err(error) => {
                tracing::warn!(%conference, %error, "the conference cannot be taken");
                None
            }
        };
    }
    // Nothing of the first beats may be missed, so the bus is listened to before the owner is asked. Without a bus the
    // owner repeats them.
    if let Err(error) = parts.bus.subscribe(conference).await {
        tracing::warn!(%conference, %error, "the bus cannot be listened to; the owner is asked for its beats");
    }
    match parts.lines.to(member).await {
        Ok(line) => Some(Place::There(line)),
        Err(error) => {
            tracing::debug!(node = %member.node, %error, "another node cannot be reached");
            None
        }
    }
}

/// Finds where a room belongs, and enters it into the directory.
pub(super) async fn room(parts: &Parts, room: RoomRef) -> Result<(), Refusal> {
    match parts.atlas.scope(room).await {
        Ok(Some(scope)) => {
            parts.links.directory.enter(room, scope);
            if let Ok(Some(lease)) = parts.leases.find(scope.conference).await {
                parts.outside.learn_history(scope.conference, lease.history);
            }
            Ok(())
        }
        Ok(None) => Err(Refusal::new("hub.not_found", format!("there is no room {room}"))),
        Err(error) => Err(Refusal::busy(&format!("the room cannot be looked for: {error}"), 1_000)),
    }
}

/// Lets every other node close someone's sockets.
pub(super) async fn close(parts: Arc<Parts>, participant: Id) {
    let live = parts.roster.live().await.unwrap_or_default();
    for member in live.iter().filter(|member| **member != parts.me) {
        let told = match parts.lines.to(member).await {
            Ok(line) => line.say.send(Up::Close { participant }).await.is_ok(),
            Err(_) => false,
        };
        if !told {
            tracing::warn!(node = %member.node, %participant, "sockets there stay open until their token ends");
        }
    }
}
