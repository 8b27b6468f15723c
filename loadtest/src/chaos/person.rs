//! One person with a client that nobody helps to come back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use plenum_client::{Client, RoomStream, RoomUpdate};
use plenum_rooms::engine::sample::Dice;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::held::Held;
use super::ledger::{Deed, Entry};
use super::pulse::Pulse;

/// Between two things that a person does, at most, in milliseconds.
const PAUSE_MS: u64 = 120;
/// Things that a person does before the first is answered.
const AT_ONCE: usize = 6;
/// Questions that a person asks in all: a room takes so many open ones of one person.
const QUESTIONS: usize = 8;

/// The rooms in which people act.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) polls: Vec<String>,
    pub(super) qa: String,
    pub(super) messaging: String,
}

impl Places {
    /// All of them.
    pub(super) fn all(&self) -> Vec<&str> {
        let others = [self.qa.as_str(), self.messaging.as_str()];
        self.polls.iter().map(String::as_str).chain(others).collect()
    }
}

/// A client and what it holds.
#[derive(Clone)]
pub(super) struct Phone {
    pub(super) client: Client,
    held: Arc<Mutex<Held>>,
}

impl Phone {
    /// Listens to every room from now on.
    pub(super) async fn listening(client: Client, places: &Places) -> Self {
        let held = Arc::new(Mutex::new(Held::default()));
        for room in places.all() {
            if let Ok(updates) = client.join(room).await {
                tokio::spawn(listen(updates, Arc::clone(&held)));
            }
        }
        Self { client, held }
    }

    /// What it holds now.
    pub(super) fn held(&self) -> Held {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn listen(mut updates: RoomStream, held: Arc<Mutex<Held>>) {
    while let Some(update) = updates.next().await {
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        match update {
            RoomUpdate::State { room, state, .. } => {
                held.replace(&room, &state.decode().unwrap_or(Value::Null));
            }
            RoomUpdate::Push { room, ev, data, .. } => {
                held.apply(&room, &ev, &data.decode().unwrap_or(Value::Null));
            }
            RoomUpdate::Refused { .. } => return,
        }
    }
}

/// A person, acting until told to stop.
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) phone: Phone,
    pub(super) places: Places,
    pub(super) dice: Dice,
    pulse: Pulse,
    asked: usize,
    said: usize,
}

impl Person {
    pub(super) const fn new(number: usize, phone: Phone, places: Places, dice: Dice, pulse: Pulse) -> Self {
        Self { number, phone, places, dice, pulse, asked: 0, said: 0 }
    }

    /// Acts until told to stop, and waits for the last answers.
    pub(super) async fn live(mut self, mut stop: watch::Receiver<bool>) -> Vec<Entry> {
        let (mut under_way, mut entries) = (JoinSet::new(), Vec::new());
        while !*stop.borrow() {
            let pause = Duration::from_millis(1 + self.dice.below(PAUSE_MS));
            tokio::select! {
                () = tokio::time::sleep(pause), if under_way.len() < AT_ONCE => self.act(&mut under_way),
                Some(done) = under_way.join_next() => entries.extend(done.ok()),
                _ = stop.changed() => {}
            }
        }
        while let Some(done) = under_way.join_next().await {
            entries.extend(done.ok());
        }
        entries
    }

    fn act(&mut self, under_way: &mut JoinSet<Entry>) {
        let deed = self.deed();
        let (room, op, data) = self.command(&deed);
        let (client, person, pulse) = (self.phone.client.clone(), self.number, self.pulse.clone());
        under_way.spawn(async move {
            let asked = Instant::now();
            let answer = client.command(&room, op, &data).await;
            let seq = |payload: plenum_client::Payload| {
                payload.decode::<Value>().ok().and_then(|ok| ok["seq"].as_u64()).unwrap_or_default()
            };
            let answered = Instant::now();
            if answer.is_ok() {
                pulse.beat(asked, answered);
            }
            let answer = answer.map(seq).map_err(|refusal| refusal.code);
            Entry { person, deed, answer, asked, answered }
        });
    }

    /// What comes to a person's mind.
    fn deed(&mut self) -> Deed {
        let questions: Vec<String> = self.phone.held().questions.into_keys().collect();
        match self.dice.below(100) {
            0..45 => Deed::Vote {
                poll: self.dice.pick(&self.places.polls).clone(),
                option: self.dice.pick::<&str>(&["a", "b", "c"]),
            },
            45..55 if self.asked < QUESTIONS => {
                self.asked += 1;
                Deed::Question { text: format!("Question {} of person {}?", self.asked, self.number) }
            }
            45..75 if !questions.is_empty() => {
                Deed::Upvote { question: self.dice.pick(&questions).clone(), up: self.dice.chance(70) }
            }
            _ => {
                self.said += 1;
                Deed::Message { text: format!("Message {} of person {}.", self.said, self.number) }
            }
        }
    }

    fn command(&self, deed: &Deed) -> (String, &'static str, Value) {
        let (qa, messaging) = (self.places.qa.clone(), self.places.messaging.clone());
        match deed {
            Deed::Vote { poll, option } => (poll.clone(), "poll.vote", json!({"options": [option]})),
            Deed::Message { text } => (messaging, "chat.send", json!({"text": text})),
            Deed::Question { text } => (qa, "qa.ask", json!({"text": text, "anonymous": false})),
            Deed::Upvote { question, up } => (qa, "qa.vote", json!({"question": question, "up": up})),
        }
    }
}
