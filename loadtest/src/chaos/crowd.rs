//! Everyone who acts while the hub is killed.

use std::net::SocketAddr;

use plenum_client::{Client, Codec, Options};
use plenum_rooms::engine::sample::Dice;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::ledger::{Entry, Ledger};
use super::person::{Person, Phone, Places};
use super::pulse::Pulse;
use crate::hub::Stage;

/// The longest wait before a client tries again, in milliseconds: shorter than people's clients wait, so that many of
/// them are back before the next kill.
const COMEBACK_MAX_MS: u64 = 250;

/// People, their clients and their tokens.
pub(crate) struct Crowd {
    places: Places,
    lives: Vec<JoinHandle<Vec<Entry>>>,
    phones: Vec<Phone>,
    tokens: Vec<String>,
    url: String,
    stop: watch::Sender<bool>,
    pub(super) pulse: Pulse,
}

/// What is left of a crowd that stopped acting: its clients, still connected.
pub(crate) struct Rest {
    pub(super) places: Places,
    pub(super) phones: Vec<Phone>,
    tokens: Vec<String>,
    url: String,
}

impl Crowd {
    /// Connects one client a token; everyone begins to act at once.
    pub(crate) async fn gather(
        address: SocketAddr,
        stage: &Stage,
        polls: &[String],
        tokens: Vec<String>,
        seed: u64,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let url = format!("ws://{}/api/v1/networking/connect", address);
        let places =
            Places { polls: polls.to_vec(), qa: stage.qa.clone(), messaging: stage.messaging.clone() };
        let (mut lives, mut phones, pulse) = (Vec::new(), Vec::new(), Pulse::new());
        for (number, token) in tokens.iter().enumerate() {
            let phone = phone(&url, token, number, &places).await;
            let dice = Dice::new(seed ^ ((number as u64 + 1) << 32));
            let person = Person::new(number, phone.clone(), places.clone(), dice, pulse.clone());
            lives.push(tokio::spawn(person.live(stopped.clone())));
            phones.push(phone);
        }
        Self { places, lives, phones, tokens, url, stop, pulse }
    }

    /// How much the hub has acknowledged by now.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.pulse.count()
    }

    /// Everyone stops, and waits for the answers that are missing; [`Ledger::missing`] says how many did not come in time.
    pub(crate) async fn finish(self) -> (Ledger, Rest) {
        // Nobody listens when everyone has stopped already.
        let _ = self.stop.send(true);
        let mut entries = Vec::new();
        for life in self.lives {
            entries.extend(life.await.unwrap_or_default());
        }
        let Self { places, phones, tokens, url, .. } = self;
        (Ledger { entries }, Rest { places, phones, tokens, url })
    }
}

impl Rest {
    /// A new client of a person, which holds nothing yet.
    pub(super) async fn another_phone(&self, number: usize) -> Phone {
        phone(&self.url, &self.tokens[number], number, &self.places).await
    }
}

async fn phone(url: &str, token: &str, number: usize, places: &Places) -> Phone {
    let codec = if number.is_multiple_of(2) { Codec::Json } else { Codec::MsgPack };
    let options = Options { codec, comeback_max_ms: COMEBACK_MAX_MS, ..Options::new(url) };
    let token = token.to_owned();
    let client = Client::connect(options, move |_fresh| std::future::ready(Ok(token.clone())));
    Phone::listening(client, places).await
}
