//! The core on tokio: a task that owns it, a task per socket, and the handle that its users hold.

mod handle;
mod keeper;
mod run;
mod socket;
mod trust;

pub use handle::{Client, RoomStream};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use plenum_protocol::Codec;

/// How many actions may wait unless told otherwise.
const OUTBOX_MAX: usize = 200;
/// How long a client waits between two tries unless told otherwise, in milliseconds.
const COMEBACK_MAX_MS: u64 = crate::core::LONGEST_MS;

/// What a client is made with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The socket's address, `wss://…/api/v1/networking/connect`; `ws://` on the hub's own machine.
    pub url: String,
    /// Certificates in PEM that `wss://` believes besides the system's authorities, such as a hub's own.
    pub trusted_pem: Option<String>,
    /// How frames are encoded; MessagePack unless told otherwise.
    pub codec: Codec,
    /// Which client this is, `name/version`, for the operator's figures.
    pub client: String,
    /// How many actions may wait for their answer; 200 unless told otherwise.
    pub outbox_max: usize,
    /// The longest wait between two tries to connect, in milliseconds; 30,000 unless told otherwise. A crowd with short
    /// waits falls on a hub that just started: keep it for tests.
    pub comeback_max_ms: u64,
}

impl Options {
    /// The usual client of the hub at that address.
    pub fn new(url: impl Into<String>) -> Self {
        let client = concat!("plenum-client/", env!("CARGO_PKG_VERSION")).to_owned();
        Self {
            url: url.into(),
            trusted_pem: None,
            codec: Codec::MsgPack,
            client,
            outbox_max: OUTBOX_MAX,
            comeback_max_ms: COMEBACK_MAX_MS,
        }
    }
}

/// Why a token provider has none to give.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// For now; the client tries again.
    #[error("no token for now: {0}")]
    Passing(String),
    /// Signed out; the client stops.
    #[error("signed out")]
    SignedOut,
}

type TokenFuture = Pin<Box<dyn Future<Output = Result<String, TokenError>> + Send>>;
type TokenProvider = Arc<dyn Fn(bool) -> TokenFuture + Send + Sync>;
