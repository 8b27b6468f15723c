//! Trouble for several hubs at once, one round after the other.

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use super::crowd::Crowd;
use super::fault::{self, Fault, Sort};
use super::nemesis::{Blow, Nemesis, Trouble};
use super::troubles::Troubles;
use super::{Options, furnished, program, truth};
use crate::cluster::Cluster;
use crate::scenario::Folder;

/// Threads of each hub that own sockets and rooms.
const SHARDS: u32 = 1;
/// Between two troubles, at most, in milliseconds.
const QUIET_MS: u64 = 500;
/// How long it may take from the beginning of a trouble, however long it lasts, until something is acknowledged again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(60);
/// How long the whole run may take besides its rounds, and each round on a busy machine: a round takes 3 s to 6 s.
const AROUND_MAX: Duration = Duration::from_secs(240);
const ROUND_MAX: Duration = Duration::from_secs(20);

/// Where the run is, for whoever ends it.
#[derive(Default)]
struct Place(Mutex<String>);

impl Place {
    fn is(&self, words: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs all rounds and prints a summary. Returns whether nothing was lost, doubled, out of order or wrong. However it ends,
/// it ends in time, and everything that it started ends with it.
pub(super) async fn run(options: &Options) -> io::Result<bool> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (place, limit) = (Place::default(), AROUND_MAX + ROUND_MAX * options.rounds);
    let why = tokio::select! {
        done = whole(options, &place) => return done,
        () = tokio::time::sleep(limit) => format!("it takes longer than {} s", limit.as_secs()),
        _ = term.recv() => "it was told to end".to_owned(),
        _ = int.recv() => "it was interrupted".to_owned(),
    };
    Err(io::Error::other(format!("{why}: {place} (seed {})", options.seed)))
}

async fn whole(options: &Options, place: &Place) -> io::Result<bool> {
    let (start, mut folder) = (Instant::now(), Folder::new()?);
    if options.keep {
        println!("chaos: the hubs' logs are kept in {}", folder.path().display());
        folder.keep();
    }
    place.is("starting the hubs".to_owned());
    let mut cluster = Cluster::start(&program(options)?, folder.path(), options.hubs, SHARDS).await?;
    let (stage, polls) = tokio::task::block_in_place(|| furnished(cluster.any()))?;
    let tokens = tokio::task::block_in_place(|| cluster.any().join_people(&stage, options.people))?;
    let crowd = Crowd::gather(cluster.front.address, &stage, &polls, tokens, options.seed).await;
    let (mut troubles, mut faults) = (Troubles::default(), Vec::new());
    rounds(options, &mut cluster, &crowd, place, (&mut troubles, &mut faults)).await?;
    place.is("waiting for the last answers".to_owned());
    let (ledger, rest) = crowd.finish().await;
    place.is("comparing what was told with what is there".to_owned());
    faults.extend(truth::compare(cluster.any(), &stage, &ledger, &rest).await?);
    if options.rolling {
        faults.extend(ledger.given_up().map(|why| Sort::Wrong.fault(why)));
    }
    faults.iter().for_each(|fault| println!("chaos: {fault}"));
    troubles.print();
    println!(
        "chaos: {} rounds on {} hubs over Redis and {} under {} people (seed {}): {}; {}; {:.1} s in all",
        troubles.rounds(),
        options.hubs,
        cluster.store,
        options.people,
        options.seed,
        ledger.counts(),
        fault::counts(&faults),
        start.elapsed().as_secs_f64(),
    );
    println!("{} passed, {} failed", if faults.is_empty() { options.rounds } else { 0 }, faults.len());
    Ok(faults.is_empty())
}

/// One trouble after the other. After one from which nobody recovers there is no other.
async fn rounds(
    options: &Options,
    cluster: &mut Cluster,
    crowd: &Crowd,
    place: &Place,
    (troubles, faults): (&mut Troubles, &mut Vec<Fault>),
) -> io::Result<()> {
    let mut nemesis = Nemesis::new(options.seed);
    for round in 1..=options.rounds {
        tokio::time::sleep(nemesis.moment(QUIET_MS)).await;
        let blow = match options.rolling {
            true => Nemesis::roll(cluster, round),
            false => nemesis.choose(cluster),
        };
        let begun = Instant::now();
        let what = format!("round {round} of {}, {blow}", options.rounds);
        place.is(what.clone());
        let (silence, fault) = endured(cluster, crowd, &mut nemesis, blow).await?;
        faults.extend(fault.map(|fault| Sort::Wrong.fault(format!("{what}: {fault}"))));
        let Some(silence) = silence else {
            faults.push(Sort::Wrong.fault(format!("{what}: nothing is acknowledged any more")));
            return Ok(());
        };
        troubles.note(blow, silence);
        let took = begun.elapsed().as_secs_f64();
        println!("chaos: {what}: first acknowledgement after {} ms; {took:.1} s", silence.as_millis());
    }
    Ok(())
}

/// How long nothing was acknowledged because of a blow, and what went wrong beyond what was meant to. Afterwards every hub
/// runs again.
async fn endured(
    cluster: &mut Cluster,
    crowd: &Crowd,
    nemesis: &mut Nemesis,
    blow: Blow,
) -> io::Result<(Option<Duration>, Option<String>)> {
    let first = tokio::spawn(crowd.pulse.clone().after(Instant::now(), RECOVERED_WITHIN));
    let fault = nemesis.strike(cluster, blow).await?;
    let silence = first.await?;
    if matches!(blow.trouble, Trouble::Kill | Trouble::Restart) {
        tokio::task::block_in_place(|| cluster.nodes[blow.node].hub.spawn())?;
    }
    Ok((silence, fault))
}
