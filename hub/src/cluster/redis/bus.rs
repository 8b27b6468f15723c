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
        let bus = Self { publisher: connect(url)?, subscriber, wanted: Arc::default() };
        tokio::spawn(bus.ear().keep_subscribed());
        bus.subscriber.connect();
        Ok(bus)
    }

    /// The connection that it publishes on.
    pub fn publisher(&self) -> Client {
        self.publisher.clone()
    }

    fn ear(&self) -> Ear {
        Ear { subscriber: self.subscriber.clone(), wanted: Arc::clone(&self.wanted) }
    }
}

/// The side of it that hears.
#[derive(Clone)]
struct Ear {
    subscriber: SubscriberClient,
    wanted: Arc<Mutex<BTreeSet<Id>>>,
}

impl Ear {
    fn wanted(&self) -> MutexGuard<'_, BTreeSet<Id>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn subscribe(&self, conference: Id) -> Result<(), Error> {
        let subscribed = self.subscriber.ssubscribe(channel(conference)).await;
        if subscribed.is_err() {
            tokio::spawn(self.clone().subscribe_later(conference));
        }
        subscribed
    }

    /// Tries again until it is subscribed, or is not wanted any more.
    async fn subscribe_later(self, conference: Id) {
        loop {
            sleep(RENEW_EVERY).await;
            let is_wanted = self.wanted().contains(&conference);
            if !is_wanted || self.subscriber.ssubscribe(channel(conference)).await.is_ok() {
                return;
            }
        }
    }

    /// A connection that is made anew has no subscriptions. fred's own keeper of them asks for those of the other two
    /// sorts first, of which there are none, and gives up when Redis refuses to subscribe to nothing.
    async fn keep_subscribed(self) {
        let mut reconnects = self.subscriber.reconnect_rx();
        while !matches!(reconnects.recv().await, Err(RecvError::Closed)) {
            let wanted = self.wanted().clone();
            for conference in wanted {
                if let Err(error) = self.subscribe(conference).await {
                    tracing::debug!(%conference, %error, "not subscribed anew yet");
                }
            }
        }
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
            let ear = self.ear();
            if !ear.wanted().insert(conference) {
                return Ok(());
            }
            ear.subscribe(conference).await.map_err(unreachable)
        })
    }

    fn unsubscribe(&self, conference: Id) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            self.ear().wanted().remove(&conference);
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
