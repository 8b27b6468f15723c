//! From configuration to a hub that listens, and back to nothing.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use plenum_domain::Id;
use plenum_persistence::journal::{Journal, OpenError, Settings as JournalSettings, SqliteJournal};
use plenum_persistence::store::{OpenStoreError, Page, Settings as StoreSettings, Store, StoreError};
use plenum_push::channel::mail::{self, Mail, MailError};

use super::cluster::{self, Among, JoinFailure};
use super::projection::Projection;
use super::{App, Parts};
use crate::auth::{Auth, OperatorKey, SecretError};
use crate::clock::Clock;
use crate::config::Config;
use crate::features::join::JoinLimit;
use crate::features::notices;
use crate::http::{Recent, router};
use crate::limits::LimitSettings;
use crate::shard::{PUSHES, ShardSettings, Shards, StartError};
use crate::socket::tls::{TlsError, TlsKeys};
use crate::socket::{Doors, Files, Front, Http, WireSettings};
use crate::telemetry::{TelemetryError, Tracer, start_traces};
use crate::tenants::{Setup, Tenants};
use crate::web::Policy;

/// How often what has ended is swept out of the store and of memory, in seconds.
const SWEEP_S: u64 = 300;
/// How often the hub looks for changes of rights by others on its store.
/// How long what is remembered of a sign-in outlives its last token at most, in milliseconds: a day.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
const FOLLOW: Duration = Duration::from_secs(2);

/// A hub whose rooms are in memory, and whose doors are still closed.
pub struct Hub {
    /// Its parts.
    pub app: App,
    doors: Doors,
}

/// Why a hub does not start. Each says which file or key is at fault.
#[derive(Debug, thiserror::Error)]
pub enum StartFailure {
    /// The store.
    #[error(transparent)]
    Store(#[from] OpenStoreError),
    /// A statement at the start.
    #[error("the store cannot be used: {0}")]
    Statement(#[from] StoreError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] OpenError),
    /// The signing key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The certificate or its key.
    #[error("server.tls: {0}")]
    Tls(#[from] TlsError),
    /// The limit of file descriptors.
    #[error("the limit of file descriptors cannot be raised: {0}")]
    Files(std::io::Error),
    /// The way to people's mailboxes.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The shards.
    #[error(transparent)]
    Shards(#[from] StartError),
    /// The other nodes.
    #[error(transparent)]
    Join(#[from] JoinFailure),
    /// Traces.
    #[error(transparent)]
    Traces(#[from] TelemetryError),
}

/// Opens the store, the journal and every room.
///
/// # Errors
/// The first of them that cannot be opened.
pub async fn start(config: Config, metrics: Option<PrometheusHandle>) -> Result<Hub, StartFailure> {
    let clock = Clock::new();
    let tls = open_tls(&config, &clock)?;
    let files = Arc::new(Files::raise().map_err(StartFailure::Files)?);
    let store = open_store(&config).await?;
    store.abandon_all_requests(&config.node.id).await?;
    let tenants = Tenants::new(store.clone(), clock.clone());
    let auth = Auth::open(&config.auth, store.clone(), tenants.clone(), clock.clone())?;
    let operator = OperatorKey::open(&config.auth.operator_file, &clock)?;
    let mail = Mail::open(&mail_settings(&config.mail))?;
    auth.recall_cutoffs().await?;
    let Rooms { shards, doors, projection, among } = open_rooms(&config, &store, &clock).await?;
    let parts = Parts {
        policy: Policy::new(&config.public_url(config.server.listen)),
        recent: Recent::default(),
        joins: JoinLimit::new(config.limits.joins_per_address_per_min),
        public_url: OnceLock::new(),
        config,
        clock,
        store,
        auth,
        tenants,
        mail,
        operator,
        shards,
        among,
        projection,
        metrics,
        tls,
        files,
    };
    let app = App(Arc::new(parts));
    switch_features(&app).await?;
    Ok(Hub { app, doors })
}

/// The live rooms, and who follows and shares them.
struct Rooms {
    shards: Shards,
    doors: Doors,
    projection: Projection,
    among: Option<Among>,
}

/// A hub that is alone has all rooms of its journal; one among others takes conferences as they are asked for.
async fn open_rooms(config: &Config, store: &Store, clock: &Clock) -> Result<Rooms, StartFailure> {
    let tracer = start_traces(&config.telemetry, &config.node.id, clock.clone())?;
    let settings = shard_settings(config, tracer.clone(), store);
    if let Some(url) = &config.redis.url {
        let joined = cluster::join(config, &settings, url, store, clock).await?;
        let projection = Projection::in_cluster(joined.among.keeper.clone(), store.clone(), tracer);
        let (shards, doors, among) = (joined.shards, joined.doors, Some(joined.among));
        return Ok(Rooms { shards, doors, projection, among });
    }
    let journal = open_journal(config, clock)?;
    let projection = Projection::start(Arc::clone(&journal), store.clone(), &tracer).await?;
    let (shards, doors) = Shards::start(&settings, journal, clock.clone())?;
    Ok(Rooms { shards, doors, projection, among: None })
}

/// Opens the store as the configuration says.
///
/// # Errors
/// The store cannot be opened.
pub async fn open_store(config: &Config) -> Result<Store, OpenStoreError> {
    open_store_with(config, config.store.migrate).await
}

/// Opens the store, and brings its schema up to date or leaves it alone.
///
/// # Errors
/// The store cannot be opened.
pub async fn open_store_with(config: &Config, migrate: bool) -> Result<Store, OpenStoreError> {
    let wait = Duration::from_millis(config.store.wait_ms);
    let settings = StoreSettings { migrate, connections: config.store.connections, wait };
    Store::open(&config.store.url, &settings).await
}

fn open_tls(config: &Config, clock: &Clock) -> Result<Option<Arc<TlsKeys>>, TlsError> {
    let files = config.server.tls.files();
    files.map(|(cert, key)| TlsKeys::load(cert, key, clock.now()).map(Arc::new)).transpose()
}

fn open_journal(config: &Config, clock: &Clock) -> Result<Arc<dyn Journal>, OpenError> {
    let settings =
        JournalSettings { size_bytes_max: config.journal.size_bytes_max, ..JournalSettings::default() };
    let new_epoch = u64::from_be_bytes(clock.secret());
    Ok(Arc::new(SqliteJournal::open(&config.journal.path, new_epoch, settings)?))
}

fn mail_settings(config: &crate::config::Mail) -> mail::Settings {
    let crate::config::Mail { url, folder, from } = config.clone();
    mail::Settings { url, folder, from }
}

/// How many seconds' worth of commands may come at once.
const BURST_S: u32 = 4;

fn shard_settings(config: &Config, tracer: Tracer, store: &Store) -> ShardSettings {
    let (limits, default) = (&config.limits, LimitSettings::default());
    let unlimited = limits.commands_per_s == 0;
    ShardSettings {
        shards: config.server.shards as usize,
        limits: LimitSettings {
            commands_per_s: limits.commands_per_s,
            commands_burst: limits.commands_per_s.saturating_mul(BURST_S),
            tenant_commands_per_s: if unlimited { 0 } else { default.tenant_commands_per_s },
            sockets_per_participant: limits.sockets_per_participant,
            sockets_per_address: limits.sockets_per_address,
        },
        wire: WireSettings::default(),
        pushes_max: PUSHES,
        tracer,
        urgency: store.urgency().clone(),
    }
}

impl Hub {
    /// Opens the doors. Returns the address, with the port that the system chose when it was 0.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub fn listen(self) -> Result<(App, SocketAddr), StartFailure> {
        let Self { app, doors } = self;
        let front = Front {
            who: Arc::new(app.auth.clone()),
            http: Http::new(router(app.clone()), tokio::runtime::Handle::current()),
            origins: app.config.web.allowed_origins.clone(),
            tls: app.tls.clone(),
            files: Arc::clone(&app.files),
        };
        let bound = doors.open(app.config.server.listen, &front)?;
        app.announce(bound);
        tokio::spawn(sweep(app.clone()));
        tokio::spawn(follow_rights(app.clone()));
        tokio::spawn(super::programmes::follow_programmes(app.clone()));
        tokio::spawn(notices::deliver(app.clone()));
        Ok((app, bound))
    }
}

/// What another hub on this store changed holds here too. A tenant that is open keeps its sockets.
async fn changed_elsewhere(app: &App, subject: Id) {
    match app.reread_tenant(subject).await {
        Ok(Some(standing)) if standing.is_open().is_ok() => {}
        Ok(_) => app.shards.close_participant(subject),
        Err(error) => {
            tracing::warn!(%error, "what another hub changed cannot be read; its sockets are closed");
            app.shards.close_participant(subject);
        }
    }
}

/// Reads what tenants have switched off.
async fn switch_features(app: &App) -> Result<(), StoreError> {
    for number in 1.. {
        let page = Page::new(number, Page::PER_PAGE_MAX);
        let listed = app.store.tenant_states(page).await?;
        for state in &listed.items {
            app.shards.switch_off(state.id, Setup::read(&state.settings).off);
        }
        if u64::from(number) * u64::from(Page::PER_PAGE_MAX) >= listed.total {
            break;
        }
    }
    Ok(())
}

/// Closes the sockets of those whose rights were changed by others on this store, until the process ends.
async fn follow_rights(app: App) {
    let mut beat = tokio::time::interval(FOLLOW);
    loop {
        beat.tick().await;
        match app.auth.changed_by_others().await {
            Ok(changed) => {
                for subject in changed {
                    changed_elsewhere(&app, subject).await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "changes of rights by others are not known; the next look will tell");
            }
        }
    }
}

/// Takes out what has ended, until the process does.
async fn sweep(app: App) {
    let mut beat = tokio::time::interval(Duration::from_secs(SWEEP_S));
    loop {
        beat.tick().await;
        app.joins.sweep();
        app.tenants.sweep();
        let now = app.clock.now();
        let swept = [
            app.store.sweep_requests(now).await,
            app.store.sweep_refresh_tokens(now).await,
            app.store.sweep_pairings(now).await,
            app.auth.sweep(now).await.map(|()| 0),
            app.store.sweep_resets(now).await,
            app.store.give_up_letters(now, notices::LOST).await,
            app.store.sweep_sign_ins(now.plus_ms(-KEPT_MS)).await,
            app.store.purge_tenants(now).await.map(|gone| gone.len() as u64),
        ];
        for error in swept.into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "what has ended was not swept; the next sweep will");
        }
    }
}
