//! The task that owns the core: feeds it and does its effects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::keeper::Keeper;
use super::socket::{SocketEvent, SocketHandle};
use super::{Options, TokenError, TokenProvider};
use crate::core::{Action, Core, CoreOptions, Effect, NoToken, Ticket};
use crate::{LinkState, Payload, Refusal, RoomUpdate, code};

/// Events of sockets and token providers that the driver has not taken up; they wait when there are more.
const EVENTS_MAX: usize = 256;

type Answer = oneshot::Sender<Result<Payload, Refusal>>;

/// What a handle asks for.
#[derive(Debug)]
pub(super) enum Ask {
    Join { room: String, heard: mpsc::Sender<RoomUpdate> },
    Leave { room: String },
    Act { action: Action, answer: Answer },
    Signal { room: String, op: String, data: Vec<u8>, answer: Answer },
    Close { done: oneshot::Sender<()> },
}

/// What happened outside.
#[derive(Debug)]
pub(super) enum Event {
    Socket { generation: u64, event: SocketEvent },
    Token { request: u64, token: Result<String, NoToken> },
}

/// Milliseconds since 1970 that never go back: the wall's time at the start, a steady clock from there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    wall_ms: i64,
    started: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX), started: Instant::now() }
    }

    pub(super) fn now_ms(&self) -> i64 {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.wall_ms.saturating_add(passed)
    }

    fn instant(&self, at_ms: i64) -> Instant {
        let ahead_ms = u64::try_from(at_ms.saturating_sub(self.wall_ms)).unwrap_or(0);
        self.started + Duration::from_millis(ahead_ms)
    }
}

struct Driver {
    core: Core,
    clock: Clock,
    options: Options,
    provider: TokenProvider,
    keeper: Keeper,
    events: mpsc::Sender<Event>,
    socket: Option<SocketHandle>,
    generation: u64,
    answers: BTreeMap<Ticket, Vec<Answer>>,
    listeners: BTreeMap<String, Vec<mpsc::Sender<RoomUpdate>>>,
    tell_state: watch::Sender<LinkState>,
    offset_ms: Arc<AtomicI64>,
}

/// Runs until the client is closed or its last handle is gone.
pub(super) async fn run(
    mut options: Options,
    provider: TokenProvider,
    mut keeper: Keeper,
    mut asks: mpsc::Receiver<Ask>,
    tell_state: watch::Sender<LinkState>,
    clock: Clock,
    offset_ms: Arc<AtomicI64>,
) {
    let (events, mut happened) = mpsc::channel(EVENTS_MAX);
    let waiting = keeper.waiting().await;
    options.outbox_max = options.outbox_max.max(waiting.len());
    let mut driver = Driver::new(options, provider, keeper, events, tell_state, clock, offset_ms);
    driver.take_up(waiting);
    driver.core.start(clock.now_ms());
    let mut closing = None;
    while closing.is_none() {
        driver.do_effects().await;
        let wake_at = driver.core.wake_at_ms().map(|at_ms| clock.instant(at_ms));
        tokio::select! {
            ask = asks.recv() => match ask {
                Some(Ask::Close { done }) => closing = Some(Some(done)),
                Some(ask) => driver.take(ask).await,
                None => closing = Some(None),
            },
            Some(event) = happened.recv() => driver.heard(event),
            () = sleep_until(wake_at) => driver.core.tick(clock.now_ms()),
        }
    }
    driver.close().await;
    if let Some(Some(done)) = closing {
        // Nobody waits when the closing handle's future was dropped.
        let _ = done.send(());
    }
}

/// For ever when there is no time to wake at.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl Driver {
    fn new(
        options: Options,
        provider: TokenProvider,
        keeper: Keeper,
        events: mpsc::Sender<Event>,
        tell_state: watch::Sender<LinkState>,
        clock: Clock,
        offset_ms: Arc<AtomicI64>,
    ) -> Self {
        let core = Core::new(CoreOptions {
            codec: options.codec,
            client: options.client.clone(),
            outbox_max: options.outbox_max,
            comeback_max_ms: options.comeback_max_ms,
            seed: seed(clock),
        });
        Self {
            core,
            clock,
            options,
            provider,
            keeper,
            events,
            socket: None,
            generation: 0,
            answers: BTreeMap::new(),
            listeners: BTreeMap::new(),
            tell_state,
            offset_ms,
        }
    }

    /// What an earlier program left in the outbox is done before anything else.
    fn take_up(&mut self, waiting: Vec<Action>) {
        for action in waiting {
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) -> Ticket {
        let key = action.key;
        let ticket = self.core.act(self.clock.now_ms(), action);
        self.keeper.note(ticket, key);
        ticket
    }

    /// Keeps an action and does it; one that waits already goes on waiting, and who did it again hears its answer.
    async fn keep_and_act(&mut self, action: Action, answer: Answer) {
        if let Some(ticket) = self.keeper.ticket(action.key) {
            self.answers.entry(ticket).or_default().push(answer);
            return;
        }
        match self.keeper.keep(&action).await {
            Ok(()) => {
                let ticket = self.act(action);
                self.answers.entry(ticket).or_default().push(answer);
            }
            // Its caller stopped waiting.
            Err(refusal) => drop(answer.send(Err(refusal))),
        }
    }

    async fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Join { room, heard } => {
                self.core.join(&room);
                self.listeners.entry(room).or_default().push(heard);
            }
            Ask::Leave { room } => self.leave(&room),
            Ask::Act { action, answer } => self.keep_and_act(action, answer).await,
            Ask::Signal { room, op, data, answer } => {
                let ticket = self.core.signal(&room, &op, &data);
                self.answers.entry(ticket).or_default().push(answer);
            }
            // The loop has taken it.
            Ask::Close { .. } => {}
        }
    }

    fn heard(&mut self, event: Event) {
        let now_ms = self.clock.now_ms();
        match event {
            Event::Token { request, token } => self.core.token(now_ms, request, token),
            Event::Socket { generation, .. } if generation != self.generation => {}
            Event::Socket { event, .. } => match event {
                SocketEvent::Opened => self.core.opened(now_ms),
                SocketEvent::Frame(bytes) => self.core.frame(now_ms, &bytes),
                SocketEvent::Closed(number) => self.core.closed(now_ms, number),
            },
        }
        self.offset_ms.store(self.core.clock_offset_ms(), Ordering::Relaxed);
    }

    async fn do_effects(&mut self) {
        while let Some(effect) = self.core.effect() {
            match effect {
                Effect::FetchToken { request, fresh } => self.fetch_token(request, fresh),
                Effect::Open => self.open(),
                Effect::Send(frame) => self.send(frame),
                Effect::Close => self.drop_socket(),
                Effect::Update(update) => self.tell(&update),
                Effect::Settled(ticket, outcome) => self.settle(ticket, &outcome).await,
                Effect::State(state) => self.enter(state),
            }
        }
    }

    fn fetch_token(&self, request: u64, fresh: bool) {
        let (token, events) = ((self.provider)(fresh), self.events.clone());
        tokio::spawn(async move {
            let token = token.await.map_err(|error| {
                tracing::debug!(%error, "no token");
                if matches!(error, TokenError::SignedOut) { NoToken::SignedOut } else { NoToken::Passing }
            });
            // The driver is gone: nobody needs the token.
            let _ = events.send(Event::Token { request, token }).await;
        });
    }

    fn open(&mut self) {
        self.generation += 1;
        self.socket = Some(SocketHandle::open(&self.options, self.generation, self.events.clone()));
    }

    /// A socket that does not take its frames is as good as broken.
    fn send(&mut self, frame: Vec<u8>) {
        if self.socket.as_ref().is_some_and(|socket| !socket.send(frame)) {
            self.core.closed(self.clock.now_ms(), 1006);
        }
    }

    fn drop_socket(&mut self) {
        self.generation += 1;
        self.socket = None;
    }

    /// A listener that went away or is far too slow is forgotten; a room without listeners is left.
    fn tell(&mut self, update: &RoomUpdate) {
        let room = update.room();
        let Some(listeners) = self.listeners.get_mut(room) else { return };
        listeners.retain(|heard| heard.try_send(update.clone()).is_ok());
        if listeners.is_empty() || matches!(update, RoomUpdate::Refused { .. }) {
            self.leave(room);
        }
    }

    fn leave(&mut self, room: &str) {
        self.listeners.remove(room);
        self.core.leave(room);
    }

    /// Whoever waits hears it. What the hub has not answered stays in the outbox.
    async fn settle(&mut self, ticket: Ticket, outcome: &Result<Payload, Refusal>) {
        if !outcome.as_ref().is_err_and(|refusal| refusal.code == code::CLOSED) {
            self.keeper.forget(ticket).await;
        }
        for answer in self.answers.remove(&ticket).unwrap_or_default() {
            // Its caller stopped waiting; the action stands.
            let _ = answer.send(outcome.clone());
        }
    }

    /// A client that has stopped for good leaves nobody waiting.
    fn enter(&mut self, state: LinkState) {
        tracing::debug!(?state, "link");
        if matches!(state, LinkState::Stopped(_)) {
            self.core.abandon();
        }
        self.tell_state.send_replace(state);
    }

    async fn close(&mut self) {
        self.core.stop();
        self.core.abandon();
        self.do_effects().await;
    }
}

/// Chance for one client. Without the system's randomness the start time must do: waits are then less spread.
fn seed(clock: Clock) -> u64 {
    getrandom::u64().unwrap_or_else(|_| clock.wall_ms.unsigned_abs())
}
