//! Everyone votes in one poll within a few seconds.

use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use plenum_protocol::ServerMessage;
use serde_json::json;
use tokio::sync::watch;

use super::Options;
use crate::crowd::{Person, Tally, act_until_counted, enter_all};
use crate::figures::{Figures, Times};
use crate::hub::Hub;
use crate::process;

/// What the poll's options are called.
const CHOICES: [&str; 3] = ["a", "b", "c"];
/// How often the bystander of another conference writes.
const BYSTANDER_PAUSE: Duration = Duration::from_millis(50);

/// Votes of a crowd in one poll, while another conference's room goes on.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let mut figures = Figures::default();
    let stage = hub.stage("Keynote")?;
    let (poll, room) = hub.open_poll(&stage, false)?;
    let other = hub.stage("Elsewhere")?;
    let tokens = hub.join_people(&stage, options.people)?;
    let started = Instant::now();
    let people = enter_all(hub, &tokens, std::slice::from_ref(&room), &options.codec).await?;
    figures.set("people", people.len());
    figures.set("joins_per_s", (people.len() as f64 / started.elapsed().as_secs_f64()).round());
    let screen = watch_screen(hub, &room).await?;
    let bystander = talk_elsewhere(hub, &other.messaging, &other).await?;
    let cpu_before = process::cpu_us(hub.pid());
    let tally = vote_all(people, &room, Duration::from_secs(options.seconds)).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let cpu_us = process::cpu_us(hub.pid()) - cpu_before;
    let elsewhere = bystander.stop().await?;
    let shown = screen.stop().await?;
    report(&mut figures, &tally, cpu_us, options.people);
    let screen_times = vote_to_screen(&tally, &shown);
    figures.set("vote_to_screen", screen_times.json());
    figures.set("other_room_ack", elsewhere.json());
    figures.goal("vote_to_ack_p99_ms", tally.ack_times().ms(99.0), 25.0);
    figures.goal("vote_to_screen_p99_ms", screen_times.ms(99.0), 400.0);
    figures.goal("other_room_p99_ms", elsewhere.ms(99.0), 50.0);
    check_results(hub, &poll, &tally, &mut figures)?;
    Ok(figures)
}

/// Common figures of a crowd that acted.
pub(super) fn report(figures: &mut Figures, tally: &Tally, cpu_us: u64, people: usize) {
    let acknowledged = tally.acknowledged.borrow().len();
    figures.set("acknowledged", acknowledged);
    figures.set("refused", json!(*tally.refused.borrow()));
    figures.set("ack", tally.ack_times().json());
    figures.set("pushes_received", tally.pushes.get());
    figures.set("hub_cpu_ms", cpu_us / 1_000);
    figures.set(
        "hub_cpu_us_per_message",
        (cpu_us as f64 / tally.messages.get().max(1) as f64 * 100.0).round() / 100.0,
    );
    figures.must(format!("{} of {people} connections broke", tally.broken.get()), tally.broken.get() == 0);
}

/// Everyone votes once, spread evenly over `time`.
pub(super) async fn vote_all(people: Vec<Person>, room: &str, time: Duration) -> io::Result<Rc<Tally>> {
    let tally = Rc::new(Tally::default());
    let (stop, stopped) = watch::channel(false);
    let count = people.len().max(1) as u32;
    let mut voting = tokio::task::JoinSet::new();
    let (done, mut is_done) = tokio::sync::mpsc::unbounded_channel();
    for (n, mut person) in people.into_iter().enumerate() {
        let (tally, room, done, mut stopped) =
            (Rc::clone(&tally), room.to_owned(), done.clone(), stopped.clone());
        let wait = time * (n as u32) / count;
        voting.spawn_local(async move {
            let data = json!({"options": [CHOICES[n % CHOICES.len()]]});
            let voted = async {
                person.listen_for(&tally, wait).await?;
                act_until_counted(&mut person, &tally, "poll.vote", &room, &data).await
            };
            let voted = voted.await;
            // The crowd counts them until all have voted.
            let _ = done.send(());
            if voted.is_err() || person.listen(&tally, &mut stopped).await.is_err() {
                tally.broken.set(tally.broken.get() + 1);
            }
        });
    }
    for _ in 0..count {
        is_done.recv().await;
    }
    // Everyone hears the last digest before the crowd goes home.
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.send_replace(true);
    while voting.join_next().await.is_some() {}
    Ok(tally)
}

/// Something that goes on beside the crowd until it is stopped.
pub(super) struct Beside<T> {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<io::Result<T>>,
}

impl<T> Beside<T> {
    pub(super) async fn stop(self) -> io::Result<T> {
        self.stop.send_replace(true);
        self.task.await.map_err(io::Error::other)?
    }
}

/// A moderator's console that notes when it was shown which seq.
pub(super) async fn watch_screen(hub: &Hub, room: &str) -> io::Result<Beside<Vec<(u64, Instant)>>> {
    let rooms = [room.to_owned()];
    let mut person = Person::enter(hub.address, 0, plenum_protocol::Codec::Json, hub.token(), &rooms).await?;
    let (stop, mut stopped) = watch::channel(false);
    let task = tokio::task::spawn_local(async move {
        let mut shown = Vec::new();
        loop {
            let heard = person.conn.hear(|_, message| {
                if let ServerMessage::Push(push) = &message
                    && let Some(seq) = push.seq
                {
                    shown.push((seq, Instant::now()));
                }
            });
            let is_over = tokio::select! {
                heard = heard => heard.map(|()| false)?,
                _ = stopped.wait_for(|stop| *stop) => true,
            };
            if is_over {
                return Ok(shown);
            }
        }
    });
    Ok(Beside { stop, task })
}

/// Someone in another conference writes at a steady pace: its times show what the crowd costs others.
async fn talk_elsewhere(hub: &Hub, room: &str, stage: &crate::hub::Stage) -> io::Result<Beside<Times>> {
    let token = hub.join_people(stage, 1)?.remove(0);
    let rooms = [room.to_owned()];
    let mut person = Person::enter(hub.address, 0, plenum_protocol::Codec::Json, &token, &rooms).await?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::task::spawn_local(async move {
        let tally = Tally::default();
        let mut said = 0;
        while !*stopped.borrow() {
            said += 1;
            act_until_counted(
                &mut person,
                &tally,
                "chat.send",
                &rooms[0],
                &json!({"text": format!("line {said}")}),
            )
            .await?;
            person.listen_for(&tally, BYSTANDER_PAUSE).await?;
        }
        Ok(tally.ack_times())
    });
    Ok(Beside { stop, task })
}

/// From sending each vote to the first push on the screen that covers it.
pub(super) fn vote_to_screen(tally: &Tally, shown: &[(u64, Instant)]) -> Times {
    let mut times = Times::new();
    for (seq, sent) in tally.sent.borrow().iter() {
        if let Some((_, at)) = shown.iter().find(|(covers, _)| covers >= seq) {
            times.add(at.duration_since(*sent));
        }
    }
    times
}

/// Every acknowledged vote is counted, and none twice.
pub(super) fn check_results(hub: &Hub, poll: &str, tally: &Tally, figures: &mut Figures) -> io::Result<()> {
    let results = hub.get(&format!("/polls/{poll}/results"))?;
    let counted: u64 = results["options"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|option| option["votes"].as_u64())
        .sum();
    let voters = results["voters"].as_u64().unwrap_or_default();
    let acknowledged = tally.acknowledged.borrow().len() as u64;
    figures.set("lost", acknowledged.saturating_sub(voters));
    figures.set("doubled", counted.saturating_sub(acknowledged.max(voters)));
    figures.must(
        format!("{acknowledged} acknowledged, {voters} voters, {counted} votes"),
        acknowledged == voters && voters == counted,
    );
    Ok(())
}
