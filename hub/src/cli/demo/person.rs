//! One made-up person: looks, thinks, does something, thinks again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Actor;
use plenum_rooms::engine::sample::Dice;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::lines::{CHAT, QUESTIONS, WORDS};
use super::setting::Setting;
use super::stage::{OpenPoll, Stage};
use crate::app::App;

/// The shortest and the longest thought, in milliseconds.
const THOUGHT_MS: (u64, u64) = (1_500, 14_000);
/// The crowd asks no more when there are so many questions: moderators want to see what they ask themselves.
const QUESTIONS_MAX: usize = 25;

pub(super) struct Person {
    app: App,
    setting: Arc<Setting>,
    actor: Arc<Actor>,
    dice: Dice,
    seen: watch::Receiver<Arc<Stage>>,
    /// The round of each poll that the person voted in.
    voted: BTreeMap<RoomRef, u64>,
    asked: bool,
}

impl Person {
    pub(super) fn new(
        app: App,
        setting: Arc<Setting>,
        actor: Arc<Actor>,
        dice: Dice,
        seen: watch::Receiver<Arc<Stage>>,
    ) -> Self {
        Self { app, setting, actor, dice, seen, voted: BTreeMap::new(), asked: false }
    }

    /// Lives until the process ends.
    pub(super) async fn live(mut self) {
        loop {
            let (least, most) = THOUGHT_MS;
            tokio::time::sleep(Duration::from_millis(least + self.dice.below(most - least))).await;
            let stage = Arc::clone(&self.seen.borrow());
            self.act(&stage).await;
        }
    }

    async fn act(&mut self, stage: &Stage) {
        if let Some(poll) = stage.polls.iter().find(|poll| self.voted.get(&poll.room) != Some(&poll.round)) {
            return self.vote(poll).await;
        }
        match self.dice.below(100) {
            0..35 => self.react(stage).await,
            35..60 => self.support(stage).await,
            60..65 if !self.asked && stage.questions.len() < QUESTIONS_MAX => self.ask().await,
            65..75 => self.like(stage).await,
            75..80 => self.chat().await,
            _ => {}
        }
    }

    async fn vote(&mut self, poll: &OpenPoll) {
        self.voted.insert(poll.room, poll.round);
        let ballot = ballot(&mut self.dice, &poll.poll);
        self.send(poll.room, "poll.vote", ballot).await;
    }

    async fn react(&mut self, stage: &Stage) {
        if !stage.emoji.is_empty() {
            let emoji = self.dice.pick(&stage.emoji).clone();
            self.send(self.setting.rooms().session, "session.react", json!({"emoji": emoji})).await;
        }
    }

    async fn support(&mut self, stage: &Stage) {
        if !stage.questions.is_empty() {
            let question: Id = *self.dice.pick(&stage.questions);
            self.send(self.setting.rooms().qa, "qa.vote", json!({"question": question, "up": true})).await;
        }
    }

    async fn ask(&mut self) {
        self.asked = true;
        let (text, anonymous) = (*self.dice.pick(&QUESTIONS), self.dice.chance(30));
        self.send(self.setting.rooms().qa, "qa.ask", json!({"text": text, "anonymous": anonymous})).await;
    }

    async fn chat(&mut self) {
        let text = *self.dice.pick(&CHAT);
        self.send(self.setting.rooms().messaging, "chat.send", json!({"text": text})).await;
    }

    async fn like(&mut self, stage: &Stage) {
        if !stage.messages.is_empty() {
            let (message, emoji) = (*self.dice.pick(&stage.messages), *self.dice.pick(&["👍", "❤️", "😂"]));
            let data = json!({"message": message, "emoji": emoji, "on": true});
            self.send(self.setting.rooms().messaging, "chat.react", data).await;
        }
    }

    /// What a room refuses (slow mode, a poll that just closed, one's own question) is life: the person goes on.
    async fn send(&self, room: RoomRef, op: &str, data: Value) {
        let key = self.app.clock.id();
        if let Err(refusal) = self.app.shards.command(Arc::clone(&self.actor), room, key, op, data).await {
            tracing::debug!(op, code = refusal.code, "a made-up person was refused");
        }
    }
}

/// A vote that the poll takes.
fn ballot(dice: &mut Dice, poll: &Value) -> Value {
    let mut options: Vec<&str> =
        poll["options"].as_array().into_iter().flatten().filter_map(|option| option["id"].as_str()).collect();
    // The first options are liked a little more, so that bars differ.
    let favourite = |dice: &mut Dice, among: &[&str]| {
        let end = among.len() as u64;
        dice.below(end).min(dice.below(end)) as usize
    };
    match poll["kind"].as_str().unwrap_or_default() {
        "rating" => json!({"value": 3 + dice.below(3)}),
        "numeric" => json!({"value": dice.below(100)}),
        "wordcloud" => json!({"texts": [dice.pick(&WORDS)]}),
        "open" => json!({"text": dice.pick(&CHAT)}),
        "points" => {
            let first = favourite(dice, &options);
            json!({"points": {(options[first]): 100}})
        }
        "ranking" => {
            let mut order = Vec::new();
            while !options.is_empty() {
                let next = favourite(dice, &options);
                order.push(options.remove(next));
            }
            json!({"options": order})
        }
        _ => {
            let first = favourite(dice, &options);
            json!({"options": [options[first]]})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_cast_the_same_ballots() {
        let poll = json!({"kind": "ranking", "options": [{"id": "a"}, {"id": "b"}, {"id": "c"}]});
        let ballots = |seed| {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| ballot(&mut dice, &poll)).collect::<Vec<_>>()
        };
        assert_eq!(ballots(7), ballots(7));
        assert!(
            ballots(7)
                .iter()
                .all(|ballot| ballot["options"].as_array().is_some_and(|order| order.len() == 3))
        );
    }
}
