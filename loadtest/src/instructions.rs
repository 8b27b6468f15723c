//! How many instructions of the hub's own a vote, a delivery and a join take, counted by callgrind: the same on every
//! machine, busy or not, so that they may only fall.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use plenum_protocol::Codec;
use serde_json::{Map, Value, json};

use crate::crowd::{Person, Tally, codec_of};
use crate::hub::Hub;
use crate::scenario::Folder;

/// Where the numbers are kept, from the workspace's root.
const KEPT: &str = "docs/benchmarks/instructions.json";
/// The same without its folder.
pub(crate) const FILE: &str = "instructions.json";
/// What time decides (which beat an event falls into, how many votes a commit holds, when a timer looks) moves the counts by
/// this part. It is taken together with how much is done below: less work leaves more to chance.
const CHANCE: f64 = 0.1;
/// How much of each is done while it is counted.
const VOTES: usize = 3_000;
const JOINS: usize = 1_000;
/// Votes that wait for their answer together.
const TOGETHER: usize = 50;
/// What a hub does by itself meanwhile (looks at its clock, writes to its store) must be little next to these.
const EVENTS: usize = 200;
/// Everyone has an event before the next one comes.
const PAUSE: Duration = Duration::from_millis(100);

/// A hub under callgrind, which counts only when it is told to.
struct Counted {
    hub: Hub,
    folder: Folder,
    /// Dumps so far; each is a file of its own.
    dumps: u32,
}

impl Counted {
    fn start(program: &Path) -> io::Result<Self> {
        let folder = Folder::new()?;
        let mut hub = Hub::start(&program.canonicalize()?, folder.path(), 1)?;
        let out = format!("--callgrind-out-file={}", folder.path().join("counts").display());
        let words = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--quiet", &out];
        hub.restart_under(&words)?;
        Ok(Self { hub, folder, dumps: 0 })
    }

    fn control(&self, word: &[&str]) -> io::Result<()> {
        let pid = self.hub.pid().to_string();
        let status = Command::new("callgrind_control")
            .args(word)
            .arg(pid)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other("callgrind does not listen to callgrind_control"))
        }
    }

    /// The instructions of the hub while `work` is done.
    async fn count<T>(&mut self, work: impl Future<Output = io::Result<T>>) -> io::Result<(u64, T)> {
        self.control(&["-i", "on"])?;
        self.control(&["-z"])?;
        let done = work.await?;
        self.control(&["-d"])?;
        self.control(&["-i", "off"])?;
        self.dumps += 1;
        let dump = self.folder.path().join(format!("counts.{}", self.dumps));
        let text = std::fs::read_to_string(&dump)?;
        let total = text
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")));
        let total = total.and_then(|total| total.split_whitespace().next()?.parse().ok());
        Ok((total.ok_or_else(|| io::Error::other(format!("{} has no total", dump.display())))?, done))
    }
}

/// Counts, and compares with what is kept; `write` keeps the new numbers. Returns whether none of them rose.
///
/// # Errors
/// valgrind is not installed, or the hub cannot be started under it.
pub(crate) async fn run(program: &Path, write: bool) -> io::Result<bool> {
    let counted = measure(program).await?;
    let path = PathBuf::from(KEPT);
    if write {
        std::fs::write(&path, serde_json::to_string_pretty(&counted)? + "\n")?;
        println!("written to {KEPT}: commit it");
        return Ok(true);
    }
    let kept: Map<String, Value> = serde_json::from_slice(&std::fs::read(&path)?)?;
    Ok(judge(&counted, &kept))
}

/// Says what rose and what fell. Returns whether nothing rose.
fn judge(counted: &Map<String, Value>, kept: &Map<String, Value>) -> bool {
    let (mut is_well, mut has_fallen) = (true, false);
    for (what, now) in counted {
        let (Some(now), Some(before)) = (now.as_f64(), kept.get(what).and_then(Value::as_f64)) else {
            continue;
        };
        let change = (now / before - 1.0) * 100.0;
        let word = match now / before - 1.0 {
            rise if rise > CHANCE => "WORSE",
            fall if fall < -CHANCE => "better",
            _ => "as before",
        };
        println!("{what}: {now} now, {before} kept, {change:+.1} %: {word}");
        is_well &= word != "WORSE";
        has_fallen |= word == "better";
    }
    if has_fallen && is_well {
        println!("lower than what is kept: cargo xtask bench --write-instructions, and commit {KEPT}");
    }
    is_well
}

async fn measure(program: &Path) -> io::Result<Map<String, Value>> {
    let mut counted = Counted::start(program)?;
    let stage = counted.hub.stage("Counted")?;
    let poll = counted.hub.open_quiet_poll(&stage)?;
    let tokens = counted.hub.join_people(&stage, JOINS)?;
    let address = counted.hub.address;
    let mut found = Map::new();

    let mut moderator = moderator(&counted.hub, &stage.session).await?;
    // What is done once, for the first event, is not in what the later ones are compared with.
    show(&mut moderator, &stage.session).await?;
    let alone = counted.count(show(&mut moderator, &stage.session)).await?.0;
    let entering = async {
        let mut people = Vec::new();
        for (n, token) in tokens.iter().enumerate() {
            people.push(
                Person::enter(address, n, codec_of(n, "mixed"), token, std::slice::from_ref(&stage.session))
                    .await?,
            );
        }
        Ok(people)
    };
    let (joins, people) = counted.count(entering).await?;
    found.insert("instructions_per_join".to_owned(), json!(joins / JOINS as u64));
    let together = counted.count(show(&mut moderator, &stage.session)).await?.0;
    let deliveries = (EVENTS * JOINS) as u64;
    found.insert("instructions_per_delivery".to_owned(), json!(together.saturating_sub(alone) / deliveries));
    drop(people);

    let mut voter =
        Person::enter(address, 0, Codec::MsgPack, &tokens[0], std::slice::from_ref(&poll)).await?;
    // The first one opens what the later ones find open.
    vote(&mut voter, &poll, 2).await?;
    let votes = counted.count(vote(&mut voter, &poll, VOTES)).await?.0;
    found.insert("instructions_per_vote".to_owned(), json!(votes / VOTES as u64));
    Ok(found)
}

async fn moderator(hub: &Hub, room: &str) -> io::Result<Person> {
    let rooms = [room.to_owned()];
    let mut moderator = Person::enter(hub.address, 0, Codec::Json, hub.token(), &rooms).await?;
    moderator.listen_for(&Tally::default(), PAUSE).await?;
    Ok(moderator)
}

/// One event after the other, each delivered to everyone before the next.
async fn show(moderator: &mut Person, room: &str) -> io::Result<()> {
    moderator.listen_for(&Tally::default(), PAUSE).await?;
    for n in 0..EVENTS {
        let data =
            json!({"kind": "message", "text": format!("The doors of hall A open in five minutes {n:02}")});
        let (id, _) = moderator.act("session.show", room, &data).await?;
        moderator.conn.answer(id, |_, _| {}).await?;
        moderator.listen_for(&Tally::default(), PAUSE).await?;
    }
    Ok(())
}

/// Votes some at a time, all acknowledged before the next ones.
async fn vote(voter: &mut Person, poll: &str, times: usize) -> io::Result<()> {
    for begin in (0..times).step_by(TOGETHER) {
        let mut last = None;
        for n in begin..times.min(begin + TOGETHER) {
            let choice = ["a", "b"][n % 2];
            last = Some(voter.act("poll.vote", poll, &json!({"options": [choice]})).await?.0);
        }
        if let Some(last) = last {
            voter.conn.answer(last, |_, _| {}).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rose_is_a_fault_and_what_fell_is_not() {
        let numbers = |vote: u64| Map::from_iter([("instructions_per_vote".to_owned(), json!(vote))]);
        assert!(judge(&numbers(1_000), &numbers(1_000)));
        assert!(judge(&numbers(1_090), &numbers(1_000)), "within what chance does");
        assert!(judge(&numbers(800), &numbers(1_000)));
        assert!(!judge(&numbers(1_110), &numbers(1_000)));
        assert!(judge(&numbers(1_000), &Map::new()), "what is not kept yet cannot be worse");
    }
}
