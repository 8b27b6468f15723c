//! A Rust client of the hub: connect, join rooms, act, come back without loss.
//!
//! [`core::Core`] is the whole client as a pure state machine: bytes, answers and the time go in, effects come out. It
//! decides every retry and knows no socket, so a test can be its world. [`Client`] drives one on tokio.
//!
//! What was done and not answered waits in memory; with an [`Outbox`] ([`Client::connect_with_outbox`]) it waits on a disk and
//! is sent by the next program that opens it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use plenum_client::{Client, Options, RoomUpdate};
//!
//! let options = Options::new("ws://127.0.0.1:8080/api/v1/networking/connect");
//! let client = Client::connect(options, |_fresh| async { Ok("token".to_owned()) });
//! let mut poll = client.join("poll:01K30DWW01FAY8VVR14D2PF2DB").await?;
//! client.command("poll:01K30DWW01FAY8VVR14D2PF2DB", "poll.vote", &serde_json::json!({"options": ["a"]})).await?;
//! while let Some(update) = poll.next().await {
//!     if let RoomUpdate::Push { ev, data, .. } = update {
//!         println!("{ev} {}", data.decode::<serde_json::Value>()?);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

pub mod core;
mod driver;
pub mod outbox;
mod refusal;
mod update;

pub use driver::{Client, Options, RoomStream, TokenError};
pub use outbox::{FileOutbox, Kept, Outbox};
pub use refusal::{Refusal, code};
pub use update::{LinkState, Payload, RoomUpdate, StopReason};

pub use plenum_protocol::Codec;
