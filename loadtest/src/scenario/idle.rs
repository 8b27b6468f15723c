//! What an idle socket costs: resident memory of the hub by joined, silent sockets, few and as many as a process may open.

use std::io;

use super::Options;
use crate::crowd::enter_all;
use crate::figures::Figures;
use crate::hub::Hub;
use crate::process;
use crate::swarm::Swarm;

/// The first measurement.
const FEW: usize = 5_000;
/// KiB of one socket.
const GOAL_KB: f64 = 2.0;

/// Joins everyone into one room, and looks at the hub's memory on the way.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let stage = hub.stage("Idle")?;
    let tokens = hub.join_people(&stage, options.people)?;
    let before = process::rss_bytes(hub.pid());
    let mut swarms: Vec<Swarm> = Vec::new();
    let mut joined = 0;
    for count in [FEW.min(options.people), options.people] {
        let rooms = std::slice::from_ref(&stage.session);
        let people = enter_all(hub, &tokens[joined..count], rooms, &options.codec).await?;
        joined = count;
        swarms.push(Swarm::listen(people.into_iter().map(|person| person.conn).collect(), 0)?);
        for swarm in &swarms {
            swarm.settle().await;
        }
        let grown = process::rss_bytes(hub.pid()).saturating_sub(before) as f64 / 1_024.0;
        figures.goal(&format!("kb_per_socket_of_{count}"), grown / count as f64, GOAL_KB);
    }
    let ended: u64 = swarms.iter().map(|swarm| swarm.counts.ended()).sum();
    figures.must(format!("{ended} sockets were closed"), ended == 0);
    swarms.into_iter().try_for_each(|swarm| swarm.stop().map(|_| ()))?;
    Ok(figures)
}
