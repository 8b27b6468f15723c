//! A twentieth of the phones stop reading while the others vote.

use std::io;
use std::time::Duration;

use super::Options;
use super::keynote_vote::{check_results, report, vote_all};
use crate::crowd::enter_all;
use crate::figures::Figures;
use crate::hub::Hub;
use crate::process;

/// One of so many phones does not read.
const SLOW: usize = 20;

/// The same vote twice: with everyone reading, then with phones that do not.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let time = Duration::from_secs(options.seconds);
    let mut p99 = Vec::new();
    for slow in [0, options.people / SLOW] {
        let stage = hub.stage(&format!("{slow} slow phones"))?;
        let (poll, room) = hub.open_poll(&stage, false)?;
        let tokens = hub.join_people(&stage, options.people + slow)?;
        let mut people = enter_all(hub, &tokens, std::slice::from_ref(&room), &options.codec).await?;
        let silent = people.split_off(options.people);
        let (cpu_before, rss_before) = (process::cpu_us(hub.pid()), process::rss_bytes(hub.pid()));
        let tally = vote_all(people, &room, time).await?;
        report(&mut figures, &tally, process::cpu_us(hub.pid()) - cpu_before, options.people);
        let grown = process::rss_bytes(hub.pid()).saturating_sub(rss_before) / 1_024;
        figures.set(&format!("rss_growth_kb_with_{slow}_slow"), grown);
        figures.set(&format!("ack_with_{slow}_slow"), tally.ack_times().json());
        p99.push(tally.ack_times().ms(99.0));
        check_results(hub, &poll, &tally, &mut figures)?;
        drop(silent);
    }
    figures.goal("p99_ratio", p99[1] / p99[0].max(0.01), 1.1);
    Ok(figures)
}
