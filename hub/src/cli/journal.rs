//! What operators do to the journals in Redis.

use clap::Args;
use plenum_domain::Id;

use super::Failure;
use crate::app::open_store;
use crate::clock::Clock;
use crate::cluster::Member;
use crate::cluster::redis::{RedisFence, connect};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct LossArguments {
    /// The conference, as /readyz and the log name it.
    conference: Id,
}

/// Gives a conference a new history, in Redis and in the store. Clients forget what they held of the old one.
pub(super) async fn accept_loss(config: &Config, arguments: LossArguments) -> Result<(), Failure> {
    let Some(url) = &config.redis.url else {
        return Err(Failure("redis.url is not set: there is no journal in Redis".to_owned()));
    };
    let (conference, clock) = (arguments.conference, Clock::new());
    let store = open_store(config).await?;
    let history = u64::from_be_bytes(clock.secret());
    let me = Member { node: config.node.id.clone(), run: 0, address: String::new() };
    // In this order: whoever takes the conference in between finds Redis and the store at odds, and does not serve it.
    RedisFence::new(connect(url)?, me, clock).accept_loss(conference, history).await?;
    let is_known = store.accept_loss(conference, history).await?;
    store.close().await;
    match is_known {
        true => println!("{conference} begins a new history with what Redis has of it"),
        false => println!("{conference} begins a new history; the store knew nothing of it"),
    }
    Ok(())
}
