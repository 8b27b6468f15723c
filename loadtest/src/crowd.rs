//! People with phones: each enters, joins rooms, and does what its scenario says.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use plenum_protocol::{Codec, ServerMessage};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use crate::conn::{self, Conn};
use crate::figures::Times;
use crate::hub::Hub;

/// So many connect at the same time.
const ENTERING: usize = 64;

/// What all people of a crowd share.
#[derive(Default)]
pub(crate) struct Tally {
    /// Pushes received.
    pub(crate) pushes: Cell<u64>,
    /// Messages of every sort received.
    pub(crate) messages: Cell<u64>,
    /// Commands refused, by code.
    pub(crate) refused: RefCell<std::collections::BTreeMap<String, u64>>,
    /// Connections that ended before they should.
    pub(crate) broken: Cell<u64>,
    /// From sending a command to its acknowledgement.
    pub(crate) acks: RefCell<Option<Times>>,
    /// Keys that were acknowledged, with the seq.
    pub(crate) acknowledged: RefCell<Vec<(u128, u64)>>,
    /// When each acknowledged command was sent, by seq: for vote-to-screen.
    pub(crate) sent: RefCell<std::collections::BTreeMap<u64, Instant>>,
}

impl Tally {
    pub(crate) fn refuse(&self, code: &str) {
        *self.refused.borrow_mut().entry(code.to_owned()).or_default() += 1;
    }

    pub(crate) fn ack(&self, key: u128, seq: u64, sent: Instant) {
        self.acks.borrow_mut().get_or_insert_with(Times::new).add(sent.elapsed());
        self.acknowledged.borrow_mut().push((key, seq));
        self.sent.borrow_mut().insert(seq, sent);
    }

    pub(crate) fn ack_times(&self) -> Times {
        self.acks.borrow().clone().unwrap_or_else(Times::new)
    }
}

/// One person in its rooms.
pub(crate) struct Person {
    pub(crate) conn: Conn,
}

/// Which codec the nth person speaks.
pub(crate) fn codec_of(n: usize, wanted: &str) -> Codec {
    match wanted {
        "msgpack" => Codec::MsgPack,
        "mixed" if n % 2 == 1 => Codec::MsgPack,
        _ => Codec::Json,
    }
}

impl Person {
    /// Connects, says hello and joins rooms.
    pub(crate) async fn enter(
        hub: std::net::SocketAddr,
        n: usize,
        codec: Codec,
        token: &str,
        rooms: &[String],
    ) -> io::Result<Self> {
        let mut conn = Conn::open(hub, conn::source(n), codec).await?;
        conn.hello(token).await?;
        for room in rooms {
            let id = conn.join(room).await?;
            conn.answer(id, |_, _| {}).await?;
        }
        Ok(Self { conn })
    }

    /// Sends a command with a new key. Returns its id and key.
    pub(crate) async fn act(&mut self, op: &str, room: &str, data: &Value) -> io::Result<(u64, u128)> {
        let key = Uuid::now_v7().as_u128();
        Ok((self.conn.send(op, Some(room), Some(key), data).await?, key))
    }

    /// Listens until the crowd is told to stop.
    pub(crate) async fn listen(&mut self, tally: &Tally, stop: &mut watch::Receiver<bool>) -> io::Result<()> {
        loop {
            tokio::select! {
                heard = self.conn.hear(|_, message| note(tally, &message)) => heard?,
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
    }

    /// Listens for a time.
    pub(crate) async fn listen_for(&mut self, tally: &Tally, time: Duration) -> io::Result<()> {
        let until = tokio::time::Instant::now() + time;
        loop {
            tokio::select! {
                heard = self.conn.hear(|_, message| note(tally, &message)) => heard?,
                () = tokio::time::sleep_until(until) => return Ok(()),
            }
        }
    }
}

/// Counts a message.
pub(crate) fn note(tally: &Tally, message: &ServerMessage<'_>) {
    tally.messages.set(tally.messages.get() + 1);
    if matches!(message, ServerMessage::Push(_)) {
        tally.pushes.set(tally.pushes.get() + 1);
    }
}

/// Sends a command and waits for its acknowledgement; a `hub.busy` is tried again with the same key.
pub(crate) async fn act_until_counted(
    person: &mut Person,
    tally: &Tally,
    op: &str,
    room: &str,
    data: &Value,
) -> io::Result<Option<u64>> {
    let (key, sent) = (Uuid::now_v7().as_u128(), Instant::now());
    loop {
        let id = person.conn.send(op, Some(room), Some(key), data).await?;
        let mut outcome = None;
        while outcome.is_none() {
            person
                .conn
                .hear(|codec, message| match &message {
                    ServerMessage::Ok { re, ok } if *re == id => {
                        outcome = Some(Ok(conn::read(codec, ok)["seq"].as_u64().unwrap_or_default()));
                    }
                    ServerMessage::Err { re: Some(re), code, retry_ms, .. } if *re == id => {
                        outcome = Some(Err((code.to_string(), *retry_ms)));
                    }
                    other => note(tally, other),
                })
                .await?;
        }
        match outcome {
            Some(Ok(seq)) => {
                tally.ack(key, seq, sent);
                return Ok(Some(seq));
            }
            Some(Err((code, Some(retry_ms)))) => {
                tally.refuse(&code);
                person.listen_for(tally, Duration::from_millis(retry_ms)).await?;
            }
            Some(Err((code, None))) => {
                tally.refuse(&code);
                return Ok(None);
            }
            None => return Ok(None),
        }
    }
}

/// Lets everyone in, some at a time.
pub(crate) async fn enter_all(
    hub: &Hub,
    tokens: &[String],
    rooms: &[String],
    codec: &str,
) -> io::Result<Vec<Person>> {
    let address = hub.address;
    let gate = Rc::new(tokio::sync::Semaphore::new(ENTERING));
    let mut entering = tokio::task::JoinSet::new();
    for (n, token) in tokens.iter().enumerate() {
        let (gate, token, rooms, codec) =
            (Rc::clone(&gate), token.clone(), rooms.to_vec(), codec_of(n, codec));
        entering.spawn_local(async move {
            let _turn = gate.acquire().await.map_err(io::Error::other)?;
            Person::enter(address, n, codec, &token, &rooms).await
        });
    }
    let mut people = Vec::with_capacity(tokens.len());
    while let Some(person) = entering.join_next().await {
        people.push(person.map_err(io::Error::other)??);
    }
    Ok(people)
}
