//! Ordinary edits, written down field by field: what each was and what it is.
//!
//! They are written right behind the edit, which may go through a room's journal, and so cannot be one with it.

use plenum_domain::Id;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Subject, note};
use crate::app::App;
use crate::http::{Caller, Fault};

/// Fields that say nothing of an edit, and those that let people in.
const LEFT_OUT: [&str; 8] =
    ["id", "version", "created_at", "updated_at", "join_code", "join_url", "conference_id", "open"];
/// Of a longer text the log has its beginning, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// Writes down that something was made, and how.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn made(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: Subject,
    after: &impl Serialize,
) -> Result<(), Fault> {
    let details = fields(after).into_iter().filter(|(_, value)| !is_nothing(value));
    let details = details.map(|(name, value)| (name, json!({"after": short(value)}))).collect();
    write(app, caller, action, subject, details).await
}

/// Writes down what an edit changed; nothing when that is nothing.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn edited<T: Serialize>(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: Subject,
    (before, after): (&T, &T),
) -> Result<(), Fault> {
    let details = difference(fields(before), fields(after));
    if details.is_empty() { Ok(()) } else { write(app, caller, action, subject, details).await }
}

/// Writes down what has no fields.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn done(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: (&'static str, Id),
    details: Value,
) -> Result<(), Fault> {
    Ok(app.store.note(&note(app, caller, action, Subject(subject.0, subject.1), details)).await?)
}

async fn write(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: Subject,
    details: Map<String, Value>,
) -> Result<(), Fault> {
    Ok(app.store.note(&note(app, caller, action, subject, Value::Object(details))).await?)
}

fn fields(of: &impl Serialize) -> Map<String, Value> {
    let whole = serde_json::to_value(of).expect("what the outside sees can be written");
    let fields = whole.as_object().cloned().unwrap_or_default().into_iter();
    fields.filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).collect()
}

fn difference(before: Map<String, Value>, mut after: Map<String, Value>) -> Map<String, Value> {
    let mut changed = Map::new();
    for (name, was) in before {
        let is = after.remove(&name).unwrap_or_default();
        if was != is {
            changed.insert(name, json!({"before": short(was), "after": short(is)}));
        }
    }
    changed
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == "" || value == &json!([])
}

fn short(value: Value) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(TEXT_CHARS_MAX) {
            Some((end, _)) => json!(format!("{}…", &text[..end])),
            None => Value::String(text),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_written_down_and_no_way_in() {
        let before = json!({"id": 1, "title": "A", "hall": "Main", "join_code": "K7MQ2X", "version": 3});
        let after = json!({"id": 1, "title": "B", "hall": "Main", "join_code": "ABCDEF", "version": 4});
        let changed = difference(fields(&before), fields(&after));
        assert_eq!(Value::Object(changed), json!({"title": {"before": "A", "after": "B"}}));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let cut = short(json!("ح".repeat(300)));
        assert_eq!(cut.as_str().map(|text| text.chars().count()), Some(TEXT_CHARS_MAX + 1));
        assert_eq!(short(json!("short")), json!("short"));
    }
}
