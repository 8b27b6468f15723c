//! The connections that this node made to others, one to each.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::lease::Member;
use super::line::{Key, greet, talk};
use super::router::Event;
use super::wire::{Down, Up};
use crate::clock::Clock;

/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);
/// Messages that wait to be sent to one node; past it they are refused.
const UP_MAX: usize = 16_384;

/// A connection to another node.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Never given twice.
    pub(super) number: u64,
    pub(super) say: mpsc::Sender<Up>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Line>>>;

/// All of them.
pub(super) struct Lines {
    me: Member,
    key: Key,
    clock: Clock,
    slots: Mutex<HashMap<Member, Slot>>,
    numbers: AtomicU64,
    events: mpsc::UnboundedSender<Event>,
}

impl Lines {
    pub(super) fn new(me: Member, key: Key, clock: Clock, events: mpsc::UnboundedSender<Event>) -> Self {
        Self { me, key, clock, slots: Mutex::default(), numbers: AtomicU64::new(0), events }
    }

    /// The connection to a member, made when there is none.
    ///
    /// # Errors
    /// The member cannot be reached, is another one by now, or does not know the installation's secret.
    pub(super) async fn to(&self, member: &Member) -> io::Result<Line> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.retain(|one, slot| one == member || Arc::strong_count(slot) > 1 || slot_is_open(slot));
            Arc::clone(slots.entry(member.clone()).or_default())
        };
        let mut slot = slot.lock().await;
        if let Some(line) = slot.as_ref().filter(|line| !line.say.is_closed()) {
            return Ok(line.clone());
        }
        let stream = self.dial(member).await?;
        Ok(slot.insert(self.open(stream)).clone())
    }

    async fn dial(&self, member: &Member) -> io::Result<TcpStream> {
        let mut stream = timeout(CONNECT_WITHIN, TcpStream::connect(&member.address)).await??;
        stream.set_nodelay(true)?;
        let found = greet(&mut stream, &self.me, &self.key, &self.clock).await?;
        if (&found.node, found.run) != (&member.node, member.run) {
            let why = format!("{} is {} of run {} by now", member.address, found.node, found.run);
            return Err(io::Error::new(io::ErrorKind::NotFound, why));
        }
        Ok(stream)
    }

    fn open(&self, stream: TcpStream) -> Line {
        let (say, messages) = mpsc::channel(UP_MAX);
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let (heard, broken) = (self.events.clone(), self.events.clone());
        tokio::spawn(async move {
            // The router ends with the process.
            let hear = move |down: Down| drop(heard.send(Event::Heard { line: number, down }));
            let why = talk(stream, messages, hear).await;
            tracing::info!(%why, "a connection to another node ended");
            let _ = broken.send(Event::Broken { line: number });
        });
        Line { number, say }
    }
}

fn slot_is_open(slot: &Slot) -> bool {
    slot.try_lock().is_ok_and(|line| line.as_ref().is_some_and(|line| !line.say.is_closed()))
}
