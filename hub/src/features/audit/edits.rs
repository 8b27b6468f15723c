//! Ordinary edits, written down field by field with the edit itself: what each was and what it is.

use plenum_domain::changes;
use plenum_persistence::store::{Edit, Note};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Subject, note};
use crate::app::App;
use crate::http::{Caller, Fault};

/// Fields that say nothing of an edit, and those that let people in.
const LEFT_OUT: [&str; 8] =
    ["id", "version", "created_at", "updated_at", "join_code", "join_url", "conference_id", "open"];

/// Makes an edit happen that made something, and writes down how it was made.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn made(
    app: &App,
    caller: &Caller,
    edit: Edit,
    action: &'static str,
    subject: Subject,
    after: &impl Serialize,
) -> Result<(), Fault> {
    Ok(edit.commit(&note_of_made(app, caller, action, subject, after)).await?)
}

/// The entry about something new, for an edit that made more than one thing.
pub(crate) fn note_of_made(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: Subject,
    after: &impl Serialize,
) -> Note {
    note(app, caller, action, subject, Value::Object(changes::made(fields(after))))
}

/// Makes an edit happen, and writes down what it changed; nothing when that is nothing.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn edited<T: Serialize>(
    app: &App,
    caller: &Caller,
    edit: Edit,
    action: &'static str,
    subject: Subject,
    (before, after): (&T, &T),
) -> Result<(), Fault> {
    let details = changes::changed(fields(before), fields(after));
    if details.is_empty() {
        return Ok(edit.commit_unchanged().await?);
    }
    done(app, caller, edit, action, subject, Value::Object(details)).await
}

/// Makes an edit happen, and writes down what has no fields.
///
/// # Errors
/// The store cannot answer.
pub(crate) async fn done(
    app: &App,
    caller: &Caller,
    edit: Edit,
    action: &'static str,
    subject: Subject,
    details: Value,
) -> Result<(), Fault> {
    Ok(edit.commit(&note(app, caller, action, subject, details)).await?)
}

fn fields(of: &impl Serialize) -> Map<String, Value> {
    let whole = serde_json::to_value(of).expect("what the outside sees can be written");
    let fields = whole.as_object().cloned().unwrap_or_default().into_iter();
    fields.filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_way_in_is_written_down() {
        let seen = json!({"id": 1, "title": "A", "join_code": "K7MQ2X", "version": 3});
        assert_eq!(Value::Object(fields(&seen)), json!({"title": "A"}));
    }
}
