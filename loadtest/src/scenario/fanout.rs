//! One event at a time to everyone in one room: CPU per delivery against the floor, and memory of idle sockets.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use super::Options;
use crate::baseline;
use crate::crowd::{Person, Tally, enter_all};
use crate::figures::Figures;
use crate::hub::Hub;
use crate::process;

/// Events of one measurement: enough that CPU ticks of 10 ms do not matter.
const EVENTS: usize = 40;
/// Each event is delivered to the last socket before the next.
const PAUSE: Duration = Duration::from_millis(300);
/// Fills a frame to about 200 bytes.
const TEXT: &str = "The doors of hall A open in five minutes";

/// Fans out messages on the session's screen.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let stage = hub.stage("Fan-out")?;
    let tokens = hub.join_people(&stage, options.people)?;
    let rss_before = process::rss_bytes(hub.pid());
    let people = enter_all(hub, &tokens, std::slice::from_ref(&stage.session), &options.codec).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let rss_after = process::rss_bytes(hub.pid());
    let per_socket = rss_after.saturating_sub(rss_before) as f64 / options.people as f64 / 1_024.0;
    figures.set("people", options.people);
    figures.goal("kb_per_idle_socket", per_socket, 4.0);
    let (tally, cpu_us, bytes) = send_events(hub, &stage.session, people).await?;
    let deliveries = tally.pushes.get();
    figures.set("deliveries", deliveries);
    figures.must(
        format!("{deliveries} of {} delivered", options.people * EVENTS),
        deliveries >= (options.people * EVENTS) as u64,
    );
    let frame_bytes = (bytes / deliveries.max(1)) as usize;
    figures.set("frame_bytes", frame_bytes);
    let per_delivery = cpu_us as f64 / deliveries.max(1) as f64;
    figures.set("hub_cpu_us_per_delivery", (per_delivery * 100.0).round() / 100.0);
    let floor = baseline::measure(options.people, frame_bytes, EVENTS, PAUSE).await?;
    figures.set("bare_loop_cpu_us_per_delivery", (floor * 100.0).round() / 100.0);
    figures.goal("ratio_to_bare_loop", per_delivery / floor, 1.5);
    Ok(figures)
}

/// Sends the events while everyone listens. Returns what was heard, the hub's CPU time and the bytes received.
async fn send_events(hub: &Hub, room: &str, people: Vec<Person>) -> io::Result<(Rc<Tally>, u64, u64)> {
    let tally = Rc::new(Tally::default());
    let (stop, stopped) = watch::channel(false);
    let mut listening = tokio::task::JoinSet::new();
    for mut person in people {
        let (tally, mut stopped) = (Rc::clone(&tally), stopped.clone());
        let before = person.conn.received;
        listening.spawn_local(async move {
            if person.listen(&tally, &mut stopped).await.is_err() {
                tally.broken.set(tally.broken.get() + 1);
            }
            person.conn.received - before
        });
    }
    let rooms = [room.to_owned()];
    let mut moderator =
        Person::enter(hub.address, 0, plenum_protocol::Codec::Json, hub.token(), &rooms).await?;
    // The moderator's own arrival is shown to everyone; that is not what is measured.
    tokio::time::sleep(Duration::from_secs(1)).await;
    tally.pushes.set(0);
    let cpu_before = process::cpu_us(hub.pid());
    for n in 0..EVENTS {
        let data = json!({"kind": "message", "text": format!("{TEXT} {n:02}")});
        moderator.act("session.show", room, &data).await?;
        moderator.listen_for(&Tally::default(), PAUSE).await?;
    }
    let cpu_us = process::cpu_us(hub.pid()) - cpu_before;
    stop.send_replace(true);
    let mut bytes = 0;
    while let Some(received) = listening.join_next().await {
        bytes += received.map_err(io::Error::other)?;
    }
    Ok((tally, cpu_us, bytes))
}
