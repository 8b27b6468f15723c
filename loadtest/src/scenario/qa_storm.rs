//! Everyone asks, then everyone upvotes.

use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::Options;
use super::keynote_vote::{report, vote_to_screen, watch_screen};
use crate::crowd::{Tally, act_until_counted, enter_all};
use crate::figures::Figures;
use crate::hub::{Hub, Stage};
use crate::process;

/// A twentieth of the people ask; the others upvote what the first one asked.
const ASKERS: usize = 20;

/// Questions and upvotes.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let stage = hub.stage("Questions")?;
    let room = stage.qa.clone();
    hub.post(
        &format!("/conferences/{}/questions", stage.conference),
        Some(hub.token()),
        &json!({
            "session_id": stage.session_id, "text": "What is the first question?", "anonymous": false,
        }),
    )?;
    let questions = hub.get(&format!("/conferences/{}/questions", stage.conference))?;
    let first = questions[0]["id"].as_str().unwrap_or_default().to_owned();
    let (mut figures, tally) = act_all(hub, &stage, &room, options, move |n, _| match n % ASKERS {
        0 => (
            "qa.ask",
            json!({"text": format!("Question of person {n}: how fast is it?"), "anonymous": n % 2 == 0}),
            Duration::ZERO,
        ),
        _ => ("qa.vote", json!({"question": first, "up": true}), Duration::ZERO),
    })
    .await?;
    let upvotes = options.people - options.people.div_ceil(ASKERS);
    let questions = hub.get(&format!("/conferences/{}/questions?per_page=100", stage.conference))?;
    let most =
        questions.as_array().into_iter().flatten().filter_map(|question| question["votes"].as_u64()).max();
    figures.set("most_upvotes", most.unwrap_or_default());
    let acknowledged = tally.acknowledged.borrow().len();
    figures
        .must(format!("{acknowledged} of {} acknowledged", options.people), acknowledged == options.people);
    figures.must(format!("{most:?} upvotes counted, {upvotes} given"), most == Some(upvotes as u64));
    Ok(figures)
}

/// Everyone does one thing in a room, spread over the time; a moderator's console watches.
pub(super) async fn act_all(
    hub: &Hub,
    stage: &Stage,
    room: &str,
    options: &Options,
    act: impl Fn(usize, &Stage) -> (&'static str, Value, Duration),
) -> io::Result<(Figures, Rc<Tally>)> {
    let mut figures = Figures::default();
    let tokens = hub.join_people(stage, options.people)?;
    let people = enter_all(hub, &tokens, &[room.to_owned()], &options.codec).await?;
    let screen = watch_screen(hub, room).await?;
    let (tally, cpu_before, started) =
        (Rc::new(Tally::default()), process::cpu_us(hub.pid()), Instant::now());
    let (stop, stopped) = watch::channel(false);
    let (done, mut is_done) = tokio::sync::mpsc::unbounded_channel();
    let count = people.len().max(1) as u32;
    let mut acting = tokio::task::JoinSet::new();
    for (n, mut person) in people.into_iter().enumerate() {
        let (op, data, pause) = act(n, stage);
        let wait = Duration::from_secs(options.seconds) * (n as u32) / count + pause;
        let (tally, room, done, mut stopped) =
            (Rc::clone(&tally), room.to_owned(), done.clone(), stopped.clone());
        acting.spawn_local(async move {
            let acted = async {
                person.listen_for(&tally, wait).await?;
                act_until_counted(&mut person, &tally, op, &room, &data).await
            };
            let acted = acted.await;
            // The crowd counts them until all have acted.
            let _ = done.send(());
            if acted.is_err() || person.listen(&tally, &mut stopped).await.is_err() {
                tally.broken.set(tally.broken.get() + 1);
            }
        });
    }
    for _ in 0..count {
        is_done.recv().await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let cpu_us = process::cpu_us(hub.pid()) - cpu_before;
    stop.send_replace(true);
    while acting.join_next().await.is_some() {}
    let shown = screen.stop().await?;
    figures.set("people", options.people);
    figures.set("seconds", started.elapsed().as_secs());
    report(&mut figures, &tally, cpu_us, options.people);
    figures.set("act_to_screen", vote_to_screen(&tally, &shown).json());
    Ok((figures, tally))
}
