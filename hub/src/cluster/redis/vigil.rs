//! How the two Redis do, looked at again and again: a log line when it changes, and words for `/readyz`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike;

use super::safety::{Danger, dangers};
use crate::cluster::lease::Unreachable;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How a Redis does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// It was not asked yet.
    #[default]
    Unknown,
    /// It answers, and keeps what it says it keeps.
    Well,
    /// It answers, and may lose what it said it has.
    Unsafe(Vec<Danger>),
    /// It does not answer.
    Away(String),
}

#[derive(Default)]
struct Looks {
    journal: Look,
    bus: Look,
}

/// Watches the Redis of the journals and the Redis of the bus, for as long as it lives. Clones are one.
#[derive(Clone)]
pub struct Vigil(Arc<Mutex<Looks>>);

impl Vigil {
    /// Looks from now on. Call it within a runtime.
    pub fn keep(journal: Client, bus: Client) -> Self {
        let vigil = Self(Arc::default());
        tokio::spawn(watch(vigil.clone(), journal, bus));
        vigil
    }

    /// The Redis of the journals.
    pub fn journal(&self) -> Look {
        self.looks().journal.clone()
    }

    /// The Redis of the bus.
    pub fn bus(&self) -> Look {
        self.looks().bus.clone()
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, journal: Look, bus: Look) {
        let mut looks = self.looks();
        tell("redis.url", &looks.journal, &journal);
        tell("redis.bus_url", &looks.bus, &bus);
        *looks = Looks { journal, bus };
    }
}

async fn watch(vigil: Vigil, journal: Client, bus: Client) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let (keeps, carries) = tokio::join!(examine(&journal), answers(&bus));
        vigil.note(keeps, carries);
    }
}

async fn examine(client: &Client) -> Look {
    match dangers(client).await {
        Ok(dangers) if dangers.is_empty() => Look::Well,
        Ok(dangers) => Look::Unsafe(dangers),
        Err(Unreachable(why)) => Look::Away(why),
    }
}

async fn answers(client: &Client) -> Look {
    match client.ping::<String>(None).await {
        Ok(_) => Look::Well,
        Err(error) => Look::Away(error.details().to_owned()),
    }
}

/// Says what is new.
fn tell(key: &str, before: &Look, now: &Look) {
    if before == now {
        return;
    }
    match now {
        Look::Unknown => {}
        Look::Well => tracing::info!("{key}: Redis answers"),
        Look::Unsafe(dangers) => {
            dangers
                .iter()
                .for_each(|danger| tracing::error!("{key}: acknowledged actions can be lost: {danger}"));
        }
        Look::Away(why) => tracing::error!("{key}: Redis does not answer: {why}"),
    }
}
