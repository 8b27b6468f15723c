//! What a user of the client holds.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use plenum_protocol::{Codec, encode};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::keeper::Keeper;
use super::run::{self, Ask, Clock};
use super::{Options, TokenError};
use crate::core::Action;
use crate::outbox::Outbox;
use crate::{LinkState, Payload, Refusal, RoomUpdate, code};

/// Requests of the handles that the driver has not taken up; a caller waits when there are more.
const ASKS_MAX: usize = 256;
/// Updates that a stream's owner has not taken up; a stream that is further behind ends.
const UPDATES_MAX: usize = 4096;

/// A participant's line to the hub. Clones share it; it closes with the last of them.
#[derive(Clone, Debug)]
pub struct Client {
    asks: mpsc::Sender<Ask>,
    state: watch::Receiver<LinkState>,
    clock: Clock,
    offset_ms: Arc<AtomicI64>,
    codec: Codec,
}

impl Client {
    /// Connects, and stays connected. `token` is asked for an access token on every connect; with `true` when the last
    /// one was refused or is about to end. Must be called within a tokio runtime.
    pub fn connect<F, T>(options: Options, token: F) -> Self
    where
        F: Fn(bool) -> T + Send + Sync + 'static,
        T: Future<Output = Result<String, TokenError>> + Send + 'static,
    {
        Self::start(options, None, token)
    }

    /// [`Client::connect`], and every action is kept in `outbox` from before it is sent until the hub has answered it. What
    /// waits in it already, from a program that ended too early, is sent first; [`Client::command_with_key`] with the key
    /// of such an action hears its answer.
    pub fn connect_with_outbox<F, T>(options: Options, outbox: impl Outbox, token: F) -> Self
    where
        F: Fn(bool) -> T + Send + Sync + 'static,
        T: Future<Output = Result<String, TokenError>> + Send + 'static,
    {
        Self::start(options, Some(Box::new(outbox)), token)
    }

    fn start<F, T>(options: Options, outbox: Option<Box<dyn Outbox>>, token: F) -> Self
    where
        F: Fn(bool) -> T + Send + Sync + 'static,
        T: Future<Output = Result<String, TokenError>> + Send + 'static,
    {
        let (asks, taken) = mpsc::channel(ASKS_MAX);
        let (tell_state, state) = watch::channel(LinkState::Idle);
        let (clock, offset_ms, codec) = (Clock::start(), Arc::new(AtomicI64::new(0)), options.codec);
        let provider = Arc::new(move |fresh| -> super::TokenFuture { Box::pin(token(fresh)) });
        let keeper = Keeper::new(outbox, codec);
        tokio::spawn(run::run(options, provider, keeper, taken, tell_state, clock, Arc::clone(&offset_ms)));
        Self { asks, state, clock, offset_ms, codec }
    }

    /// Listens to a room: its state comes first, then every change once.
    pub async fn join(&self, room: &str) -> Result<RoomStream, Refusal> {
        let (heard, updates) = mpsc::channel(UPDATES_MAX);
        self.ask(Ask::Join { room: room.to_owned(), heard }).await?;
        Ok(RoomStream { updates })
    }

    /// Ends every stream of a room and leaves it.
    pub async fn leave(&self, room: &str) -> Result<(), Refusal> {
        self.ask(Ask::Leave { room: room.to_owned() }).await
    }

    /// Does something in a room. Returns with the hub's answer, after it is durable; while the line is down it waits,
    /// and is sent again with the same key until it is answered.
    pub async fn command<D: Serialize + ?Sized>(
        &self,
        room: &str,
        op: &str,
        data: &D,
    ) -> Result<Payload, Refusal> {
        self.command_with_key(room, op, data, Uuid::now_v7().as_u128()).await
    }

    /// [`Client::command`] with the caller's own key: the same key is the same action, also after a restart.
    pub async fn command_with_key<D: Serialize + ?Sized>(
        &self,
        room: &str,
        op: &str,
        data: &D,
        key: u128,
    ) -> Result<Payload, Refusal> {
        let action = Action { key, room: room.to_owned(), op: op.to_owned(), data: self.encode(data)? };
        let (answer, answered) = oneshot::channel();
        self.ask(Ask::Act { action, answer }).await?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Does something that is not worth keeping (a reaction): now or not at all, and without a key.
    pub async fn signal<D: Serialize + ?Sized>(
        &self,
        room: &str,
        op: &str,
        data: &D,
    ) -> Result<Payload, Refusal> {
        let (answer, answered) = oneshot::channel();
        let data = self.encode(data)?;
        self.ask(Ask::Signal { room: room.to_owned(), op: op.to_owned(), data, answer }).await?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Where the connection is, now and after every change.
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// The hub's clock, in milliseconds since 1970.
    pub fn server_now_ms(&self) -> i64 {
        self.clock.now_ms().saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Disconnects; what has no answer yet is refused with `client.closed`, and stays in the outbox when there is one.
    pub async fn close(self) {
        let (done, closed) = oneshot::channel();
        if self.ask(Ask::Close { done }).await.is_ok() {
            // An error means that the driver is gone already, which is what was asked for.
            let _ = closed.await;
        }
    }

    async fn ask(&self, ask: Ask) -> Result<(), Refusal> {
        self.asks.send(ask).await.map_err(|_| closed())
    }

    fn encode<D: Serialize + ?Sized>(&self, data: &D) -> Result<Vec<u8>, Refusal> {
        encode(self.codec, data).map_err(|error| Refusal::new(code::BAD_DATA, error.to_string()))
    }
}

fn closed() -> Refusal {
    Refusal::new(code::CLOSED, "the client is closed")
}

/// What is heard of one room.
#[derive(Debug)]
pub struct RoomStream {
    updates: mpsc::Receiver<RoomUpdate>,
}

impl RoomStream {
    /// The next update. `None` when the room was left, the client was closed, or this stream fell too far behind
    /// (4096 updates): join again for the state of now.
    pub async fn next(&mut self) -> Option<RoomUpdate> {
        self.updates.recv().await
    }
}
