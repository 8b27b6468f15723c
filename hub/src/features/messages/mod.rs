//! A session's chat: what was said, from the store; what is said, through the room.

mod http;
mod types;

use plenum_domain::Id;
use plenum_domain::tenant::Feature;
use plenum_persistence::store::StoredMessage;
use plenum_rooms::RoomRef;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rooms::command;
use crate::app::App;
use crate::features::sessions;
use crate::http::{Caller, Fault, Page, Sent, cut};

pub use types::{MessageOut, MessageQuery, Said, Say};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::list, http::say))
}

const fn room(session: Id) -> RoomRef {
    RoomRef::new("messaging", session)
}

/// Messages before the cursor, newest first, and the next cursor.
async fn list(
    app: &App,
    caller: &Caller,
    session: Id,
    query: MessageQuery,
) -> Result<(Vec<StoredMessage>, Option<String>), Fault> {
    caller.has(Feature::Chat)?;
    let conference = sessions::find(app, caller, session).await?.conference;
    let size = Page::of(None, query.per_page)?.size;
    let wrong = |_| Fault::field("cursor", "is not one that was given out");
    let before = query.cursor.map(|text| text.parse::<i64>()).transpose().map_err(wrong)?;
    app.projection.caught_up(conference).await;
    let found = app.store.messages(caller.tenant(), session, before, size + 1).await?;
    Ok(cut(found, size, |last| last.seq.to_string()))
}

/// Says something. The message has the id of the command.
async fn say(sent: &Sent, body: &Say) -> Result<Said, Fault> {
    let accepted = command(sent, room(sent.at), "chat.send", json!(body)).await?;
    Ok(Said { id: sent.key, seq: accepted.map_or(0, |(seq, _)| seq) })
}
