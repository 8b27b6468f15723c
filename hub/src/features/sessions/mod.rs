//! Sessions of a conference's programme, and their rooms.

mod rooms;

pub use rooms::SessionRooms;
