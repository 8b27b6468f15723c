//! When a client and a room hold the same.

use serde_json::Value;

/// The parts of two states that must be the same: without what nobody keeps, and lists without an order in order.
pub(super) fn lasting(held: Value, shown: Value) -> (Value, Value) {
    let (mut held, mut shown) = (in_order(held), in_order(shown));
    if shown["messages"].is_array() {
        same_window(&mut held, &mut shown);
    }
    (held, shown)
}

/// A chat's state has the latest messages, deleted ones among them; a client holds all since it came, and drops deleted
/// ones. What was noted about others than these is of no use.
fn same_window(held: &mut Value, shown: &mut Value) {
    for state in [&mut *held, &mut *shown] {
        if let Some(messages) = state["messages"].as_array_mut() {
            messages.retain(|one| one["deleted"] == false);
        }
    }
    let window = shown["messages"].as_array().map_or(0, Vec::len);
    if let Some(messages) = held["messages"].as_array_mut() {
        messages.drain(..messages.len().saturating_sub(window));
    }
    let ids: Vec<Value> =
        shown["messages"].as_array().into_iter().flatten().map(|one| one["id"].clone()).collect();
    for state in [held, shown] {
        if let Some(mine) = state["mine"].as_object_mut() {
            mine.retain(|id, emoji| ids.iter().any(|one| one == id) && *emoji != Value::Array(Vec::new()));
        }
        if let Some(reports) = state.get_mut("reports").and_then(Value::as_array_mut) {
            reports.retain(|one| ids.contains(&one["message"]));
            reports.sort_by_key(|one| one["message"].to_string());
        }
    }
}

fn in_order(mut state: Value) -> Value {
    for passing in ["present", "reactions"] {
        state.as_object_mut().and_then(|state| state.remove(passing));
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

/// A question's score moves with everyone's votes, and is told with the question's own. The votes of one that nobody can
/// vote for now are told when it comes back.
fn without_moving_figures(question: &mut Value) {
    if question.is_object() {
        question["score"] = Value::Null;
        if question["status"] != "live" && question["status"] != "pinned" {
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
