//! Everyone talks in one session's chat.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::Options;
use super::qa_storm::act_all;
use crate::figures::Figures;
use crate::hub::Hub;

/// Each person says one line within the time; everyone is shown all of them.
pub(super) async fn run(hub: &Hub, options: &Options) -> io::Result<Figures> {
    let stage = hub.stage("Chat")?;
    let room = stage.messaging.clone();
    let (figures, tally) = act_all(hub, &stage, &room, options, |n, _| {
        ("chat.send", json!({"text": format!("Line of person {n}: is this on?")}), Duration::from_secs(0))
    })
    .await?;
    let mut figures = figures;
    let said = hub.get(&format!("/sessions/{}/messages", stage.session_id))?;
    figures.must("the chat shows nothing", said.as_array().is_some_and(|said| !said.is_empty()));
    figures.must("not everyone was heard", tally.acknowledged.borrow().len() == options.people);
    Ok(figures)
}
