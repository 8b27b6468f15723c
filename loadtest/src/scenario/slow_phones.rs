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

/// What a talk was like.
struct Talk {
    line_to_readers: Times,
    acks: Times,
    hub_cores: f64,
    rss_growth_kb: f64,
}

/// The same talk twice, for as long: with everyone reading, then with phones that do not. What a talk leaves in memory is
/// in both; one before them is for what a hub needs once.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    figures.set("people", options.people);
    talk(hub, options, 0, Duration::from_secs(options.seconds), &mut figures).await?;
    let slow = options.people / SLOW;
    let without = talk(hub, options, 0, SILENT_FOR, &mut figures).await?;
    let with = talk(hub, options, slow, SILENT_FOR, &mut figures).await?;
    for (name, talk) in [("without".to_owned(), &without), (format!("with_{slow}_silent"), &with)] {
        figures.set(&format!("hub_cores_{name}"), (talk.hub_cores * 100.0).round() / 100.0);
        figures.set(&format!("line_to_readers_{name}"), talk.line_to_readers.json());
        figures.set(&format!("ack_{name}"), talk.acks.json());
        figures.set(&format!("rss_growth_kb_{name}"), talk.rss_growth_kb.round());
    }
    let ratio = with.line_to_readers.ms(99.0) / without.line_to_readers.ms(99.0).max(0.01);
    figures.goal("p99_with_silent_phones_to_without", ratio, GOAL_RATIO);
    let more_kb = (with.rss_growth_kb - without.rss_growth_kb) / slow as f64;
    figures.goal("rss_growth_kb_a_silent_phone", more_kb, GOAL_KB);
    let counted = |what: &str| counter(&hub.metrics().unwrap_or_default(), what);
    let (resyncs, closed) = (counted("plenum_resyncs_total"), counted("plenum_closes_total{code=\"4408\"}"));
    figures.set("marked_for_a_fresh_state", resyncs);
    figures.set("closed_as_too_slow", closed);
    figures.must(format!("{closed} of {slow} silent phones were closed"), closed == slow as u64);
    Ok(figures)
}

/// Everyone is in one room, some talk, `slow` more do not read.
async fn talk(
    hub: &Hub,
    options: &Options,
    slow: usize,
    time: Duration,
    figures: &mut Figures,
) -> io::Result<Talk> {
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
    let rss_growth_kb = (process::rss_bytes(hub.pid()) as f64 - rss as f64) / 1_024.0;
    let hub_cores = (process::cpu_us(hub.pid()) - cpu) as f64 / time.as_micros() as f64;
    figures.must(format!("lines were refused: {:?}", sent.refused), sent.refused.is_empty());
    figures.must(format!("{} readers were closed", swarm.counts.ended()), swarm.counts.ended() == 0);
    let line_to_readers = shown(&sent, &swarm.stop()?, (began, std::time::Instant::now()));
    drop(silent);
    Ok(Talk { line_to_readers, acks: sent.times(), hub_cores, rss_growth_kb })
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
