//! Trouble for several hubs at once, one round after the other.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use super::crowd::Crowd;
use super::nemesis::{Blow, Nemesis, Trouble};
use super::{Options, furnished, program, truth};
use crate::cluster::Cluster;
use crate::scenario::Folder;

/// Threads of each hub that own sockets and rooms.
const SHARDS: u32 = 1;
/// Between two troubles, at most, in milliseconds.
const QUIET_MS: u64 = 500;
/// How long it may take from the beginning of a trouble, however long it lasts, until something is acknowledged again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(60);

/// What ends a run early.
const STUCK: &str = "nothing is acknowledged any more";

/// How often something happened, and how long nothing was acknowledged because of it.
#[derive(Default)]
struct Troubles(BTreeMap<(Trouble, bool), Vec<Duration>>);

impl Troubles {
    fn note(&mut self, blow: Blow, silence: Duration) {
        self.0.entry((blow.trouble, blow.was_owner)).or_default().push(silence);
    }

    fn rounds(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// A line a kind of trouble.
    fn print(&mut self) {
        for ((trouble, was_owner), silences) in &mut self.0 {
            silences.sort();
            let (count, whose) = (silences.len(), if *was_owner { "the owner" } else { "another" });
            let at = |percent: usize| silences[(count * percent / 100).min(count - 1)].as_millis();
            println!(
                "chaos: {trouble:?} of {whose}: {count} times; first acknowledgement after {} ms in the middle, \
                 {} ms p99, {} ms at worst",
                at(50),
                at(99),
                at(100)
            );
        }
    }
}

/// Runs all rounds and prints a summary. Returns whether nothing was lost, doubled, out of order or wrong.
pub(super) async fn run(options: &Options) -> io::Result<bool> {
    let (start, mut folder) = (Instant::now(), Folder::new()?);
    let mut cluster = Cluster::start(&program(options)?, folder.path(), options.hubs, SHARDS).await?;
    let (stage, polls) = tokio::task::block_in_place(|| furnished(cluster.any()))?;
    let tokens = tokio::task::block_in_place(|| cluster.any().join_people(&stage, options.people))?;
    let crowd = Crowd::gather(cluster.front.address, &stage, &polls, tokens, options.seed).await;
    let (mut nemesis, mut troubles, mut faults) =
        (Nemesis::new(options.seed), Troubles::default(), Vec::new());
    for round in 1..=options.rounds {
        tokio::time::sleep(nemesis.moment(QUIET_MS)).await;
        let (blow, struck) = (nemesis.choose(&cluster), Instant::now());
        let first = tokio::spawn(crowd.pulse.clone().after(struck, RECOVERED_WITHIN));
        let mut fault = nemesis.strike(&mut cluster, blow).await?;
        match first.await? {
            Some(silence) => troubles.note(blow, silence),
            None => fault = Some(STUCK.to_owned()),
        }
        if let Some(fault) = fault {
            faults.push(format!("round {round}, {blow:?}: {fault}"));
            if fault == STUCK {
                break;
            }
        }
        if matches!(blow.trouble, Trouble::Kill | Trouble::Restart) {
            tokio::task::block_in_place(|| cluster.nodes[blow.node].hub.spawn())?;
        }
    }
    if options.keep {
        println!("chaos: the hubs' logs are kept in {}", folder.path().display());
        folder.keep();
    }
    let (ledger, rest) = crowd.finish().await;
    let everything = truth::compare(cluster.any(), &stage, &ledger, &rest).await?;
    faults.extend(everything);
    faults.iter().for_each(|fault| println!("chaos: {fault}"));
    troubles.print();
    println!(
        "chaos: {} rounds on {} hubs over Redis and {} under {} people (seed {}): {}; {:.1} s in all",
        troubles.rounds(),
        options.hubs,
        cluster.store,
        options.people,
        options.seed,
        ledger.counts(),
        start.elapsed().as_secs_f64(),
    );
    println!("{} passed, {} failed", if faults.is_empty() { options.rounds } else { 0 }, faults.len());
    Ok(faults.is_empty())
}
