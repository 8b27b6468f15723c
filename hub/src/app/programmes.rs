//! Open rooms hear of imports: another process writes the store, and this one tells the rooms.

use std::sync::Arc;
use std::time::Duration;

use plenum_domain::{Id, Role, Roles};
use plenum_persistence::store::SessionNews;
use plenum_rooms::engine::Actor;
use serde_json::json;

use super::App;
use crate::features::sessions::SessionRooms;

/// How often the hub looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How much it tells in one look.
const NEWS_MAX: u32 = 200;

/// Tells open rooms what imports changed of their sessions, until the process ends.
pub(super) async fn follow_programmes(app: App) {
    let mut beat = tokio::time::interval(LOOK_EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        match app.store.session_news(NEWS_MAX).await {
            Ok(all) => {
                for news in all {
                    tell(&app, &news).await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "whether a programme was imported is not known; the next look will tell");
            }
        }
    }
}

/// Tells one room; what cannot be told now is left for the next look. Several hubs may tell a room the same: it changes
/// once.
async fn tell(app: &App, news: &SessionNews) {
    let room = SessionRooms::session_of(news.session);
    if app.shards.scope(room).await.is_some() {
        let by =
            Actor { participant: Id::default(), name: String::new(), roles: Roles::of(&[Role::Organiser]) };
        let about = json!({"title": news.title, "starts_ms": news.starts, "ends_ms": news.ends,
            "hall": news.hall.clone().unwrap_or_default()});
        let told = app.shards.command(Arc::new(by), room, app.clock.id(), "session.edit", about).await;
        if let Err(refusal) = told {
            tracing::warn!(room.id = %room, code = refusal.code, "a room did not hear of an import yet");
            return;
        }
    }
    if let Err(error) = app.store.session_news_told(news).await {
        tracing::warn!(%error, "a room will hear of an import again");
    }
}
