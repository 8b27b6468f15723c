//! Starting, asking and stopping all shards of a node.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use plenum_domain::Id;
use plenum_domain::tenant::Features;
use plenum_persistence::journal::{Journal, JournalError, Source, Which};
use plenum_persistence::store::Urgency;
use plenum_protocol::CloseCode;
use plenum_rooms::engine::{Accepted, Actor, Codec, Engine, Loaded, Refusal, Settings, Ticket};
use plenum_rooms::{Input, RoomRef, Scope};
use tokio::sync::{mpsc, oneshot};

use super::backlog::Backlog;
use super::desk::{Desk, ONLY};
use super::directory::{Directory, Place};
use super::driver;
use super::health::{ShardHealth, Vitals};
use super::links::{Links, MAILBOX};
use super::message::{Answer, Ask, Mail, News, SocketId};
use super::state::{Shard, ShardCell};
use crate::clock::Clock;
use crate::cluster::{Journals, OneJournal, Outside};
use crate::limits::{LimitSettings, Limits, Remembered};
use crate::socket::{Doors, WireSettings, listen};
use crate::telemetry::Tracer;

/// Shards are numbered in the bits of one word.
const SHARDS_MAX: usize = 64;
/// How long REST waits for a room, and a health check for a shard.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

/// How a node's shards are set up.
#[derive(Clone, Debug)]
pub struct ShardSettings {
    /// How many; 0 is one a core.
    pub shards: usize,
    /// How much people may do.
    pub limits: LimitSettings,
    /// How sockets behave.
    pub wire: WireSettings,
    /// How many pushes of others may wait before a shard; [`super::PUSHES`] unless a test wants less.
    pub pushes_max: usize,
    /// Follows some commands.
    pub tracer: Tracer,
    /// Says when cores have to be left to what the store writes behind.
    pub urgency: Urgency,
}

/// Why the shards could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The journal cannot be read.
    #[error("the journal cannot be read: {0}")]
    Journal(#[from] JournalError),
    /// A room of the journal cannot be understood.
    #[error("the room {room} cannot be restored: {why}")]
    Room {
        /// The room.
        room: RoomRef,
        /// What is wrong with it.
        why: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        why: std::io::Error,
    },
    /// A thread cannot be made.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}

/// All shards of a node.
#[derive(Clone)]
pub struct Shards {
    pub(crate) links: Arc<Links>,
}

/// What a shard's thread is made of.
struct Seed {
    me: usize,
    rooms: Vec<Loaded>,
    mail: mpsc::Receiver<Mail>,
    news: mpsc::UnboundedReceiver<News>,
}

impl Shards {
    /// Reads every room from the journal and starts the shards' threads. They listen once [`Shards::listen`] is called.
    ///
    /// # Errors
    /// [`StartError`]: the journal cannot be read, or a thread cannot be made.
    pub fn start(
        settings: &ShardSettings,
        journal: Arc<dyn Journal>,
        clock: Clock,
    ) -> Result<(Self, Doors), StartError> {
        let mut rooms = Vec::new();
        for loaded in journal.load(Which::All)? {
            rooms.push(loaded?);
        }
        Self::launch(settings, Arc::new(OneJournal(journal)), clock, None, rooms)
    }

    /// Starts the shards of a node among others, without a room: conferences come as they are taken.
    ///
    /// # Errors
    /// [`StartError::Thread`].
    pub fn start_among_others(
        settings: &ShardSettings,
        journals: Arc<dyn Journals>,
        clock: Clock,
        outside: Arc<Outside>,
    ) -> Result<(Self, Doors), StartError> {
        Self::launch(settings, journals, clock, Some(outside), Vec::new())
    }

    fn launch(
        settings: &ShardSettings,
        journals: Arc<dyn Journals>,
        clock: Clock,
        outside: Option<Arc<Outside>>,
        rooms: Vec<Loaded>,
    ) -> Result<(Self, Doors), StartError> {
        let count = shard_count(settings.shards);
        let directory = Directory::new(count);
        let mut seeds: Vec<Seed> = Vec::with_capacity(count);
        let (mut mail, mut news) = (Vec::new(), Vec::new());
        for me in 0..count {
            let (to_mail, mail_of) = mpsc::channel(MAILBOX);
            let (to_news, news_of) = mpsc::unbounded_channel();
            mail.push(to_mail);
            news.push(to_news);
            seeds.push(Seed { me, rooms: Vec::new(), mail: mail_of, news: news_of });
        }
        for loaded in rooms {
            directory.enter(loaded.room, loaded.scope);
            seeds[directory.owner(loaded.scope.conference)].rooms.push(loaded);
        }
        let limits = Limits::new(settings.limits);
        let backlogs = (0..count).map(|_| Backlog::new(settings.pushes_max)).collect();
        let closing = AtomicBool::new(false);
        let (tracer, urgency) = (settings.tracer.clone(), settings.urgency.clone());
        let links = Arc::new(Links {
            mail,
            news,
            backlogs,
            directory,
            journals,
            outside,
            limits,
            clock,
            tracer,
            urgency,
            closing,
        });
        let engine = Settings { shards: count as u32, ..Settings::default() };
        let mut doors = Doors::new(settings.wire.backlog);
        for seed in seeds {
            doors.push(spawn(seed, &links, engine, settings.wire.clone())?);
        }
        Ok((Self { links }, doors))
    }

    /// Opens a room.
    ///
    /// # Errors
    /// The room's refusal, or `hub.busy`.
    pub async fn open(
        &self,
        by: Id,
        room: RoomRef,
        scope: Scope,
        settings: serde_json::Value,
    ) -> Result<Accepted, Refusal> {
        let settings = settings.to_string().into();
        let owner = self.links.directory.owner(scope.conference);
        let input = move |ticket| Input::Open { ticket, by, room, scope, settings };
        match self.ask(owner, input).await? {
            Answer::Outcome(outcome) => outcome?.ok_or_else(unanswered),
            Answer::Looked(..) => Err(unanswered()),
        }
    }

    /// Sends a command to a room, the same as one from a socket.
    ///
    /// # Errors
    /// The room's refusal, `hub.not_found` or `hub.busy`.
    pub async fn command(
        &self,
        by: Arc<Actor>,
        room: RoomRef,
        key: Id,
        op: &str,
        data: serde_json::Value,
    ) -> Result<Option<Accepted>, Refusal> {
        let owner = self.place(room).await?.shard;
        let followed = self.links.tracer.follow(Some(key), op, room);
        let (op, data): (Box<str>, bytes::Bytes) = (op.into(), data.to_string().into());
        let input = move |ticket| {
            let (sub, key, codec) = (None, Some(key), Codec::Json);
            Input::Command { ticket, sub, by, room, key, op, codec, data }
        };
        let outcome = match self.ask(owner, input).await? {
            Answer::Outcome(outcome) => outcome,
            Answer::Looked(..) => Err(unanswered()),
        };
        self.links.tracer.answered(followed, &outcome);
        outcome
    }

    /// Counts someone as present who acts without a socket (made-up people), until the process ends. `nth` is another
    /// number for each of them.
    ///
    /// # Errors
    /// `hub.not_found`, `hub.forbidden` or `hub.busy`.
    pub async fn attend(&self, by: Arc<Actor>, room: RoomRef, nth: u32) -> Result<(), Refusal> {
        let owner = self.place(room).await?.shard;
        let sub = SocketId::nobody(owner as u8, nth).sub();
        let input = move |ticket| Input::Join { ticket, sub, by, room, codec: Codec::Json, since: None };
        match self.ask(owner, input).await? {
            Answer::Outcome(outcome) => outcome.map(|_| ()),
            Answer::Looked(..) => Err(unanswered()),
        }
    }

    /// The room's state as `by` sees it, and its seq.
    ///
    /// # Errors
    /// `hub.not_found`, `hub.forbidden` or `hub.busy`.
    pub async fn look(&self, by: Arc<Actor>, room: RoomRef) -> Result<(u64, serde_json::Value), Refusal> {
        let owner = self.place(room).await?.shard;
        let input = move |ticket| Input::Look { ticket, by, room, codec: Codec::Json };
        match self.ask(owner, input).await? {
            Answer::Looked(seq, state) => {
                let state = serde_json::from_slice(&state);
                Ok((seq, state.map_err(|why| Refusal::new("hub.internal", why.to_string()))?))
            }
            Answer::Outcome(outcome) => Err(outcome.err().unwrap_or_else(unanswered)),
        }
    }

    /// Where a room belongs; none when there is no such room, or when that cannot be known now.
    pub async fn scope(&self, room: RoomRef) -> Option<Scope> {
        self.locate(room).await.ok()
    }

    /// Where a room belongs.
    ///
    /// # Errors
    /// `hub.not_found` when there is no such room, `hub.busy` when that cannot be known now.
    pub async fn locate(&self, room: RoomRef) -> Result<Scope, Refusal> {
        Ok(self.place(room).await?.scope)
    }

    /// Where a room is; one that is not known here is looked for at the other nodes.
    async fn place(&self, room: RoomRef) -> Result<Place, Refusal> {
        let known = self.links.place(room);
        let (Err(_), Some(outside)) = (&known, &self.links.outside) else { return known };
        let (answer, heard) = oneshot::channel();
        // Whoever asked may have given up waiting.
        outside.locate(room, Box::new(move |refusal| drop(answer.send(refusal))));
        match tokio::time::timeout(ANSWER_TIMEOUT, heard).await {
            Ok(Ok(Some(refusal))) => Err(refusal),
            _ => self.links.place(room),
        }
    }

    /// How many rooms the node has.
    pub fn rooms(&self) -> usize {
        self.links.directory.len()
    }

    /// What a tenant has switched off, from now on: its rooms of that kind are closed to its people.
    pub fn switch_off(&self, tenant: Id, off: Features) {
        self.links.limits.switch_off(tenant, off);
    }

    /// Closes every socket of an account, participant, screen or sign-in whose rights changed or who signed out.
    pub fn close_participant(&self, participant: Id) {
        for shard in 0..self.links.shards() {
            self.links.tell(shard, News::Close { participant, code: CloseCode::Token });
        }
        if let Some(outside) = &self.links.outside {
            outside.close(participant);
        }
    }

    /// How much the limits remember.
    pub fn limits(&self) -> Remembered {
        self.links.limits.remembered()
    }

    /// How the shards do.
    pub async fn health(&self) -> ShardHealth {
        let mut health = ShardHealth::default();
        for shard in 0..self.links.shards() {
            let (answer, heard) = oneshot::channel();
            self.links.tell(shard, News::Health(answer));
            match tokio::time::timeout(HEALTH_TIMEOUT, heard).await {
                Ok(Ok(vitals)) => health.shards.push(Vitals { ..vitals }),
                _ => health.silent += 1,
            }
        }
        health
    }

    /// This process is about to end: no socket is opened any more, so that those who come find another hub.
    pub fn close_doors(&self) {
        self.links.closing.store(true, Ordering::Relaxed);
    }

    /// Whether this process is about to end.
    pub fn is_closing(&self) -> bool {
        self.links.is_closing()
    }

    /// Tells all sockets to move away within `over`, waits for that, then keeps every room and stops the shards.
    pub async fn drain(&self, over: Duration) {
        for shard in 0..self.links.shards() {
            self.links.tell(shard, News::Drain { over_ms: over.as_millis() as u64 });
        }
        tokio::time::sleep(over).await;
        let mut stopped = Vec::new();
        for shard in 0..self.links.shards() {
            let (done, heard) = oneshot::channel();
            self.links.tell(shard, News::Stop(done));
            stopped.push(heard);
        }
        for heard in stopped {
            // A shard whose thread is gone has nothing left to keep.
            let _ = tokio::time::timeout(ANSWER_TIMEOUT, heard).await;
        }
    }

    /// Sends the traces that wait.
    pub async fn finish_traces(&self) {
        let tracer = self.links.tracer.clone();
        // It blocks for as long as the collector takes.
        drop(tokio::task::spawn_blocking(move || tracer.finish()).await);
    }

    async fn ask(
        &self,
        owner: usize,
        input: impl FnOnce(Ticket) -> Input + Send + 'static,
    ) -> Result<Answer, Refusal> {
        let (answer, heard) = oneshot::channel();
        self.links.ask(owner, Ask { input: Box::new(input), answer })?;
        let late = || Refusal::busy("the room did not answer in time; try again with the same key", 1_000);
        tokio::time::timeout(ANSWER_TIMEOUT, heard).await.map_err(|_| late())?.map_err(|_| late())
    }
}

fn unanswered() -> Refusal {
    Refusal::new("hub.internal", "the room answered something else")
}

fn shard_count(asked: usize) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if asked == 0 { cores() } else { asked }.min(SHARDS_MAX)
}

/// Starts a shard's thread and waits until its rooms are in memory.
fn spawn(
    seed: Seed,
    links: &Arc<Links>,
    settings: Settings,
    wire: WireSettings,
) -> Result<listen::DoorKey, StartError> {
    let links = Arc::clone(links);
    let (ready, is_ready) = std::sync::mpsc::channel();
    let (key, door) = listen::door();
    let me = seed.me;
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return drop(ready.send(Err(StartError::Thread(error)))),
        };
        let mut shard = match Shard::new(seed.me, links, wire) {
            Ok(shard) => shard,
            Err(error) => return drop(ready.send(Err(StartError::Thread(error)))),
        };
        let restored = restore(&mut shard, settings, seed.rooms);
        let failed = restored.is_err();
        // The starter waits for this before it does anything else.
        let _ = ready.send(restored);
        if failed {
            return;
        }
        let tasks = tokio::task::LocalSet::new();
        let cell = ShardCell::new(shard);
        tasks.spawn_local(listen::serve(cell.clone(), door));
        tasks.block_on(&runtime, driver::run(cell, seed.mail, seed.news));
    };
    std::thread::Builder::new().name(format!("shard-{me}")).spawn(run).map_err(StartError::Thread)?;
    is_ready.recv().map_err(|_| StartError::Thread(std::io::Error::other("the shard's thread ended")))??;
    Ok(key)
}

/// A single node's rooms are at one desk of their shard, from the start on.
fn restore(shard: &mut Shard, settings: Settings, rooms: Vec<Loaded>) -> Result<(), StartError> {
    if shard.links.outside.is_none() {
        let engine = restored(settings, rooms)?;
        let source = Source { shard: shard.me as u32, generation: 0 };
        shard.desks.insert(ONLY, Desk::new(engine, source, None));
    }
    Ok(())
}

/// An engine with these rooms.
///
/// # Errors
/// [`StartError::Room`].
pub(crate) fn restored(settings: Settings, rooms: Vec<Loaded>) -> Result<Engine, StartError> {
    let mut engine = Engine::new(settings);
    for loaded in rooms {
        let room = loaded.room;
        engine.restore(loaded).map_err(|why| StartError::Room { room, why: why.to_string() })?;
    }
    Ok(engine)
}
