//! Venue screens: a screen shows six characters, a moderator confirms them, the screen fetches its token.

mod http;
mod types;

use std::net::IpAddr;

use plenum_domain::tenant::Feature;
use plenum_domain::{Action, Id, Role, Roles};
use plenum_persistence::store::{NewScreen, Pairing, Screen, StoreError, Subject as Bearer};
use plenum_rooms::engine::Actor;
use plenum_rooms::{RoomRef, Scope};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rooms::command;
use crate::app::App;
use crate::auth::{OldTokens, Token};
use crate::features::audit::{Subject, done};
use crate::features::removed::Removed;
use crate::features::{codes, conferences, sessions};
use crate::http::{Caller, Fault, Sent, Wrongs};

pub use types::{Claim, Claimed, Offer, Pair, PlaceScreen, ScreenOut, ScreenQuery, Waiting};

/// What poll tokens begin with.
const POLL: &str = "plp_";
/// How long a code can be confirmed, in milliseconds.
const PAIRING_TTL_MS: i64 = 10 * 60 * 1_000;
const NAME_CHARS_MAX: usize = 60;
const CODE_TRIES: usize = 8;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::offer))
        .routes(routes!(http::claim))
        .routes(routes!(http::pair, http::list))
        .routes(routes!(http::place, http::remove))
}

const fn room(id: Id) -> RoomRef {
    RoomRef::new("screen", id)
}

/// A code for a screen to show, and the token that it asks with.
async fn offer(app: &App, from: Option<IpAddr>) -> Result<Offer, Fault> {
    app.joins.check(from)?;
    let token = Token::new(POLL, &app.clock);
    let expires = app.clock.now().plus_ms(PAIRING_TTL_MS);
    for _ in 0..CODE_TRIES {
        let code = codes::new(&app.clock);
        match app.store.begin_pairing(&code, &token.hash(), expires).await {
            Err(StoreError::Taken(_)) => {}
            done => {
                done?;
                let expires_in = u32::try_from(PAIRING_TTL_MS / 1_000).unwrap_or(u32::MAX);
                return Ok(Offer { pairing_code: code, poll_token: token.reveal().to_owned(), expires_in });
            }
        }
    }
    Err(Fault::busy("no code is free", 1_000))
}

/// Whether the code was confirmed; the tokens are given once.
async fn claim(app: &App, body: Claim) -> Result<Claimed, Fault> {
    let token = Token::read(&body.poll_token, POLL).ok_or_else(|| Fault::not_found("pairing"))?;
    match app.store.take_pairing(&token.hash(), app.clock.now()).await? {
        Pairing::Waiting => Ok(Claimed::Waiting(Waiting { status: "waiting" })),
        Pairing::Unknown => Err(Fault::not_found("pairing")),
        Pairing::Paired(screen) => {
            let grant = app.auth.grant(screen.tenant, screen.id, Bearer::Screen, Some(screen.conference));
            let roles = Roles::of(&[Role::Screen]);
            let actor = Actor { participant: screen.id, name: screen.name, roles };
            let tokens = app.auth.issue(&grant, actor).await?;
            Ok(Claimed::paired(tokens, screen.id, screen.conference))
        }
    }
}

/// Confirms a code: the screen gets a room, and follows the session when one is named.
async fn pair(app: &App, caller: &Caller, conference: Id, body: Pair) -> Result<Screen, Fault> {
    caller.may_in(Action::Moderate, conference)?;
    caller.has(Feature::Screens)?;
    conferences::find(app, caller, conference).await?;
    if let Some(session) = body.session_id {
        session_of(app, caller, conference, session).await?;
    }
    let mut wrong = Wrongs::new();
    let name = wrong.maybe_text("name", body.name.as_deref(), NAME_CHARS_MAX);
    wrong.done()?;
    let new = NewScreen {
        id: app.clock.id(),
        tenant: caller.tenant(),
        conference,
        session: body.session_id,
        name: name.unwrap_or_else(|| "Screen".to_owned()),
        paired: app.clock.now(),
    };
    // The room first: a screen that is told of its place finds it.
    let scope = Scope { tenant: new.tenant, conference, session: None };
    let settings = json!({"name": new.name, "session": new.session});
    app.shards.open(caller.id(), room(new.id), scope, settings).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.confirm_pairing(&codes::normal(&body.pairing_code), &new).await? {
        return Err(Fault::not_found("pairing code"));
    }
    let details = json!({"name": new.name, "conference": conference, "session": new.session});
    done(app, caller, edit, "screen.paired", Subject("screen", new.id), details).await?;
    find(app, caller, new.id).await
}

async fn session_of(app: &App, caller: &Caller, conference: Id, session: Id) -> Result<(), Fault> {
    let found = sessions::find(app, caller, session).await;
    match found {
        Ok(found) if found.conference == conference => Ok(()),
        _ => Err(Fault::field("session_id", "no session of this conference has this id")),
    }
}

async fn find(app: &App, caller: &Caller, id: Id) -> Result<Screen, Fault> {
    let found = app.store.screen(caller.tenant(), id).await?;
    let screen = found.ok_or_else(|| Fault::not_found("screen"))?;
    caller.sees(screen.conference).map_err(|_| Fault::not_found("screen"))?;
    Ok(screen)
}

async fn list(app: &App, caller: &Caller, conference: Id) -> Result<Vec<Screen>, Fault> {
    caller.may_in(Action::Moderate, conference)?;
    caller.has(Feature::Screens)?;
    conferences::find(app, caller, conference).await?;
    Ok(app.store.screens(caller.tenant(), conference).await?)
}

/// Sends a screen to another session, through its room; the store and the audit log hear of it from there.
async fn place(sent: &Sent, session: Option<Id>) -> Result<Screen, Fault> {
    let Sent { app, caller, at: id, .. } = sent;
    let screen = find(app, caller, *id).await?;
    caller.may_in(Action::Moderate, screen.conference)?;
    if let Some(session) = session {
        session_of(app, caller, screen.conference, session).await?;
    }
    command(sent, room(*id), "screen.show", json!({"session": session})).await?;
    app.projection.caught_up(screen.conference).await;
    find(app, caller, *id).await
}

/// Takes a screen out of use: its tokens end, its sockets close.
async fn remove(app: &App, caller: &Caller, id: Id) -> Result<Removed, Fault> {
    let screen = find(app, caller, id).await?;
    caller.may_in(Action::Moderate, screen.conference)?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.revoke_refresh_tokens_of(screen.id, app.clock.now()).await?;
    if !edit.remove_screen(screen.id).await? {
        return Err(Fault::not_found("screen"));
    }
    let details = json!({"name": screen.name});
    done(app, caller, edit, "screen.removed", Subject("screen", id), details).await?;
    app.rights_changed(caller.tenant(), screen.id, OldTokens::End).await?;
    Ok(Removed {})
}
