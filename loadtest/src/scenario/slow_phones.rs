//! A twentieth of the phones stop reading while the others talk: what the others notice of it, and what becomes of the
//! silent ones.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;

use super::Options;
use super::levels::shown;
use crate::crowd::{Person, enter_all};
use crate::drive::{Script, drive_all, evenly};
use crate::figures::{Figures, Times};
use crate::hub::{Hub, Stage};
use crate::process;
use crate::swarm::Swarm;

/// One of so many phones does not read.
const SLOW: usize = 20;
/// Those who talk, and how many lines a second they write together.
const TALKERS: usize = 10;
const LINES_PER_S: f64 = 120.0;
/// Fills a line, so that what a silent phone does not take is soon more than the system keeps for it.
const LINE_BYTES: usize = 450;
/// Sockets whose times are taken.
const READING: usize = 50;
/// A silent phone is closed after twenty seconds without progress (contract: 4408); so long they are silent here.
const SILENT_FOR: Duration = Duration::from_secs(30);
/// What the others may notice, and what memory may grow by, a silent phone, in KiB: what waits for it is bounded.
const GOAL_RATIO: f64 = 1.1;
const GOAL_KB: f64 = 64.0;

/// The same talk twice: with everyone reading, then with phones that do not.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("people", options.people);
    let time = Duration::from_secs(options.seconds);
    let alone = talk(hub, options, 0, time, &mut figures).await?;
    let slow = options.people / SLOW;
    let beside = talk(hub, options, slow, SILENT_FOR, &mut figures).await?;
    figures.goal("p99_with_silent_phones_to_without", beside.ms(99.0) / alone.ms(99.0).max(0.01), GOAL_RATIO);
    let counted = |what: &str| counter(&hub.metrics().unwrap_or_default(), what);
    let (resyncs, closed) = (counted("plenum_resyncs_total"), counted("plenum_closes_total{code=\"4408\"}"));
    figures.set("marked_for_a_fresh_state", resyncs);
    figures.set("closed_as_too_slow", closed);
    figures.must(format!("{closed} of {slow} silent phones were closed"), closed == slow as u64);
    Ok(figures)
}

/// Everyone is in one room, some talk, `slow` more do not read. Returns when the readers were told.
async fn talk(
    hub: &Hub,
    options: &Options,
    slow: usize,
    time: Duration,
    figures: &mut Figures,
) -> io::Result<Times> {
    let stage = hub.stage(&format!("{slow} slow phones"))?;
    let tokens = hub.join_people(&stage, options.people + slow)?;
    let rooms = [stage.messaging.clone()];
    let mut people = enter_all(hub, &tokens, &rooms, &options.codec).await?;
    let silent = people.split_off(options.people);
    let talkers = talkers(&mut people, &stage)?;
    let swarm =
        Swarm::listen(people.into_iter().map(|person| person.conn).collect(), options.people / READING)?;
    swarm.settle().await;
    let (rss, cpu) = (process::rss_bytes(hub.pid()), process::cpu_us(hub.pid()));
    let began = std::time::Instant::now();
    let (_, sent) = drive_all(talkers, evenly(LINES_PER_S, TALKERS), time).await?;
    swarm.settle().await;
    let grown_kb = process::rss_bytes(hub.pid()).saturating_sub(rss) as f64 / 1_024.0;
    let with = |what: &str| format!("{what}_with_{slow}_silent");
    figures.set(
        &with("hub_cores"),
        ((process::cpu_us(hub.pid()) - cpu) as f64 / time.as_micros() as f64 * 100.0).round() / 100.0,
    );
    figures.must(format!("lines were refused: {:?}", sent.refused), sent.refused.is_empty());
    figures.must(format!("{} readers were closed", swarm.counts.ended()), swarm.counts.ended() == 0);
    let times = shown(&sent, &swarm.stop()?, (began, std::time::Instant::now()));
    figures.set(&with("line_to_readers"), times.json());
    figures.set(&with("ack"), sent.times().json());
    match slow {
        0 => figures.set("rss_growth_kb_without", grown_kb.round()),
        _ => figures.goal("rss_growth_kb_a_silent_phone", grown_kb / slow as f64, GOAL_KB),
    }
    drop(silent);
    Ok(times)
}

fn talkers(people: &mut Vec<Person>, stage: &Stage) -> io::Result<Vec<(crate::conn::Conn, Script)>> {
    let talker = |person: Person| {
        let text = "What was said there about the second figure? ".repeat(LINE_BYTES / 45);
        let data = Rc::new(vec![person.conn.encoded(&json!({"text": text.trim()}))?]);
        let script = Script { op: "chat.send", room: stage.messaging.clone(), data, first: 0, step: 1 };
        Ok((person.conn, script))
    };
    people.drain(..TALKERS).map(talker).collect()
}

/// A counter of /metrics; 0 while there is none.
fn counter(page: &str, name: &str) -> u64 {
    let value = |line: &str| line.strip_prefix(name)?.trim().parse::<f64>().ok();
    page.lines().find_map(value).unwrap_or_default() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_read_by_its_whole_name() {
        let page = "# TYPE plenum_resyncs_total counter\nplenum_resyncs_total 12\nplenum_closes_total{code=\"4408\"} 3\n";
        assert_eq!(counter(page, "plenum_resyncs_total"), 12);
        assert_eq!(counter(page, "plenum_closes_total{code=\"4408\"}"), 3);
        assert_eq!(counter(page, "plenum_closes_total{code=\"4401\"}"), 0);
    }
}
