//! The wire: what a client and a hub say to each other, as bytes and back.
//!
//! A frame is one object or an array of them, in JSON or in MessagePack (maps with string keys). This crate reads and
//! writes the *envelope* only; what a room means travels through it as raw bytes of the same codec, so a broadcast is
//! encoded once and spliced into as many frames as needed, and a command is read without building a tree.
//!
//! | side | reads | writes |
//! |---|---|---|
//! | hub | [`parse_frame`] | [`write_ok`], [`write_err`], [`write_push`], [`write_join_ok`], [`write_hello_ok`], [`write_pong`], [`write_renewed`], [`write_moving`] |
//! | client | [`parse_server_frame`], [`parse_joined`] | [`write_command`] |
//!
//! Pure: no clock, no randomness, no IO. The page for people is `docs/protocol.md`.

mod close;
pub mod code;
mod codec;
mod command;
mod emit;
mod fault;
mod hello;
mod incoming;
mod key;
mod limits;
mod object;
mod payload;
mod reply;
mod scan;
mod server;

pub use close::{CloseCode, Comeback};
pub use codec::Codec;
pub use command::{Command, write_command};
pub use fault::{BadFrame, Reason};
pub use hello::{CommandLimits, Hello, HelloOk, Moving};
pub use incoming::{Commands, Incoming, Since, parse_frame, salvage_id};
pub use key::{format_key, parse_key};
pub use limits::{INTEGER_MAX, Limits};
pub use payload::{PayloadError, decode, encode, encode_into, transcode};
pub use reply::{
    Joined, PushHead, write_err, write_hello_ok, write_join_ok, write_moving, write_ok, write_pong,
    write_push, write_renewed,
};
pub use server::{JoinedReply, Push, ServerMessage, ServerMessages, parse_joined, parse_server_frame};
