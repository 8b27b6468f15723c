//! One tenant votes and asks at its usual pace while another one floods: on the same hub, and, to see what the shared core
//! alone does, on another hub beside it. Both hubs run on the first core, so that nothing else is different.

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::Options;
use crate::crowd::enter_all;
use crate::drive::{Script, Talker, drive_all, evenly};
use crate::figures::{Figures, Times};
use crate::flood::{Answers, Flood, KEY};
use crate::hub::{Hub, Stage};
use crate::process;

/// The usual: so many people vote so many times a second all together, and so many requests are made.
const VOTERS: usize = 50;
const VOTES_PER_S: f64 = 200.0;
const REQUESTS_PER_S: f64 = 40.0;
/// The flood on sockets: so many people, each far beyond the 20 commands a second that it may.
const TALKERS: usize = 20;
const COMMANDS_PER_S: f64 = 2_000.0;
/// What a noisy tenant sends to be refused: 64 KiB with a key, and 900 KiB without.
const BODY_BYTES: usize = 64 * 1024;
const LARGE_BODY_BYTES: usize = 900 * 1024;
/// How often all is done, one after the other, so that what else the machine does meets each alike.
const ROUNDS: usize = 3;
/// At most so much slower than beside a flood of another hub.
const GOAL_RATIO: f64 = 1.5;

/// What the quiet tenant waited.
struct Waited {
    acks: Times,
    requests: Times,
}

impl Waited {
    fn new() -> Self {
        Self { acks: Times::new(), requests: Times::new() }
    }

    fn add(&mut self, other: &Self) {
        self.acks.merge(&other.acks);
        self.requests.merge(&other.requests);
    }
}

pub(super) async fn run(program: &Path, folder: &Path, options: &Options) -> io::Result<Figures> {
    let limits = [("PLENUM__LIMITS__COMMANDS_PER_S", "20".to_owned())];
    let start = |name: &str| {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Hub::start_with(program, &folder, options.shards, &limits)
    };
    let (hub, other) = (start("hub")?, start("other")?);
    let mut quiet = Quiet::enter(&hub, options).await?;
    let mut same = Noisy::enter(hub.beside("noisy")?, options).await?;
    let mut apart = Noisy::enter(other.beside("noisy")?, options).await?;
    let time = Duration::from_secs(options.seconds);
    let (mut alone, mut shared, mut beside) = (Waited::new(), Waited::new(), Waited::new());
    let mut refused = Answers::new();
    for _ in 0..ROUNDS {
        alone.add(&quiet.live(time).await?);
        let (waited, flooded) = tokio::join!(quiet.live(time), apart.flood(time));
        shared.add(&waited?);
        flooded?;
        let (waited, flooded) = tokio::join!(quiet.live(time), same.flood(time));
        beside.add(&waited?);
        for (status, count) in flooded? {
            *refused.entry(status).or_default() += count;
        }
    }
    let mut figures = Figures::default();
    figures.set("voters", VOTERS);
    figures.set("votes_per_s", VOTES_PER_S);
    figures.set("requests_per_s", REQUESTS_PER_S);
    tell(&mut figures, &alone, &shared, &beside);
    figures.set("refused_in_the_flood", json!(refused));
    for (name, us) in same.costs(&hub, Duration::from_secs(2)).await? {
        figures.set(&format!("hub_us_of_each_{name}"), (us * 10.0).round() / 10.0);
    }
    Ok(figures)
}

fn tell(figures: &mut Figures, alone: &Waited, shared: &Waited, beside: &Waited) {
    for (when, waited) in [("alone", alone), ("flood_on_another_hub", shared), ("flood_on_this_hub", beside)]
    {
        figures.set(&format!("ack_{when}"), waited.acks.json());
        figures.set(&format!("request_{when}"), waited.requests.json());
    }
    let of: [(&str, fn(&Waited) -> &Times); 2] =
        [("ack", |waited| &waited.acks), ("request", |waited| &waited.requests)];
    for (what, times) in of {
        for (name, percentile) in [("p50", 50.0), ("p99", 99.0)] {
            let ms = |waited: &Waited| times(waited).ms(percentile);
            let ratio = ms(beside) / ms(alone);
            figures.set(&format!("{what}_{name}_to_alone"), (ratio * 100.0).round() / 100.0);
            figures.goal(&format!("{what}_{name}_to_another_hub"), ms(beside) / ms(shared), GOAL_RATIO);
        }
    }
}

/// The tenant that does as always.
struct Quiet<'a> {
    hub: &'a Hub,
    stage: Stage,
    voters: Vec<Talker>,
}

impl<'a> Quiet<'a> {
    async fn enter(hub: &'a Hub, options: &Options) -> io::Result<Self> {
        let stage = hub.stage("Quiet")?;
        let voters = talkers(hub, &stage, VOTERS, options).await?;
        Ok(Self { hub, stage, voters })
    }

    async fn live(&mut self, time: Duration) -> io::Result<Waited> {
        let paths = [String::new(), "/sessions".to_owned(), "/participants?per_page=50".to_owned()];
        let urls = paths.map(|path| self.hub.url(&format!("/conferences/{}{path}", self.stage.conference)));
        let token = self.hub.token().to_owned();
        let asking = tokio::task::spawn_blocking(move || ask(&urls, &token, time));
        let voting = drive_all(std::mem::take(&mut self.voters), evenly(VOTES_PER_S, VOTERS), time);
        let (asked, voted) = tokio::join!(asking, voting);
        let (voters, sent) = voted?;
        self.voters = voters;
        if !sent.refused.is_empty() {
            return Err(io::Error::other(format!(
                "votes of the quiet tenant were refused: {:?}",
                sent.refused
            )));
        }
        Ok(Waited { acks: sent.times(), requests: asked.map_err(io::Error::other)?? })
    }
}

/// Requests at an even pace; a time begins when its request was due.
fn ask(urls: &[String], token: &str, time: Duration) -> io::Result<Times> {
    let (agent, mut times, start) = (ureq::Agent::new_with_defaults(), Times::new(), Instant::now());
    for n in 0..(REQUESTS_PER_S * time.as_secs_f64()) as usize {
        let due = start + Duration::from_secs_f64(n as f64 / REQUESTS_PER_S);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let request = agent.get(&urls[n % urls.len()]).header("Authorization", format!("Bearer {token}"));
        let mut answer = request.call().map_err(io::Error::other)?;
        answer.body_mut().read_to_vec().map_err(io::Error::other)?;
        times.add(due.elapsed());
    }
    Ok(times)
}

/// People of a tenant in one poll, and how they vote.
async fn talkers(hub: &Hub, stage: &Stage, people: usize, options: &Options) -> io::Result<Vec<Talker>> {
    let (poll, tokens) = (hub.open_quiet_poll(stage)?, hub.join_people(stage, people)?);
    let people = enter_all(hub, &tokens, std::slice::from_ref(&poll), &options.codec).await?;
    let mut talkers = Vec::with_capacity(people.len());
    for person in people {
        let conn = person.conn;
        let data = ["a", "b", "c"].map(|choice| conn.encoded(&json!({"options": [choice]})));
        let data = Rc::new(data.into_iter().collect::<io::Result<Vec<_>>>()?);
        talkers.push((conn, Script { op: "poll.vote", room: poll.clone(), data, first: 0, step: 1 }));
    }
    Ok(talkers)
}

/// The tenant that floods, in the smallest tier.
struct Noisy {
    hub: Hub,
    floods: Vec<Flood>,
    talkers: Vec<Talker>,
}

impl Noisy {
    async fn enter(hub: Hub, options: &Options) -> io::Result<Self> {
        let stage = hub.stage("Noisy")?;
        let talkers = talkers(&hub, &stage, TALKERS, options).await?;
        hub.administer(&["tenant", "change", "noisy", "--tier", "free"])?;
        let floods = floods(&hub, &stage);
        Ok(Self { hub, floods, talkers })
    }

    /// All of it at once. Returns how requests were answered.
    async fn flood(&mut self, time: Duration) -> io::Result<Answers> {
        let sending: Vec<_> = self.floods.iter().map(|flood| sent(flood, &self.hub, time)).collect();
        let talking =
            drive_all(std::mem::take(&mut self.talkers), evenly(COMMANDS_PER_S, TALKERS), time).await;
        self.talkers = talking?.0;
        let mut all = Answers::new();
        for answers in sending {
            for (status, count) in answers.await.map_err(io::Error::other)? {
                *all.entry(status).or_default() += count;
            }
        }
        Ok(all)
    }

    /// What each sort of request costs the hub's process when it comes alone, in microseconds of CPU.
    async fn costs(&self, hub: &Hub, time: Duration) -> io::Result<Vec<(&'static str, f64)>> {
        let mut costs = Vec::new();
        for flood in &self.floods {
            let before = process::cpu_ns(hub.pid());
            let answers = sent(flood, &self.hub, time).await.map_err(io::Error::other)?;
            let (cpu_ns, count) = (process::cpu_ns(hub.pid()) - before, answers.values().sum::<u64>());
            costs.push((flood.name, cpu_ns as f64 / 1e3 / count.max(1) as f64));
        }
        Ok(costs)
    }
}

fn sent(flood: &Flood, hub: &Hub, time: Duration) -> tokio::task::JoinHandle<Answers> {
    let (flood, address) = (flood.clone(), hub.address);
    tokio::task::spawn_blocking(move || flood.send(address, Instant::now() + time))
}

fn floods(hub: &Hub, stage: &Stage) -> Vec<Flood> {
    let (own, forged) = (format!("Bearer {}", hub.token()), format!("Bearer {}x", hub.token()));
    let body = |bytes: usize| json!({"name": "x".repeat(bytes)}).to_string();
    let (halls, list) = (
        format!("/conferences/{}/halls", stage.conference),
        format!("/conferences/{}/participants", stage.conference),
    );
    let join = json!({"code": stage.code, "display_name": "Noise"}).to_string();
    let own: &[(&str, &str)] = &[("Authorization", &own), ("X-Tenant-ID", "noisy")];
    let keyed = [own, &[("Idempotency-Key", KEY)]].concat();
    let at = hub.address;
    vec![
        Flood::new(("list", 600.0), at, ("GET", &list), own, ""),
        Flood::new(("post_with_key", 300.0), at, ("POST", &halls), &keyed, &body(BODY_BYTES)),
        Flood::new(("large_body", 20.0), at, ("POST", &halls), own, &body(LARGE_BODY_BYTES)),
        Flood::new(("forged_token", 300.0), at, ("GET", &list), &[("Authorization", &forged)], ""),
        Flood::new(
            ("unknown_token", 300.0),
            at,
            ("GET", &list),
            &[("Authorization", "Bearer plm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
            "",
        ),
        Flood::new(("join", 200.0), at, ("POST", "/auth/join"), &[], &join),
    ]
}
