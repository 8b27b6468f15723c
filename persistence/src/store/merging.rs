//! Three states of a thing of a programme become one: as the programme said it last, as it is here, as the programme says it now.
//!
//! What was edited here stays, unless the programme did not change it or says the same. Where both changed the same
//! field, ours stays and the difference is told: nothing is lost silently.

use plenum_domain::Timestamp;
use plenum_domain::conference;
use serde_json::{Map, Value, json};

use super::Session;

/// A field in which the programme differs from what is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What differs: `conference`, `hall`, `person` or `session`.
    pub of: &'static str,
    /// Its title or name, as it is here.
    pub name: String,
    /// The field.
    pub field: String,
    /// As it is here.
    pub ours: Value,
    /// As the programme has it.
    pub theirs: Value,
    /// Whether theirs was taken. Ours stays where it was edited here and in the programme.
    pub taken: bool,
}

/// A session as the programme says it, field by field.
pub(super) fn theirs(session: &conference::Session) -> Map<String, Value> {
    fields(json!({
        "title": session.title,
        "subtitle": session.subtitle,
        "summary": session.summary,
        "description": session.description,
        "starts_ms": session.starts.at,
        "ends_ms": session.ends().at,
        "hall": session.hall,
        "track": session.track,
        "kind": session.kind,
        "language": Some(session.languages.join(", ")).filter(|names| !names.is_empty()),
        "url": session.url,
        "do_not_record": session.do_not_record,
        "speakers": session.speakers,
    }))
}

/// A session as it is here, with its hall as the programme calls it and the keys of those who speak.
pub(super) fn ours(session: &Session, hall: Option<&String>, speakers: &[String]) -> Map<String, Value> {
    fields(json!({
        "title": session.title,
        "subtitle": session.subtitle,
        "summary": session.summary,
        "description": session.description,
        "starts_ms": session.starts,
        "ends_ms": session.ends,
        "hall": hall,
        "track": session.track,
        "kind": session.kind,
        "language": session.language,
        "url": session.url,
        "do_not_record": session.do_not_record,
        "speakers": speakers,
    }))
}

/// The fields of an object.
pub(super) fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => unreachable!("an object was written, not {other}"),
    }
}

/// Something as it shall be, and what differed.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    /// Every field.
    pub(super) now: Map<String, Value>,
    /// Those in which the programme differed.
    pub(super) differences: Vec<Difference>,
}

impl Merged {
    /// Whether anything is another now.
    pub(super) fn is_changed(&self) -> bool {
        self.differences.iter().any(|difference| difference.taken)
    }

    /// Whether a field is theirs now.
    pub(super) fn took(&self, field: &str) -> bool {
        self.differences.iter().any(|difference| difference.taken && difference.field == field)
    }

    /// Ours stays in a field after all, because theirs cannot be.
    pub(super) fn refuse(&mut self, field: &str) {
        for difference in self.differences.iter_mut().filter(|difference| difference.field == field) {
            difference.taken = false;
            self.now.insert(field.to_owned(), difference.ours.clone());
        }
    }
}

/// Merges what is called so. Without a last state of the programme, theirs is taken.
pub(super) fn merged(
    (of, name): (&'static str, &str),
    last: Option<&Value>,
    ours: Map<String, Value>,
    theirs: &Map<String, Value>,
) -> Merged {
    let (mut now, mut differences) = (ours, Vec::new());
    for (field, theirs) in theirs {
        let ours = now.get(field).cloned().unwrap_or(Value::Null);
        // What the programme did not say before is nothing, not what is here.
        let last = last.map_or(&ours, |last| last.get(field).unwrap_or(&Value::Null));
        if ours == *theirs || theirs == last {
            continue;
        }
        let taken = ours == *last;
        if taken {
            now.insert(field.clone(), theirs.clone());
        }
        let (name, field, theirs) = (name.to_owned(), field.clone(), theirs.clone());
        differences.push(Difference { of, name, field, ours, theirs, taken });
    }
    Merged { now, differences }
}

/// A field's text.
pub(super) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A field's moment.
pub(super) fn moment(fields: &Map<String, Value>, name: &str) -> Timestamp {
    Timestamp::from_ms(fields.get(name).and_then(Value::as_i64).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(last: Option<&str>, ours: &str, theirs: &str) -> (String, Vec<bool>) {
        let state = |title: &str| fields(json!({"title": title}));
        let last = last.map(|title| json!({"title": title}));
        let merged = merged(("session", ours), last.as_ref(), state(ours), &state(theirs));
        (text(&merged.now, "title").unwrap(), merged.differences.into_iter().map(|one| one.taken).collect())
    }

    #[test]
    fn what_was_edited_here_stays_and_what_was_edited_on_both_sides_is_told() {
        assert_eq!(merge(Some("a"), "a", "a"), ("a".into(), vec![]));
        assert_eq!(merge(Some("a"), "a", "b"), ("b".into(), vec![true]));
        assert_eq!(merge(Some("a"), "mine", "a"), ("mine".into(), vec![]));
        assert_eq!(merge(Some("a"), "mine", "b"), ("mine".into(), vec![false]));
        assert_eq!(merge(Some("a"), "b", "b"), ("b".into(), vec![]));
        assert_eq!(merge(None, "a", "b"), ("b".into(), vec![true]));
    }
}
