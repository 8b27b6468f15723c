//! The driver's side of an outbox: on a thread that may block, one call at a time.

use std::collections::BTreeMap;
use std::io;

use plenum_protocol::Codec;

use crate::core::{Action, Ticket};
use crate::outbox::{Kept, Outbox};
use crate::{Refusal, code};

/// Keeps actions while they wait; without an outbox it keeps nothing.
pub(super) struct Keeper {
    is_there: bool,
    /// Absent while a call is under way, and for good after one that panicked.
    outbox: Option<Box<dyn Outbox>>,
    codec: Codec,
    keys: BTreeMap<Ticket, u128>,
}

impl Keeper {
    pub(super) fn new(outbox: Option<Box<dyn Outbox>>, codec: Codec) -> Self {
        Self { is_there: outbox.is_some(), outbox, codec, keys: BTreeMap::new() }
    }

    /// What an earlier program left.
    pub(super) async fn waiting(&mut self) -> Vec<Action> {
        let waiting = match self.is_there {
            true => self.call(Outbox::waiting).await,
            false => Ok(Vec::new()),
        };
        let waiting = waiting.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox cannot be read; what waits in it is not sent");
            Vec::new()
        });
        // What an outbox gave back is an object, which every codec can write.
        waiting.into_iter().filter_map(|kept| kept.action(self.codec).ok()).collect()
    }

    /// Keeps an action before it is sent.
    pub(super) async fn keep(&mut self, action: &Action) -> Result<(), Refusal> {
        if !self.is_there {
            return Ok(());
        }
        let kept = Kept::of(self.codec, action)?;
        let done = self.call(move |outbox| outbox.keep(&kept)).await;
        done.map_err(|error| Refusal::new(code::NOT_KEPT, error.to_string()))
    }

    /// The action has this ticket until it is answered.
    pub(super) fn note(&mut self, ticket: Ticket, key: u128) {
        if self.is_there {
            self.keys.insert(ticket, key);
        }
    }

    /// The ticket of an action that waits already.
    pub(super) fn ticket(&self, key: u128) -> Option<Ticket> {
        self.keys.iter().find(|(_, waiting)| **waiting == key).map(|(ticket, _)| *ticket)
    }

    /// The action with this ticket was answered.
    pub(super) async fn forget(&mut self, ticket: Ticket) {
        let Some(key) = self.keys.remove(&ticket) else { return };
        if let Err(error) = self.call(move |outbox| outbox.forget(key)).await {
            tracing::warn!(%error, "the outbox still has what was answered; it will be sent again, which changes nothing");
        }
    }

    /// Asks the outbox without holding up the runtime's thread.
    async fn call<T: Send + 'static>(
        &mut self,
        ask: impl FnOnce(&mut dyn Outbox) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let lost = || io::Error::other("the outbox failed before");
        let mut outbox = self.outbox.take().ok_or_else(lost)?;
        let done = tokio::task::spawn_blocking(move || {
            let answer = ask(outbox.as_mut());
            (outbox, answer)
        });
        let (outbox, answer) = done.await.map_err(io::Error::other)?;
        self.outbox = Some(outbox);
        answer
    }
}
