//! From REST to rooms: who may reach one, what it was asked, and how it looks.

use plenum_domain::tenant::Feature;
use plenum_rooms::{RoomRef, Scope};
use serde_json::Value;

use crate::app::App;
use crate::http::{Caller, Fault, Sent};

/// Where a room belongs, when the caller may know of it.
///
/// # Errors
/// 404 for everyone else, and `hub.busy` when that cannot be known now.
pub(crate) async fn place(app: &App, caller: &Caller, room: RoomRef) -> Result<Scope, Fault> {
    let missing = || Fault::not_found(room.kind);
    let scope = match app.shards.locate(room).await {
        Ok(scope) if scope.tenant == caller.tenant() => scope,
        Err(refusal) if refusal.code != "hub.not_found" => return Err(refusal.into()),
        _ => return Err(missing()),
    };
    caller.sees(scope.conference).map_err(|_| missing())?;
    if let Some(feature) = Feature::of_room(room.kind) {
        caller.has(feature)?;
    }
    Ok(scope)
}

/// Sends a request to a room as a command. Returns the room's seq after it, and the room that it opened.
///
/// # Errors
/// 404, or the room's refusal with its own code.
pub(crate) async fn command<T>(
    sent: &Sent<T>,
    room: RoomRef,
    op: &str,
    data: Value,
) -> Result<Option<(u64, Option<RoomRef>)>, Fault> {
    let by = sent.caller.actor_in(place(&sent.app, &sent.caller, room).await?.conference);
    let accepted = sent.app.shards.command(by, room, sent.key, op, data).await?;
    Ok(accepted.map(|accepted| (accepted.seq, accepted.opened)))
}

/// A room as the caller sees it.
///
/// # Errors
/// 404, or the room's refusal.
pub(crate) async fn look(app: &App, caller: &Caller, room: RoomRef) -> Result<Value, Fault> {
    let by = caller.actor_in(place(app, caller, room).await?.conference);
    let (_, state) = app.shards.look(by, room).await?;
    Ok(state)
}
