//! What a client makes of a push: the folds that the kinds' READMEs promise to be enough.

use serde_json::Value;

/// Where a client notes which questions others were merged into: whether it supports these it reads on joining.
const MERGED_INTO: &str = "merged into";

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
        "session.present" | "session.reactions" => {}
        other => panic!("nobody said what a client makes of {other}"),
    }
}

fn question(state: &mut Value, new: Value, for_all: bool) {
    let gravestone = new["text"] == "";
    if let Some(into) = new["merged_into"].as_str() {
        state[MERGED_INTO][into] = Value::Null;
    }
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

/// The part of a state that a client must hold exactly: without what nobody keeps, and lists without an order in order.
/// Both are looked at, because one of them says what only a joiner is told.
pub(super) fn lasting(held: Value, shown: Value) -> (Value, Value) {
    let merged_into = held[MERGED_INTO].clone();
    let without = |mut state: Value| {
        state.as_object_mut().and_then(|state| state.remove(MERGED_INTO));
        if let Some(mine) = state["mine"].as_array_mut() {
            mine.retain(|id| id.as_str().is_none_or(|id| merged_into.get(id).is_none()));
        }
        in_order(state)
    };
    (without(held), without(shown))
}

fn in_order(mut state: Value) -> Value {
    // What a moderator of a poll reads on joining, and what nobody keeps.
    let unpushed: &[&str] =
        if state["poll"].is_object() { &["past", "settings"] } else { &["present", "reactions"] };
    for name in unpushed {
        state.as_object_mut().and_then(|state| state.remove(*name));
    }
    // A draft that was edited may hide results that it showed: there are none yet.
    if state["results"]["voters"] == 0 {
        state["results"] = Value::Null;
    }
    let listed: Vec<Value> =
        state["questions"].as_array().into_iter().flatten().map(|one| one["id"].clone()).collect();
    for list in ["mine", "asked", "questions"] {
        if let Some(list) = state.get_mut(list).and_then(Value::as_array_mut) {
            // Whether I support a question that I am not shown any more is of no use to me.
            list.retain(|one| one.is_object() || listed.contains(one));
            list.iter_mut().for_each(without_moving_figures);
            list.sort_by_key(|one| one["id"].as_str().or(one.as_str()).unwrap_or_default().to_owned());
        }
    }
    state
}

/// A question's score moves with everyone's votes, and is told with the question's own. The votes of a part of a merged
/// question count for the whole, and are not told any more.
fn without_moving_figures(question: &mut Value) {
    if question.is_object() {
        question["score"] = Value::Null;
        if question["status"] == "merged" {
            question["votes"] = Value::Null;
        }
    }
}

/// Where two states differ, for people.
pub(super) fn difference(one: &Value, other: &Value) -> String {
    let names = one.as_object().into_iter().flat_map(|map| map.keys());
    let differ = names.filter(|name| one[*name] != other[*name]);
    let shown = differ.map(|name| format!("{name}:\n  {}\n  {}", one[name], other[name]));
    shown.collect::<Vec<_>>().join("\n")
}
