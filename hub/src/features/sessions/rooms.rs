//! A session's rooms: they share its id, and are opened together.

use plenum_domain::Id;
use plenum_persistence::store::Session;
use plenum_rooms::{RoomRef, Scope};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::Fault;

/// The names of a session's rooms, for the socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionRooms {
    /// What is live, the countdown, who is here.
    #[schema(value_type = String, example = "session:01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session: RoomRef,
    /// Questions.
    #[schema(value_type = String, example = "qa:01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub qa: RoomRef,
    /// Chat.
    #[schema(value_type = String, example = "messaging:01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub messaging: RoomRef,
}

impl SessionRooms {
    /// The rooms of the session with this id.
    pub const fn of(session: Id) -> Self {
        Self {
            session: Self::session_of(session),
            qa: RoomRef::new("qa", session),
            messaging: RoomRef::new("messaging", session),
        }
    }

    /// The room of the session itself.
    pub const fn session_of(session: Id) -> RoomRef {
        RoomRef::new("session", session)
    }
}

/// Opens a session's rooms. Those that are open already stay as they are.
pub(crate) async fn open_rooms(app: &App, by: Id, session: &Session) -> Result<SessionRooms, Fault> {
    let rooms = SessionRooms::of(session.id);
    let scope = Scope { tenant: session.tenant, conference: session.conference, session: Some(session.id) };
    for (room, settings) in
        [(rooms.session, of_session(session)), (rooms.qa, json!({})), (rooms.messaging, json!({}))]
    {
        app.shards.open(by, room, scope, settings).await?;
    }
    Ok(rooms)
}

fn of_session(session: &Session) -> Value {
    json!({
        "title": session.title,
        "starts_ms": session.starts,
        "ends_ms": session.ends,
        "hall": session.hall_name,
    })
}
