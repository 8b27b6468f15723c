//! A hub with rooms, a journal in memory, and tokens that say who they are.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use plenum_domain::{Id, Roles, Timestamp};
use plenum_hub::clock::Clock;
use plenum_hub::limits::LimitSettings;
use plenum_hub::shard::{PUSHES, ShardSettings, Shards, StartError};
use plenum_hub::socket::tls::TlsKeys;
use plenum_hub::socket::{
    Doors, Files, Front, Http, Identified, Identify, IdentifyError, Identity, WireSettings,
};
use plenum_persistence::journal::{MemoryJournal, Settings};
use plenum_rooms::engine::Actor;
use plenum_rooms::{RoomRef, Scope};
use serde_json::json;

use crate::wire::Socket;

pub(crate) const TENANT: Id = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0001);
pub(crate) const CONFERENCE: Id = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0002);
pub(crate) const SCREEN: Id = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0003);

/// Nothing of these tests takes longer; a test that waits does so until here.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

pub(crate) struct Hub {
    pub(crate) address: SocketAddr,
    pub(crate) shards: Shards,
    pub(crate) journal: MemoryJournal,
    runtime: tokio::runtime::Runtime,
}

/// Tokens of the form `<tenant>:<number>:<role>[:<lifetime in ms>]`.
struct Tokens(Clock);

impl Identify for Tokens {
    fn identify<'a>(&'a self, token: &'a str) -> Identified<'a> {
        Box::pin(std::future::ready(self.read(token).ok_or(IdentifyError::Invalid)))
    }
}

impl Tokens {
    fn read(&self, token: &str) -> Option<Identity> {
        let mut parts = token.split(':');
        let tenant = Id::from_bits(TENANT.bits() - 1 + parts.next()?.parse::<u128>().ok()?);
        let participant = Id::from_bits(1_000 + parts.next()?.parse::<u128>().ok()?);
        let role = parts.next()?.parse().ok()?;
        let lifetime_ms = parts.next().map_or(Some(900_000), |ms| ms.parse().ok())?;
        let actor = Actor { participant, name: format!("Person {participant}"), roles: Roles::of(&[role]) };
        let expires = Timestamp::from_ms(self.0.now().ms() + lifetime_ms);
        let (elsewhere, session) = (Arc::default(), participant);
        Some(Identity { tenant, actor: Arc::new(actor), elsewhere, conference: None, session, expires })
    }
}

pub(crate) fn settings() -> ShardSettings {
    ShardSettings {
        shards: 2,
        limits: LimitSettings::default(),
        wire: WireSettings::default(),
        tracer: Default::default(),
        urgency: Default::default(),
        pushes_max: PUSHES,
    }
}

/// As many commands as a test likes to send.
pub(crate) fn unlimited() -> ShardSettings {
    let limits = LimitSettings { commands_per_s: 0, tenant_commands_per_s: 0, ..LimitSettings::default() };
    ShardSettings { limits, ..settings() }
}

impl Hub {
    pub(crate) fn start(settings: &ShardSettings) -> Self {
        Self::over(settings, MemoryJournal::new(7, Settings::default()))
    }

    /// A hub over a journal that another one may have written.
    pub(crate) fn over(settings: &ShardSettings, journal: MemoryJournal) -> Self {
        Self::try_over(settings, journal, ([127, 0, 0, 1], 0).into()).unwrap()
    }

    /// A hub that speaks TLS.
    pub(crate) fn secured(settings: &ShardSettings, keys: Arc<TlsKeys>) -> Self {
        let journal = MemoryJournal::new(7, Settings::default());
        Self::over_journal(settings, journal, ([127, 0, 0, 1], 0).into(), Some(keys)).unwrap()
    }

    /// The same on an address that may be taken.
    pub(crate) fn try_over(
        settings: &ShardSettings,
        journal: MemoryJournal,
        address: SocketAddr,
    ) -> Result<Self, StartError> {
        Self::over_journal(settings, journal, address, None)
    }

    fn over_journal(
        settings: &ShardSettings,
        journal: MemoryJournal,
        address: SocketAddr,
        tls: Option<Arc<TlsKeys>>,
    ) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let clock = Clock::new();
        let (shards, doors) = Shards::start(settings, Arc::new(journal.clone()), clock.clone())?;
        Self::serve((shards, doors), clock, runtime, journal, address, tls)
    }

    fn serve(
        (shards, doors): (Shards, Doors),
        clock: Clock,
        runtime: tokio::runtime::Runtime,
        journal: MemoryJournal,
        address: SocketAddr,
        tls: Option<Arc<TlsKeys>>,
    ) -> Result<Self, StartError> {
        let router = Router::new().route("/livez", get(|| async { "alive" }));
        let router = router.route("/long", get(|| async { "long ".repeat(60_000) + "the end" }));
        let http = Http::new(router, runtime.handle().clone());
        let files = Arc::new(Files::with_limit(20_000));
        let front = Front { who: Arc::new(Tokens(clock)), http, origins: Vec::new(), tls, files };
        let address = doors.open(address, &front)?;
        Ok(Self { address, shards, journal, runtime })
    }

    /// A hub whose shards are there already.
    pub(crate) fn behind(
        shards: Shards,
        doors: Doors,
        clock: Clock,
        runtime: tokio::runtime::Runtime,
        journal: MemoryJournal,
    ) -> Self {
        Self::serve((shards, doors), clock, runtime, journal, ([127, 0, 0, 1], 0).into(), None).unwrap()
    }

    /// Ends all that the hub does outside of its shards, at once.
    pub(crate) fn end(self) {
        self.runtime.shutdown_background();
    }

    /// A hub with one screen's room.
    pub(crate) fn with_screen() -> (Self, RoomRef) {
        let hub = Self::start(&settings());
        let room = RoomRef::new("screen", SCREEN);
        hub.open(room, json!({"name": "Foyer", "session": null}));
        (hub, room)
    }

    pub(crate) fn open(&self, room: RoomRef, settings: serde_json::Value) {
        let scope = Scope { tenant: TENANT, conference: CONFERENCE, session: None };
        self.block_on(self.shards.open(TENANT, room, scope, settings)).unwrap();
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Waits until `is_so`, with the deadline of all tests.
    pub(crate) fn wait_until(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            assert!(start.elapsed() < DEADLINE, "waited too long until {what}");
            std::thread::yield_now();
        }
    }

    pub(crate) fn sockets(&self) -> usize {
        self.block_on(self.shards.health()).sockets()
    }
}

impl Socket {
    /// Opens a socket and agrees on a subprotocol, without a hello.
    pub(crate) fn connect(hub: &Hub, subprotocol: &str) -> Self {
        Self::over(TcpStream::connect(hub.address).unwrap(), subprotocol)
    }

    /// A socket that has said hello.
    pub(crate) fn hello(hub: &Hub, token: &str) -> Self {
        let mut socket = Self::connect(hub, "plenum.v1.json");
        let ok = socket.ask(json!({"op": "hello", "data": {"token": token, "client": "test/1"}}));
        assert!(ok["ok"]["participant"].is_string(), "{ok}");
        socket
    }
}
