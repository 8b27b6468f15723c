//! The roster in Redis: one sorted set of members by the moment at which their word ends, on the server's clock.

use std::sync::atomic::{AtomicBool, Ordering};

use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::LuaInterface;
use fred::types::Value;
use serde::{Deserialize, Serialize};

use crate::cluster::lease::{Member, Pending, Unreachable};
use crate::cluster::roster::Roster;
use crate::cluster::timing::EXPIRES_AFTER;

const KEY: &str = "plenum:members";
/// Announces ARGV[1] for ARGV[2] milliseconds (0 retires it), and returns who is alive.
const SCRIPT: &str = "\
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == '0' then
  redis.call('ZREM', KEYS[1], ARGV[1])
elseif ARGV[1] ~= '' then
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf')";

/// The roster as one member sees it.
pub struct RedisRoster {
    client: Client,
    me: Member,
    retired: AtomicBool,
}

/// A member as it is written.
#[derive(Serialize, Deserialize)]
struct Entry {
    node: String,
    run: u64,
    address: String,
}

impl RedisRoster {
    /// The roster behind a connection. Does not wait for it.
    pub const fn new(client: Client, me: Member) -> Self {
        Self { client, me, retired: AtomicBool::new(false) }
    }

    async fn call(&self, member: String, for_ms: String) -> Result<Vec<Member>, Unreachable> {
        let args: Vec<Value> = vec![member.into(), for_ms.into()];
        let alive: Result<Vec<String>, Error> = self.client.eval(SCRIPT, KEY, args).await;
        let alive = alive.map_err(|error| Unreachable(error.to_string()))?;
        // What a newer version writes there and this one cannot read is no member to this one.
        let entries = alive.iter().filter_map(|entry| serde_json::from_str::<Entry>(entry).ok());
        let member = |Entry { node, run, address }| Member { node, run, address };
        Ok(entries.map(member).collect())
    }

    fn entry(&self) -> String {
        let Member { node, run, address } = self.me.clone();
        serde_json::to_string(&Entry { node, run, address }).expect("three plain fields have a form in JSON")
    }
}

impl Roster for RedisRoster {
    fn announce(&self) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            if self.retired.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.call(self.entry(), EXPIRES_AFTER.as_millis().to_string()).await.map(|_| ())
        })
    }

    fn retire(&self) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            self.retired.store(true, Ordering::Relaxed);
            self.call(self.entry(), "0".to_owned()).await.map(|_| ())
        })
    }

    fn live(&self) -> Pending<'_, Result<Vec<Member>, Unreachable>> {
        Box::pin(self.call(String::new(), "1".to_owned()))
    }
}
