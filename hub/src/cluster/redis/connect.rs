//! A connection to Redis, as everything here uses it.

use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike;
use fred::types::Builder;
use fred::types::config::{Config, ReconnectPolicy};

use crate::cluster::timing::ANSWER_WITHIN;

/// How long between two tries to connect, in milliseconds; up to a half more at random.
const RECONNECT_MS: u32 = 100;
const RECONNECT_JITTER_MS: u32 = 50;
/// How long one try to connect may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// Messages that a slow listener may fall behind before it loses some (fred's own 32 are lost in no time).
const BROADCAST_CAPACITY: usize = 65_536;

/// Why there can be no connection, ever. A server that is down is no such reason.
#[derive(Debug, thiserror::Error)]
#[error("not an address of a Redis: {0}")]
pub struct ConnectError(String);

impl From<fred::error::Error> for ConnectError {
    fn from(error: fred::error::Error) -> Self {
        Self(error.details().to_owned())
    }
}

/// The settings of every connection: it is made again for ever, a command is sent once and waits for its answer only so
/// long. Whoever needs another client (for subscriptions) builds it from these.
///
/// # Errors
/// The address cannot be read.
pub fn settings(url: &str) -> Result<Builder, ConnectError> {
    let mut config = Config::from_url(url)?;
    config.fail_fast = false;
    let mut builder = Builder::from_config(config);
    let mut policy = ReconnectPolicy::new_constant(0, RECONNECT_MS);
    policy.set_jitter(RECONNECT_JITTER_MS);
    builder
        .set_policy(policy)
        .with_performance_config(|performance| {
            performance.broadcast_channel_capacity = BROADCAST_CAPACITY;
            performance.default_command_timeout = ANSWER_WITHIN;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = CONNECT_WITHIN;
            connection.internal_command_timeout = CONNECT_WITHIN;
            connection.max_command_attempts = 1;
            connection.tcp.nodelay = Some(true);
        });
    Ok(builder)
}

/// A client that connects in the background, now and whenever the connection is lost.
///
/// # Errors
/// The address cannot be read.
pub fn connect(url: &str) -> Result<Client, ConnectError> {
    let client = settings(url)?.build()?;
    client.connect();
    Ok(client)
}
