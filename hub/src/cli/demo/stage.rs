//! What is going on in the session, looked at once a second for the whole crowd.

use std::sync::Arc;
use std::time::Duration;

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use serde_json::Value;
use tokio::sync::watch;

use super::setting::Setting;
use crate::app::App;

/// How often the crowd looks up.
const LOOK: Duration = Duration::from_secs(1);

/// A poll that takes votes.
#[derive(Clone, Debug)]
pub(super) struct OpenPoll {
    pub(super) room: RoomRef,
    pub(super) round: u64,
    /// As its room shows it.
    pub(super) poll: Value,
}

/// What the crowd sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    pub(super) polls: Vec<OpenPoll>,
    /// Questions that can be supported.
    pub(super) questions: Vec<Id>,
    /// The last messages.
    pub(super) messages: Vec<Id>,
    /// Emoji that the session takes.
    pub(super) emoji: Vec<String>,
}

/// Looks until the process ends.
pub(super) fn watch(app: &App, setting: &Arc<Setting>) -> watch::Receiver<Arc<Stage>> {
    let (show, seen) = watch::channel(Arc::new(Stage::default()));
    let (app, setting) = (app.clone(), Arc::clone(setting));
    tokio::spawn(async move {
        let mut beat = tokio::time::interval(LOOK);
        loop {
            beat.tick().await;
            // A room that is busy is looked at again a second later.
            if let Some(stage) = look(&app, &setting).await {
                show.send_replace(Arc::new(stage));
            }
        }
    });
    seen
}

async fn look(app: &App, setting: &Setting) -> Option<Stage> {
    let rooms = setting.rooms();
    let (session, qa, chat) = (
        state(app, setting, rooms.session).await?,
        state(app, setting, rooms.qa).await?,
        state(app, setting, rooms.messaging).await?,
    );
    let mut polls = Vec::new();
    for name in session["rooms"]["polls"].as_array()? {
        let room = RoomRef::parse(name.as_str()?)?;
        let mut seen = state(app, setting, room).await?;
        if seen["poll"]["status"] == "open" {
            polls.push(OpenPoll { room, round: seen["poll"]["round"].as_u64()?, poll: seen["poll"].take() });
        }
    }
    let emoji = session["reactions"]["allowed"].as_array().into_iter().flatten();
    Some(Stage {
        polls,
        questions: ids(&qa["questions"], |question| {
            question["status"] == "live" || question["status"] == "pinned"
        }),
        messages: ids(&chat["messages"], |message| message["deleted"] != true),
        emoji: emoji.filter_map(|one| one.as_str().map(str::to_owned)).collect(),
    })
}

fn ids(list: &Value, wanted: impl Fn(&Value) -> bool) -> Vec<Id> {
    let things = list.as_array().into_iter().flatten().filter(|thing| wanted(thing));
    things.filter_map(|thing| thing["id"].as_str()?.parse().ok()).collect()
}

async fn state(app: &App, setting: &Setting, room: RoomRef) -> Option<Value> {
    app.shards.look(Arc::clone(&setting.moderator), room).await.ok().map(|(_, state)| state)
}
