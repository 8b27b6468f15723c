//! The hub's parts, wired once.

mod cluster;
mod programmes;
mod projection;
mod start;

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use metrics_exporter_prometheus::PrometheusHandle;
use plenum_domain::Id;
use plenum_persistence::store::{Store, StoreError};
use plenum_push::channel::mail::Mail;

use crate::auth::{Auth, OldTokens, OperatorKey};
use crate::clock::Clock;
use crate::config::Config;
use crate::features::join::JoinLimit;
use crate::http::Recent;
use crate::shard::Shards;
use crate::socket::Files;
use crate::socket::tls::TlsKeys;
use crate::tenants::{Standing, Tenants};
use crate::web::Policy;

pub use cluster::{Among, JoinFailure};
pub use projection::Projection;
pub use start::{Hub, StartFailure, open_store, open_store_with, start};

/// What every handler may use. Clones are one app.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// What operators set.
    pub config: Config,
    /// The only clock.
    pub clock: Clock,
    /// What is looked up and listed.
    pub store: Store,
    /// Who is calling.
    pub auth: Auth,
    /// How tenants stand.
    pub tenants: Tenants,
    /// The way to people's mailboxes.
    pub mail: Mail,
    /// Whoever runs the installation.
    pub operator: OperatorKey,
    /// The live rooms.
    pub shards: Shards,
    /// This hub among others; none when it is alone.
    pub among: Option<Among>,
    /// The store's way behind the journal.
    pub projection: Projection,
    /// Where metrics are read; none when they are off.
    pub metrics: Option<PrometheusHandle>,
    /// The certificate of the listener; none when it speaks plain HTTP.
    pub tls: Option<Arc<TlsKeys>>,
    /// The process's file descriptors.
    pub files: Arc<Files>,
    pub(crate) policy: Policy,
    pub(crate) recent: Recent,
    pub(crate) joins: JoinLimit,
    public_url: OnceLock<String>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// The address that people type, without a slash at its end.
    pub fn public_url(&self) -> &str {
        self.public_url.get_or_init(|| self.config.public_url(self.config.server.listen))
    }

    /// What someone may do has changed: it holds from now on, for their sockets too.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn rights_changed(&self, tenant: Id, subject: Id, old: OldTokens) -> Result<(), StoreError> {
        self.auth.changed(tenant, subject, old).await?;
        self.shards.close_participant(subject);
        Ok(())
    }

    /// Reads the certificate and its key again. A pair that cannot be used changes nothing.
    pub(crate) fn reload_tls(&self) {
        let Some(tls) = &self.tls else {
            return tracing::info!("server.tls is not set: nothing to read again");
        };
        match tls.reload(self.clock.now()) {
            Ok(()) => tracing::info!("the certificate was read again"),
            Err(error) => tracing::error!(%error, "the old certificate stays in use"),
        }
    }

    /// A tenant changed: from now on it is what the store says, for its sockets too.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn reread_tenant(&self, id: Id) -> Result<Option<Arc<Standing>>, StoreError> {
        self.tenants.forget(id);
        let standing = self.tenants.of(id).await?;
        if let Some(standing) = &standing {
            self.shards.switch_off(id, standing.setup.off);
        }
        Ok(standing)
    }

    /// The listener is bound: from now on links lead to where it really is. Says what they begin with.
    fn announce(&self, bound: SocketAddr) -> &str {
        self.public_url.get_or_init(|| self.config.public_url(bound))
    }
}
