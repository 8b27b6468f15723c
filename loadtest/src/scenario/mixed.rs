//! Votes, questions and talk at the same time in one conference.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::Options;
use super::keynote_vote::{check_results, report, vote_all};
use super::qa_storm::act_all;
use crate::crowd::enter_all;
use crate::figures::Figures;
use crate::hub::Hub;

/// Half of the people vote, a quarter ask, a quarter talk.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let stage = hub.stage("Mixed")?;
    let (poll, room) = hub.open_poll(&stage, false)?;
    let voters = hub.join_people(&stage, options.people / 2)?;
    let voters = enter_all(hub, &voters, std::slice::from_ref(&room), &options.codec).await?;
    let quarter = Options { people: options.people / 4, ..options.clone() };
    let asking = act_all(hub, &stage, &stage.qa, &quarter, |n, _| {
        ("qa.ask", json!({"text": format!("Question {n}?"), "anonymous": false}), Duration::ZERO)
    });
    let talking = act_all(hub, &stage, &stage.messaging, &quarter, |n, _| {
        ("chat.send", json!({"text": format!("Line {n}")}), Duration::ZERO)
    });
    let voting = vote_all(voters, &room, Duration::from_secs(options.seconds));
    let (asked, talked, voted) = tokio::join!(asking, talking, voting);
    let (asked, talked, voted) = (asked?.0, talked?.0, voted?);
    let mut figures = Figures::default();
    report(&mut figures, &voted, 0, options.people / 2);
    figures.set("questions", asked.values);
    figures.set("chat", talked.values);
    figures.faults.extend(asked.faults.into_iter().chain(talked.faults));
    check_results(hub, &poll, &voted, &mut figures)?;
    Ok(figures)
}
