//! Someone who comes, takes part, and goes in one of the ways in which people go.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use plenum_rooms::engine::sample::Dice;
use serde_json::{Value, json};

use super::count;
use crate::conn::{self, Conn};
use crate::crowd::{Person, Tally, act_until_counted, codec_of};

/// Where people come to.
pub(super) struct Place {
    pub(super) address: SocketAddr,
    pub(super) session: String,
    pub(super) messaging: String,
    pub(super) poll: String,
    pub(super) tokens: Vec<String>,
}

/// What people did.
#[derive(Default)]
pub(super) struct Done {
    pub(super) came: Cell<u64>,
    pub(super) counted: Cell<u64>,
    pub(super) reconnects: Cell<u64>,
    pub(super) slow: Cell<u64>,
    pub(super) refused: RefCell<BTreeMap<String, u64>>,
    pub(super) faults: RefCell<Vec<String>>,
}

impl Done {
    pub(super) fn fault(&self, error: &io::Error) {
        self.faults.borrow_mut().push(error.to_string());
    }
}

/// The longest stay and the longest pause, in milliseconds.
const STAY_MS: u64 = 1_500;
const PAUSE_MS: u64 = 1_000;
/// A slow reader takes nothing for so long, in milliseconds.
const SLOW_MS: u64 = 4_000;
const CHOICES: [&str; 3] = ["a", "b", "c"];

/// Comes and goes until the time is over.
pub(super) async fn come_and_go(
    place: &Place,
    n: usize,
    mut dice: Dice,
    until: Instant,
    done: &Done,
) -> io::Result<()> {
    // Not everyone at the same moment.
    pause(&mut dice, PAUSE_MS).await;
    while Instant::now() < until {
        count(&done.came);
        match dice.below(20) {
            0 => leave_early(place, n).await?,
            1 => read_slowly(place, n, done).await?,
            2..6 => come_back_at_once(place, n, &mut dice, done).await?,
            _ => take_part(place, n, &mut dice, done).await.map(drop)?,
        }
        pause(&mut dice, PAUSE_MS).await;
    }
    Ok(())
}

async fn pause(dice: &mut Dice, most_ms: u64) {
    tokio::time::sleep(Duration::from_millis(dice.below(most_ms))).await;
}

async fn enter(place: &Place, n: usize) -> io::Result<Person> {
    let rooms = [place.session.clone(), place.poll.clone(), place.messaging.clone()];
    Person::enter(place.address, n, codec_of(n, "mixed"), &place.tokens[n], &rooms).await
}

/// Votes, claps, leaves a room, and stays for a while; goes without a goodbye.
async fn take_part(place: &Place, n: usize, dice: &mut Dice, done: &Done) -> io::Result<Person> {
    let (mut person, tally) = (enter(place, n).await?, Tally::default());
    let choice = json!({"options": [CHOICES[dice.below(3) as usize]]});
    act_until_counted(&mut person, &tally, "poll.vote", &place.poll, &choice).await?;
    let clap = json!({"emoji": "👏"});
    let id = person.conn.send("session.react", Some(&place.session), None, &clap).await?;
    // A clap too many is refused, which is an answer as well.
    let _: io::Result<Value> = person.conn.answer(id, |_, _| {}).await;
    if dice.below(3) == 0 {
        let id = person.conn.send("leave", Some(&place.messaging), None, &json!({})).await?;
        person.conn.answer(id, |_, _| {}).await?;
    }
    person.listen_for(&tally, Duration::from_millis(dice.below(STAY_MS))).await?;
    done.counted.set(done.counted.get() + tally.acknowledged.borrow().len() as u64);
    for (code, times) in tally.refused.borrow().iter() {
        *done.refused.borrow_mut().entry(code.clone()).or_default() += times;
    }
    Ok(person)
}

/// A bad network: the line breaks and the person is back before the hub knows.
async fn come_back_at_once(place: &Place, n: usize, dice: &mut Dice, done: &Done) -> io::Result<()> {
    let first = take_part(place, n, dice, done).await?;
    let second = take_part(place, n, dice, done).await?;
    drop(first);
    count(&done.reconnects);
    drop(second);
    Ok(())
}

/// Goes before it has said who it is.
async fn leave_early(place: &Place, n: usize) -> io::Result<()> {
    drop(Conn::open(place.address, conn::source(n), codec_of(n, "mixed")).await?);
    drop(conn::dial(place.address, None).await?);
    Ok(())
}

/// Joins everything and reads nothing.
async fn read_slowly(place: &Place, n: usize, done: &Done) -> io::Result<()> {
    let person = enter(place, n).await?;
    count(&done.slow);
    tokio::time::sleep(Duration::from_millis(SLOW_MS)).await;
    drop(person);
    Ok(())
}
