//! The storage in Redis: `library.lua`, called.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use fred::clients::{Client, WithOptions};
use fred::error::Error;
use fred::interfaces::{
    ClientLike, FredResult, FunctionInterface, HashesInterface, KeysInterface, LuaInterface, StreamsInterface,
};
use fred::types::config::Options;
use fred::types::{SetOptions, Value};
use plenum_domain::Id;
use plenum_rooms::{RoomRef, Scope};

use crate::clock::Clock;
use crate::cluster::fence::{
    Appended, Atlas, EntryId, Fence, LIBRARY, Logged, Stored, StoredSnapshot, Trimmed, Written,
};
use crate::cluster::lease::{Claim, Lease, Leases, Member, Pending, Renewal, Unreachable};
use crate::cluster::timing::{ANSWER_WITHIN, EXPIRES_AFTER};

/// Reading a page of a log or all snapshots may take longer than a write.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// A new history, and whoever holds the conference loses it.
const ACCEPT_LOSS: &str = "redis.call('HSET', KEYS[1], 'history', ARGV[1]) return redis.call('DEL', KEYS[2])";

/// The storage as one member sees it.
#[derive(Clone)]
pub struct RedisFence {
    client: Client,
    member: Member,
    clock: Clock,
    expires_after: Duration,
}

impl RedisFence {
    /// The storage behind a connection. Does not wait for it.
    pub fn new(client: Client, member: Member, clock: Clock) -> Self {
        Self { client, member, clock, expires_after: EXPIRES_AFTER }
    }

    /// The same, with leases that end later than anyone waits: for tests that end them by hand.
    #[must_use]
    pub fn lasting(mut self, expires_after: Duration) -> Self {
        self.expires_after = expires_after;
        self
    }

    fn ttl_ms(&self) -> Value {
        number(self.expires_after.as_millis() as u64)
    }

    fn within(&self, timeout: Duration) -> WithOptions<Client> {
        let options =
            Options { timeout: Some(timeout), max_attempts: Some(1), fail_fast: true, ..Options::default() };
        self.client.with_options(&options)
    }

    /// A conference begins a new history, on whatever is left of its journal, because its operator accepts that the rest is
    /// gone. Whoever holds it loses it.
    ///
    /// # Errors
    /// Redis does not answer.
    pub async fn accept_loss(&self, conference: Id, history: u64) -> Result<(), Unreachable> {
        let keys = vec![key(conference, "head"), key(conference, "lease")];
        let client = self.within(READ_WITHIN);
        let begun: FredResult<Value> = client.eval(ACCEPT_LOSS, keys, vec![number(history)]).await;
        begun.map(drop).map_err(unreachable)
    }

    /// Calls a function of the library. A Redis that does not have it (it is new, or came back empty) is given it.
    async fn call(&self, name: &str, conference: Id, args: Vec<Value>) -> Result<Vec<String>, Unreachable> {
        let function = format!("plenum_1_{name}");
        let client = self.within(ANSWER_WITHIN);
        let first: FredResult<Vec<String>> = client.fcall(&function, keys(conference), args.clone()).await;
        match first {
            Err(error) if error.details().contains("Function not found") => {
                let _: String = client.function_load(true, LIBRARY).await.map_err(unreachable)?;
                client.fcall(&function, keys(conference), args).await.map_err(unreachable)
            }
            other => other.map_err(unreachable),
        }
    }

    /// The arguments that name the caller, and its epoch.
    fn caller(&self, epoch: u64) -> Vec<Value> {
        vec![text(&self.member.node), number(self.member.run), number(epoch)]
    }
}

/// The name of one of a conference's keys: the conference is the hash tag, so that all are in one slot.
fn key(conference: Id, name: &str) -> String {
    format!("plenum:{{{conference}}}:{name}")
}

fn keys(conference: Id) -> Vec<String> {
    ["lease", "head", "log", "keys", "snapshots", "covers"].map(|name| key(conference, name)).into()
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn number(number: u64) -> Value {
    Value::from(number.to_string())
}

fn unreachable(error: Error) -> Unreachable {
    Unreachable(format!("Redis: {}", error.details()))
}

fn strange(name: &str, answer: &[String]) -> Unreachable {
    Unreachable(format!("Redis answered {answer:?} to {name}"))
}

/// The owner that an answer names from its second word on.
fn lease(conference: Id, answer: &[String]) -> Option<Lease> {
    let [_, node, run, address, epoch, history] = answer else { return None };
    let member = Member { node: node.clone(), run: run.parse().ok()?, address: address.clone() };
    Some(Lease { conference, member, epoch: epoch.parse().ok()?, history: history.parse().ok()? })
}

impl Leases for RedisFence {
    fn acquire(&self, conference: Id, epoch_floor: u64) -> Pending<'_, Result<Claim, Unreachable>> {
        Box::pin(async move {
            let history = u64::from_be_bytes(self.clock.secret());
            let args = vec![
                text(&self.member.node),
                number(self.member.run),
                text(&self.member.address),
                number(epoch_floor),
                self.ttl_ms(),
                number(history),
            ];
            let answer = self.call("acquire", conference, args).await?;
            let claim = match answer.first().map(String::as_str) {
                Some("THEIRS") => lease(conference, &answer).map(Claim::Theirs),
                Some("MINE") => mine(conference, &self.member, &answer),
                _ => None,
            };
            claim.ok_or_else(|| strange("acquire", &answer))
        })
    }

    fn renew(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Renewal, Unreachable>> {
        Box::pin(async move {
            let args = [self.caller(epoch), vec![self.ttl_ms()]].concat();
            let answer = self.call("renew", conference, args).await?;
            match (answer.first().map(String::as_str), answer.get(1).and_then(|last| last.parse().ok())) {
                (Some("GRANTED"), Some(last_lsn)) => Ok(Renewal::Granted { last_lsn }),
                (Some("LOST"), _) => Ok(Renewal::Lost),
                _ => Err(strange("renew", &answer)),
            }
        })
    }

    fn release(&self, conference: Id, epoch: u64) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move { self.call("release", conference, self.caller(epoch)).await.map(drop) })
    }

    fn find(&self, conference: Id) -> Pending<'_, Result<Option<Lease>, Unreachable>> {
        Box::pin(async move {
            let answer = self.call("find", conference, Vec::new()).await?;
            match answer.first().map(String::as_str) {
                Some("NOBODY") => Ok(None),
                Some("HELD") => lease(conference, &answer).map(Some).ok_or_else(|| strange("find", &answer)),
                _ => Err(strange("find", &answer)),
            }
        })
    }
}

fn mine(conference: Id, member: &Member, answer: &[String]) -> Option<Claim> {
    let [_, epoch, last, history] = answer else { return None };
    let (epoch, history) = (epoch.parse().ok()?, history.parse().ok()?);
    let lease = Lease { conference, member: member.clone(), epoch, history };
    Some(Claim::Mine { lease, last_lsn: last.parse().ok()? })
}

fn scope_text(scope: &Scope) -> String {
    let session = scope.session.map(|id| id.to_string()).unwrap_or_default();
    format!("{} {} {session}", scope.tenant, scope.conference)
}

fn scope_of(text: &str) -> Option<Scope> {
    let mut ids = text.split(' ').map(|id| id.parse::<Id>().ok());
    let (tenant, conference) = (ids.next()??, ids.next()??);
    Some(Scope { tenant, conference, session: ids.next().flatten() })
}

impl Atlas for RedisFence {
    fn enter(&self, rooms: Vec<(RoomRef, Scope)>) -> Pending<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            let pipeline = self.client.pipeline();
            for (room, scope) in rooms {
                let (name, only_new) = (format!("plenum:room:{room}"), Some(SetOptions::NX));
                // The pipeline answers for all of its commands at the end.
                let _: () = pipeline
                    .set(name, scope_text(&scope), None, only_new, false)
                    .await
                    .map_err(unreachable)?;
            }
            let all = pipeline.all::<Vec<Value>>();
            let answer = tokio::time::timeout(ANSWER_WITHIN, all).await;
            answer.map_err(|_| Unreachable("Redis: no answer".into()))?.map(drop).map_err(unreachable)
        })
    }

    fn scope(&self, room: RoomRef) -> Pending<'_, Result<Option<Scope>, Unreachable>> {
        Box::pin(async move {
            let client = self.within(ANSWER_WITHIN);
            let found: Option<String> =
                client.get(format!("plenum:room:{room}")).await.map_err(unreachable)?;
            Ok(found.as_deref().and_then(scope_of))
        })
    }
}

fn written(name: &str, answer: &[String]) -> Result<Written, Unreachable> {
    match answer.first().map(String::as_str) {
        Some("KEPT") => Ok(Written::Kept),
        Some("FENCED") => Ok(Written::Fenced),
        _ => Err(strange(name, answer)),
    }
}

impl Fence for RedisFence {
    fn last(&self, conference: Id) -> Pending<'_, Result<u64, Unreachable>> {
        Box::pin(async move {
            let client = self.within(ANSWER_WITHIN);
            let last: FredResult<Option<u64>> = client.hget(key(conference, "head"), "last").await;
            last.map(Option::unwrap_or_default).map_err(unreachable)
        })
    }

    fn append(
        &self,
        conference: Id,
        epoch: u64,
        first: u64,
        batch: Vec<Stored>,
    ) -> Pending<'_, Result<Appended, Unreachable>> {
        Box::pin(async move {
            let mut args = [self.caller(epoch), vec![self.ttl_ms(), number(first)]].concat();
            for Stored { room, seq, key, bytes } in batch {
                args.extend([room.into(), number(seq), key.into(), Value::Bytes(bytes.into())]);
            }
            let answer = self.call("append", conference, args).await?;
            let place = || answer.get(1).and_then(|place| place.parse().ok());
            let appended = match answer.first().map(String::as_str) {
                Some("KEPT") => place().map(Appended::Kept),
                Some("GAP") => place().map(Appended::Gap),
                Some("DUPLICATE") => answer.get(1).cloned().map(Appended::Duplicate),
                Some("FENCED") => Some(Appended::Fenced),
                _ => None,
            };
            appended.ok_or_else(|| strange("append", &answer))
        })
    }

    fn keep(
        &self,
        conference: Id,
        epoch: u64,
        seq: u64,
        snapshot: StoredSnapshot,
    ) -> Pending<'_, Result<Written, Unreachable>> {
        Box::pin(async move {
            let StoredSnapshot { room, bytes } = snapshot;
            let rest = vec![room.into(), number(seq), Value::Bytes(bytes.into())];
            written("keep", &self.call("keep", conference, [self.caller(epoch), rest].concat()).await?)
        })
    }

    fn trim(
        &self,
        conference: Id,
        epoch: u64,
        upto: u64,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Trimmed, Unreachable>> {
        Box::pin(async move {
            let rest = vec![number(upto), text(&from.to_string()), number(limit as u64)];
            let answer = self.call("trim", conference, [self.caller(epoch), rest].concat()).await?;
            match &answer[..] {
                [word] if word == "FENCED" => Ok(Trimmed::Fenced),
                [word, deleted, reached] if word == "TRIMMED" => {
                    let deleted = deleted.parse().map_err(|_| strange("trim", &answer))?;
                    Ok(Trimmed::Step { deleted, reached: reached.parse().ok() })
                }
                _ => Err(strange("trim", &answer)),
            }
        })
    }

    fn erase(&self, conference: Id, epoch: u64) -> Pending<'_, Result<Written, Unreachable>> {
        Box::pin(async move { written("erase", &self.call("erase", conference, self.caller(epoch)).await?) })
    }

    fn entries(
        &self,
        conference: Id,
        from: EntryId,
        limit: usize,
    ) -> Pending<'_, Result<Vec<(EntryId, Logged)>, Unreachable>> {
        Box::pin(async move {
            let client = self.within(READ_WITHIN);
            let found: Vec<(String, HashMap<String, Bytes>)> = client
                .xrange_values(key(conference, "log"), from.to_string(), "+", Some(limit as u64))
                .await
                .map_err(unreachable)?;
            let read = |(id, fields): (String, HashMap<String, Bytes>)| {
                entry(&id, &fields).ok_or_else(|| Unreachable(format!("the entry {id} cannot be read")))
            };
            found.into_iter().map(read).collect()
        })
    }

    fn snapshot(
        &self,
        conference: Id,
        room: String,
    ) -> Pending<'_, Result<Option<StoredSnapshot>, Unreachable>> {
        Box::pin(async move {
            let client = self.within(READ_WITHIN);
            let found: Option<Bytes> =
                client.hget(key(conference, "snapshots"), &room).await.map_err(unreachable)?;
            Ok(found.map(|bytes| StoredSnapshot { room, bytes: bytes.into() }))
        })
    }

    fn snapshots(&self, conference: Id) -> Pending<'_, Result<Vec<StoredSnapshot>, Unreachable>> {
        Box::pin(async move {
            let client = self.within(READ_WITHIN);
            let found: HashMap<String, Bytes> =
                client.hgetall(key(conference, "snapshots")).await.map_err(unreachable)?;
            let snapshots = found.into_iter();
            Ok(snapshots.map(|(room, bytes)| StoredSnapshot { room, bytes: bytes.into() }).collect())
        })
    }
}

fn entry(id: &str, fields: &HashMap<String, Bytes>) -> Option<(EntryId, Logged)> {
    let text = |name: &str| fields.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let logged = match text("b") {
        Some(before) => Logged::Barrier(before.parse().ok()?),
        None => Logged::Record(Stored {
            room: text("m")?.to_owned(),
            seq: text("s")?.parse().ok()?,
            key: text("k")?.to_owned(),
            bytes: fields.get("r")?.to_vec(),
        }),
    };
    Some((id.parse().ok()?, logged))
}
