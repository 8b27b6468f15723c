//! What a client makes of a push: the folds that the kinds' READMEs promise to be enough.

use plenum_rooms::kinds::{KINDS, Kind};
use serde_json::Value;

/// Kinds whose pushes [`fold`] knows. A kind that is not here yet is not played; the contract suite tests it all the same.
const FOLDED: [&str; 5] = ["messaging", "poll", "qa", "screen", "session"];

/// The kinds that are played.
pub(super) fn played() -> Vec<&'static Kind> {
    KINDS.iter().filter(|kind| FOLDED.contains(&kind.name)).collect()
}

/// Applies a push to the state that a client holds.
pub(super) fn fold(state: &mut Value, ev: &str, data: Value) {
    match ev {
        _ if ev.ends_with(".state") => *state = data,
        "screen.scene" => state["scene"] = data,
        "poll.status" => {
            if state["poll"]["round"] != data["round"] {
                (state["results"], state["mine"]) = (Value::Null, Value::Null);
            }
            state["poll"] = data;
        }
        "poll.results" => state["results"] = data,
        "poll.mine" => state["mine"] = data,
        "session.status" => state["session"] = data,
        "session.live" => state["live"] = data,
        "session.timer" => state["timer"] = data,
        "session.polls" => {
            state["rooms"]["polls"] = data["polls"].clone();
            if !state["poll_titles"].is_null() {
                state["poll_titles"] = data["titles"].clone();
            }
        }
        "qa.settings" => state["settings"] = data,
        "qa.question" => question(state, data, true),
        "qa.fate" => question(state, data, false),
        "qa.votes" => votes(state, &data),
        "qa.mine" => set_member(&mut state["mine"], &data["question"], data["up"] == true),
        "chat.message" => list(state, "messages").push(data),
        "chat.deleted" => list(state, "messages").retain(|one| one["id"] != data["id"]),
        "chat.reactions" => {
            let mut messages = list(state, "messages").iter_mut();
            if let Some(message) = messages.find(|one| one["id"] == data["id"]) {
                message["reactions"] = data["reactions"].clone();
            }
        }
        "chat.slow" => state["slow_mode_s"] = data["slow_mode_s"].clone(),
        "chat.mutes" => state["mutes"] = data["mutes"].clone(),
        "chat.muted" => {
            state["muted"] = Value::Bool(!data["until_ms"].is_null());
            state["muted_until_ms"] = data["until_ms"].clone();
        }
        "chat.mine" => {
            let message = data["message"].as_str().unwrap_or_default().to_owned();
            state["mine"][message] = data["emoji"].clone();
        }
        "chat.report" => {
            list(state, "reports").retain(|one| one["message"] != data["message"]);
            list(state, "reports").push(data);
        }
        "session.present" | "session.reactions" => {}
        other => panic!("nobody said what a client makes of {other}"),
    }
}

/// A list of the state, made when it is not there.
fn list<'a>(state: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    if !state[name].is_array() {
        state[name] = Value::Array(Vec::new());
    }
    state[name].as_array_mut().expect("it was made")
}

fn question(state: &mut Value, new: Value, for_all: bool) {
    let gravestone = new["text"] == "";
    let own = state["asked"].as_array().is_some_and(|asked| asked.contains(&new["id"]));
    if gravestone && for_all && own {
        return;
    }
    if !for_all {
        set_member(&mut state["asked"], &new["id"], true);
    }
    let Some(questions) = state["questions"].as_array_mut() else { return };
    questions.retain(|one| one["id"] != new["id"]);
    if !gravestone {
        questions.push(new);
    }
}

fn votes(state: &mut Value, data: &Value) {
    for one in state["questions"].as_array_mut().into_iter().flatten() {
        let id = one["id"].as_str().unwrap_or_default().to_owned();
        if let Some(votes) = data["votes"].get(&id) {
            one["votes"] = votes.clone();
        }
    }
}

fn set_member(list: &mut Value, member: &Value, is_in: bool) {
    let Some(list) = list.as_array_mut() else { return };
    list.retain(|one| one != member);
    if is_in {
        list.push(member.clone());
    }
}
