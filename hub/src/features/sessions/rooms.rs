//! A session's rooms: they share its id, and are opened together.

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use serde::Serialize;
use utoipa::ToSchema;

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
