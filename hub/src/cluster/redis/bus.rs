//! The bus over Redis: sharded publish and subscribe, a channel a conference.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fred::clients::{Client, SubscriberClient};
use fred::error::Error;
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use fred::types::{Message, Value};
use plenum_domain::Id;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::connect::{ConnectError, connect, settings};
use crate::cluster::bus::{Bus, HEARD_MAX, Heard};
use crate::cluster::lease::{Pending, Unreachable};
use crate::cluster::timing::RENEW_EVERY;

/// One node's end of the bus.
pub struct RedisBus {
    publisher: Client,
    subscriber: SubscriberClient,
    /// What this node wants to hear, also while Redis is away.
    wanted: Arc<Mutex<BTreeSet<Id>>>,
}

impl RedisBus {
    /// Connects in the background, now and whenever the connection is lost; subscriptions are made anew each time.
    /// Call it within a runtime.
    ///
    /// # Errors
    /// The address cannot be read.
    pub fn connect(url: &str) -> Result<Self, ConnectError> {
        let subscriber = settings(url)?.build_subscriber_client().map_err(ConnectError::from)?;
        subscriber.connect();
        drop(subscriber.manage_subscriptions());
        Ok(Self { publisher: connect(url)?, subscriber, wanted: Arc::default() })
    }

    /// The connection that it publishes on.
    pub fn publisher(&self) -> Client {
        self.publisher.clone()
    }

    fn wanted(&self) -> MutexGuard<'_, BTreeSet<Id>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries again until it is subscribed, or is not wanted any more.
    fn subscribe_later(&self, conference: Id) {
        let (subscriber, wanted) = (self.subscriber.clone(), Arc::clone(&self.wanted));
        tokio::spawn(async move {
            loop {
                sleep(RENEW_EVERY).await;
                let is_wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner).contains(&conference);
                if !is_wanted || subscriber.ssubscribe(channel(conference)).await.is_ok() {
                    return;
                }
            }
        });
    }
}

impl Bus for RedisBus {
    fn publish(&self, conference: Id, message: Bytes) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            let sent: Result<Value, Error> =
                self.publisher.spublish(channel(conference), Value::Bytes(message)).await;
            sent.map(|_| ()).map_err(unreachable)
        })
    }

    fn subscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            if !self.wanted().insert(conference) {
                return Ok(());
            }
            let subscribed = self.subscriber.ssubscribe(channel(conference)).await;
            if subscribed.is_err() {
                self.subscribe_later(conference);
            }
            subscribed.map_err(unreachable)
        })
    }

    fn unsubscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            self.wanted().remove(&conference);
            self.subscriber.sunsubscribe(channel(conference)).await.map_err(unreachable)
        })
    }

    fn listen(&self) -> mpsc::Receiver<Heard> {
        let (listener, heard) = mpsc::channel(HEARD_MAX);
        let mut messages = self.subscriber.message_rx();
        tokio::spawn(async move {
            loop {
                let lost = match messages.recv().await {
                    Ok(message) => match read(&message) {
                        // The listener that is full misses it, and asks the owner for it.
                        Some(heard) => u64::from(listener.try_send(heard).is_err()),
                        None => 0,
                    },
                    Err(RecvError::Lagged(count)) => count,
                    Err(RecvError::Closed) => return,
                };
                metrics::counter!("plenum_beats_missed_total").increment(lost);
                if listener.is_closed() {
                    return;
                }
            }
        });
        heard
    }
}

/// The conference is the hash tag, so that its messages stay on one node of a Redis cluster.
fn channel(conference: Id) -> String {
    format!("plenum:beats:{{{conference}}}")
}

fn read(message: &Message) -> Option<Heard> {
    let id = message.channel.strip_prefix("plenum:beats:{")?.strip_suffix('}')?.parse().ok()?;
    Some((id, message.value.clone().into_bytes()?))
}

fn unreachable(error: Error) -> Unreachable {
    Unreachable(error.to_string())
}
