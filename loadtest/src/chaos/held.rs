//! What a client holds of the rooms, by their states and pushes alone.

use std::collections::BTreeMap;

use serde_json::Value;

/// Results, questions and messages as one client knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// The results of each poll.
    pub(super) results: BTreeMap<String, Value>,
    /// The votes for each question.
    pub(super) questions: BTreeMap<String, u64>,
    /// The messages by their ids, oldest first.
    pub(super) messages: Vec<String>,
}

impl Held {
    /// Takes the whole state of a room.
    pub(super) fn replace(&mut self, room: &str, state: &Value) {
        match room.split(':').next() {
            Some("poll") => drop(self.results.insert(room.to_owned(), state["results"].clone())),
            Some("qa") => {
                self.questions.clear();
                list(&state["questions"]).for_each(|question| self.question(question));
            }
            _ => self.messages = list(&state["messages"]).map(|message| text(&message["id"])).collect(),
        }
    }

    /// Applies a push.
    pub(super) fn apply(&mut self, room: &str, ev: &str, data: &Value) {
        match ev {
            "poll.results" => drop(self.results.insert(room.to_owned(), data.clone())),
            "qa.question" | "qa.fate" => self.question(data),
            "qa.votes" => {
                for (id, votes) in data["votes"].as_object().into_iter().flatten() {
                    self.questions.insert(id.clone(), votes.as_u64().unwrap_or_default());
                }
            }
            "chat.message" => self.messages.push(text(&data["id"])),
            _ => {}
        }
    }

    fn question(&mut self, question: &Value) {
        self.questions.insert(text(&question["id"]), question["votes"].as_u64().unwrap_or_default());
    }

    /// How this differs from what someone holds who just came in, and was shown the latest messages only.
    pub(super) fn differs_from(&self, fresh: &Self) -> Option<&'static str> {
        match () {
            () if self.results != fresh.results => Some("results"),
            () if self.questions != fresh.questions => Some("questions"),
            () if !self.messages.ends_with(&fresh.messages) => Some("messages"),
            () => None,
        }
    }
}

/// The items of a list; none for anything else.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text; empty for anything else.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn states_and_pushes_come_to_the_same() {
        let (mut old, mut fresh) = (Held::default(), Held::default());
        old.replace("messaging:1", &json!({"messages": [{"id": "m1"}]}));
        old.apply("messaging:1", "chat.message", &json!({"id": "m2"}));
        old.replace("qa:1", &json!({"questions": []}));
        old.apply("qa:1", "qa.question", &json!({"id": "q", "votes": 0}));
        old.apply("qa:1", "qa.votes", &json!({"votes": {"q": 3}}));
        old.apply("poll:1", "poll.results", &json!({"voters": 2}));
        fresh.replace("messaging:1", &json!({"messages": [{"id": "m2"}]}));
        fresh.replace("qa:1", &json!({"questions": [{"id": "q", "votes": 3}]}));
        fresh.replace("poll:1", &json!({"results": {"voters": 2}}));
        assert_eq!(old.differs_from(&fresh), None, "who came later is shown the latest messages only");
        fresh.apply("messaging:1", "chat.message", &json!({"id": "m3"}));
        assert_eq!(old.differs_from(&fresh), Some("messages"));
    }
}
