//! A hundred thousand people who only listen, over six hubs and in a thousand rooms; then one event in each room.
//!
//! A process may open some ten thousand files, so that the crowd is as many processes as there are hubs.

mod crowd;

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use plenum_protocol::Codec;
use serde_json::json;

use crate::crowd::Person;
use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::process;
use crate::scenario::{Folder, Options};
use crowd::Crowd;
pub(crate) use crowd::serve;

const HUBS: usize = 6;
const ROOMS: usize = 1_000;
/// A hub with its part of the people takes at most this much memory, in megabytes; what hubs share counts in parts.
const HUB_MB: f64 = 60.0;
/// Nobody says anything for so long before memory is looked at.
const QUIET: Duration = Duration::from_secs(5);
/// The event reaches everyone within this.
const EVENT_TIMEOUT: Duration = Duration::from_secs(60);
/// What the event says: it is looked for in what arrives.
pub(crate) const EVENT: &str = "The doors of all halls are open";

/// A hub with its rooms and its people.
struct Part {
    hub: Hub,
    stage: Stage,
    rooms: Vec<String>,
    rss_before: u64,
    people: usize,
}

/// Runs it. `options.people` is how many there are in all.
pub(crate) async fn run(program: &Path, options: &Options) -> io::Result<Figures> {
    let (folder, started) = (Folder::new()?, Instant::now());
    let mut parts =
        (0..HUBS).map(|n| prepared(program, &folder, options, n)).collect::<io::Result<Vec<_>>>()?;
    let mut crowds = parts
        .iter()
        .map(|part| {
            Crowd::start(part.hub.address, &part.stage.code, part.people, &part.rooms, &options.codec)
        })
        .collect::<io::Result<Vec<_>>>()?;
    let entered = crowds.iter_mut().map(Crowd::entered).sum::<io::Result<usize>>()?;
    let mut figures = Figures::default();
    figures.set("hubs", HUBS);
    figures.set("rooms", parts.iter().map(|part| part.rooms.len()).sum::<usize>());
    figures.set("sockets", entered);
    figures.set("entered_within_s", started.elapsed().as_secs());
    figures.must(format!("{entered} of {} entered", options.people), entered == options.people);
    tokio::time::sleep(QUIET).await;
    memory(&mut figures, &parts);
    let (heard, took) = event(&mut parts, &mut crowds).await?;
    figures.set("heard_the_event", heard);
    figures.set("event_to_the_last_s", (took.as_secs_f64() * 100.0).round() / 100.0);
    figures.must(format!("{heard} of {entered} heard the event"), heard == entered);
    let alive = crowds.iter_mut().map(Crowd::alive).sum::<io::Result<usize>>()?;
    figures.set("alive_afterwards", alive);
    figures.must(format!("{alive} of {entered} are alive"), alive == entered);
    Ok(figures)
}

fn prepared(program: &Path, folder: &Folder, options: &Options, n: usize) -> io::Result<Part> {
    let own = folder.path().join(n.to_string());
    std::fs::create_dir_all(&own)?;
    let hub = Hub::start(program, &own, options.shards)?;
    let stage = hub.stage("Everyone")?;
    let share = |of: usize| of * (n + 1) / HUBS - of * n / HUBS;
    let rooms = (0..share(ROOMS)).map(|room| hub.add_session(&stage, &format!("Hall {room}")));
    let rooms = rooms.collect::<io::Result<Vec<_>>>()?;
    let rss_before = process::rss_bytes(hub.pid());
    Ok(Part { hub, stage, rooms, rss_before, people: share(options.people) })
}

fn memory(figures: &mut Figures, parts: &[Part]) {
    let mb = |bytes: u64| (bytes as f64 / 1_048_576.0 * 10.0).round() / 10.0;
    let rss: Vec<u64> = parts.iter().map(|part| process::rss_bytes(part.hub.pid())).collect();
    let grown: u64 = rss.iter().zip(parts).map(|(now, part)| now.saturating_sub(part.rss_before)).sum();
    let people: usize = parts.iter().map(|part| part.people).sum();
    // All six run the same program, whose pages are in memory once: they count a sixth for each.
    let own = parts.iter().map(|part| process::pss_bytes(part.hub.pid())).max().unwrap_or_default();
    figures.goal("pss_mb_of_the_largest_hub", mb(own), HUB_MB);
    figures.set("rss_mb_of_the_largest_hub", mb(rss.iter().max().copied().unwrap_or_default()));
    figures.set("kb_per_idle_socket", (grown as f64 / people.max(1) as f64 / 10.24).round() / 100.0);
    figures.must(format!("a hub takes {} MB", mb(own)), mb(own) <= HUB_MB);
}

/// One event to each room. Returns how many heard it, and after which time the last one did.
async fn event(parts: &mut [Part], crowds: &mut [Crowd]) -> io::Result<(usize, Duration)> {
    let start = Instant::now();
    for part in parts.iter() {
        tell(part).await?;
    }
    let wanted: usize = parts.iter().map(|part| part.people).sum();
    loop {
        let heard = crowds.iter_mut().map(Crowd::heard).sum::<io::Result<usize>>()?;
        if heard == wanted || start.elapsed() > EVENT_TIMEOUT {
            return Ok((heard, start.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A moderator goes from room to room.
async fn tell(part: &Part) -> io::Result<()> {
    let mut moderator = Person::enter(part.hub.address, 0, Codec::Json, part.hub.token(), &[]).await?;
    for room in &part.rooms {
        let joined = moderator.conn.join(room).await?;
        moderator.conn.answer(joined, |_, _| {}).await?;
        let (shown, _) =
            moderator.act("session.show", room, &json!({"kind": "message", "text": EVENT})).await?;
        moderator.conn.answer(shown, |_, _| {}).await?;
        let left = moderator.conn.send("leave", Some(room), None, &json!({})).await?;
        moderator.conn.answer(left, |_, _| {}).await?;
    }
    Ok(())
}
