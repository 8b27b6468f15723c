//! The hub is killed without warning; everyone comes back and holds the right state.

use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Options;
use super::keynote_vote::{check_results, vote_all};
use crate::conn::{self, Conn};
use crate::crowd::{codec_of, enter_all};
use crate::figures::{Figures, Times};
use crate::hub::Hub;

/// A failed try is repeated after so long.
const RETRY: Duration = Duration::from_millis(100);
/// So many connect at the same time.
const ENTERING: usize = 256;

/// Kill -9 after the votes, then a wave of all people.
pub(super) async fn run(hub: &mut Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let stage = hub.stage("Reconnect")?;
    let (poll, room) = hub.open_poll(&stage, false)?;
    let tokens = hub.join_people(&stage, options.people)?;
    let people = enter_all(hub, &tokens, std::slice::from_ref(&room), &options.codec).await?;
    let tally = vote_all(people, &room, Duration::from_secs(options.seconds)).await?;
    hub.kill()?;
    let started = Instant::now();
    hub.spawn()?;
    figures.set("start_ms", started.elapsed().as_millis() as u64);
    let (times, wrong) = wave(hub, &tokens, &room, &options.codec, started).await?;
    figures.set("people", options.people);
    figures.set("back", times.json());
    figures.goal("all_back_s", times.ms(100.0) / 1_000.0, 5.0);
    figures.must(format!("{wrong} came back to a wrong state"), wrong == 0);
    figures.must("not everyone is back", times.count() == options.people as u64);
    check_results(hub, &poll, &tally, &mut figures)?;
    Ok(figures)
}

/// Everyone comes back. Returns when, and how many do not see all votes.
async fn wave(
    hub: &Hub,
    tokens: &[String],
    room: &str,
    codec: &str,
    started: Instant,
) -> io::Result<(Times, u64)> {
    let gate = Rc::new(tokio::sync::Semaphore::new(ENTERING));
    let (address, voters) = (hub.address, tokens.len() as u64);
    let mut coming = tokio::task::JoinSet::new();
    for (n, token) in tokens.iter().enumerate() {
        let (gate, token, room, codec) =
            (Rc::clone(&gate), token.clone(), room.to_owned(), codec_of(n, codec));
        coming.spawn_local(async move {
            loop {
                let turn = gate.acquire().await.map_err(io::Error::other)?;
                if let Ok((conn, seen)) = come_back(address, n, codec, &token, &room).await {
                    return Ok::<_, io::Error>((conn, seen == voters, started.elapsed()));
                }
                drop(turn);
                tokio::time::sleep(RETRY).await;
            }
        });
    }
    let (mut times, mut wrong, mut held) = (Times::new(), 0, Vec::new());
    while let Some(back) = coming.join_next().await {
        let (conn, is_right, time) = back.map_err(io::Error::other)??;
        times.add(time);
        wrong += u64::from(!is_right);
        held.push(conn);
    }
    Ok((times, wrong))
}

/// One person connects again. Returns the voters that it is shown.
async fn come_back(
    address: std::net::SocketAddr,
    n: usize,
    codec: plenum_protocol::Codec,
    token: &str,
    room: &str,
) -> io::Result<(Conn, u64)> {
    let mut conn = Conn::open(address, conn::source(n), codec).await?;
    conn.hello(token).await?;
    let id = conn.join(room).await?;
    let ok = conn.answer(id, |_, _| {}).await?;
    Ok((conn, ok["state"]["results"]["voters"].as_u64().unwrap_or_default()))
}
