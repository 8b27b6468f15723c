//! Sockets that send many commands: at a pace, whatever the hub does, or as fast as they are answered.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use plenum_protocol::ServerMessage;
use tokio::time::Instant;
use uuid::Uuid;

use crate::conn::{self, Conn};
use crate::figures::Times;
use crate::swarm::room_mark;

/// All sockets are ready after this; then they begin.
pub(crate) const LEAD: Duration = Duration::from_millis(50);
/// Keys that are kept of each socket.
const KEYS_KEPT: usize = 100;

/// How a socket sends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// So many commands wait for their answers at any time.
    Answered(usize),
    /// One command each time that this has passed. Several that are due leave together.
    Every(Duration),
}

/// What a socket sends: the command's name, its room, and the data of the nth in turn.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) op: &'static str,
    pub(crate) room: String,
    /// The nth command has the nth of these, going round; each already in the socket's codec.
    pub(crate) data: Rc<Vec<Vec<u8>>>,
    /// Which of them is the first.
    pub(crate) first: usize,
    /// The next one is so many further.
    pub(crate) step: usize,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Sent {
    /// From when a command was due to its answer. A histogram for each socket would cost more than all its commands.
    acks: Vec<Duration>,
    /// The room (by its mark) and its seq after each accepted command, and when that was due.
    pub(crate) seqs: Vec<(u64, u64, Instant)>,
    pub(crate) accepted: u64,
    /// The keys of the first accepted commands, as ids are written.
    pub(crate) keys: Vec<String>,
    /// Refusals by code.
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) pushes: u64,
}

impl Sent {
    /// Adds what another socket did.
    pub(crate) fn add(&mut self, other: Self) {
        self.acks.extend(other.acks);
        self.seqs.extend(other.seqs);
        self.accepted += other.accepted;
        self.keys.extend(other.keys);
        for (code, count) in other.refused {
            *self.refused.entry(code).or_default() += count;
        }
        self.pushes += other.pushes;
    }

    pub(crate) fn times(&self) -> Times {
        let mut times = Times::new();
        self.acks.iter().for_each(|time| times.add(*time));
        times
    }
}

/// A socket, and what it sends.
pub(crate) type Talker = (Conn, Script);

struct Driver {
    conn: Conn,
    script: Script,
    place: usize,
    room: u64,
    out: Vec<u8>,
    /// Ids, keys and due times of commands that are not answered yet, in order.
    waiting: VecDeque<(u64, Uuid, Instant)>,
    sent: Sent,
}

/// Sends until `until`, then waits for the answers that are missing. The socket comes back.
async fn drive(
    (conn, script): Talker,
    pace: Pace,
    from: Instant,
    until: Instant,
) -> io::Result<(Talker, Sent)> {
    let place = script.first;
    let (out, waiting, sent) = (Vec::new(), VecDeque::new(), Sent::default());
    let room = room_mark(&script.room);
    let mut driver = Driver { conn, script, place, room, out, waiting, sent };
    driver.wait(from).await?;
    match pace {
        Pace::Answered(window) => driver.keep_waiting(window, until).await?,
        Pace::Every(pause) => driver.keep_pace(pause, from, until).await?,
    }
    while !driver.waiting.is_empty() {
        driver.hear().await?;
    }
    Ok(((driver.conn, driver.script), driver.sent))
}

impl Driver {
    fn add(&mut self, due: Instant) -> io::Result<()> {
        let data = &self.script.data[self.place % self.script.data.len()];
        self.place += self.script.step;
        let key = Uuid::now_v7();
        let id = self.conn.frame(&mut self.out, self.script.op, &self.script.room, key.as_u128(), data)?;
        self.waiting.push_back((id, key, due));
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        self.conn.send_frames(&out).await?;
        self.out = out;
        self.out.clear();
        Ok(())
    }

    async fn keep_waiting(&mut self, window: usize, until: Instant) -> io::Result<()> {
        while Instant::now() < until {
            let now = Instant::now();
            while self.waiting.len() < window {
                self.add(now)?;
            }
            self.flush().await?;
            self.hear().await?;
        }
        Ok(())
    }

    async fn keep_pace(&mut self, pause: Duration, from: Instant, until: Instant) -> io::Result<()> {
        let mut due = from;
        while due < until {
            let now = Instant::now();
            while due <= now && due < until {
                self.add(due)?;
                due += pause;
            }
            self.flush().await?;
            self.wait(due.min(until)).await?;
        }
        Ok(())
    }

    /// Listens until then.
    async fn wait(&mut self, until: Instant) -> io::Result<()> {
        loop {
            tokio::select! {
                heard = self.hear() => heard?,
                () = tokio::time::sleep_until(until) => return Ok(()),
            }
        }
    }

    /// Takes what came.
    async fn hear(&mut self) -> io::Result<()> {
        let (waiting, sent, room) = (&mut self.waiting, &mut self.sent, self.room);
        self.conn
            .hear(|codec, message| match &message {
                ServerMessage::Ok { re, ok } => {
                    let Some((key, due)) = answered(waiting, *re) else { return };
                    if sent.keys.len() < KEYS_KEPT {
                        sent.keys.push(key.to_string());
                    }
                    sent.acks.push(due.elapsed());
                    let seq = conn::read(codec, ok)["seq"].as_u64().unwrap_or_default();
                    sent.seqs.push((room, seq, due));
                    sent.accepted += 1;
                }
                ServerMessage::Err { re: Some(re), code, .. } => {
                    answered(waiting, *re);
                    *sent.refused.entry(code.to_string()).or_default() += 1;
                }
                _ => sent.pushes += 1,
            })
            .await
    }
}

fn answered(waiting: &mut VecDeque<(u64, Uuid, Instant)>, id: u64) -> Option<(Uuid, Instant)> {
    let place = waiting.iter().position(|(one, ..)| *one == id)?;
    waiting.remove(place).map(|(_, key, due)| (key, due))
}

/// Drives all of them at the same time. They come back in the order in which they were given.
pub(crate) async fn drive_all(
    talkers: Vec<Talker>,
    pace: impl Fn(usize) -> (Pace, Duration),
    time: Duration,
) -> io::Result<(Vec<Talker>, Sent)> {
    let start = Instant::now() + LEAD;
    let drive_one = |(n, talker)| {
        let (pace, shift) = pace(n);
        tokio::task::spawn_local(drive(talker, pace, start + shift, start + time))
    };
    let driving: Vec<_> = talkers.into_iter().enumerate().map(drive_one).collect();
    let (mut back, mut all) = (Vec::with_capacity(driving.len()), Sent::default());
    for driven in driving {
        let (talker, sent) = driven.await.map_err(io::Error::other)??;
        back.push(talker);
        all.add(sent);
    }
    Ok((back, all))
}

/// A pace of so many commands a second over all of `sockets`, the sockets one after the other.
pub(crate) fn evenly(per_s: f64, sockets: usize) -> impl Fn(usize) -> (Pace, Duration) {
    let pause = Duration::from_secs_f64(sockets as f64 / per_s);
    move |n| (Pace::Every(pause), pause * n as u32 / sockets as u32)
}
