//! Looking into a JSON document, and finding the place again when something is wrong with it.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::conference::ImportError;

/// What is wrong with a value. Where that is in the file, is worked out once, for the message.
pub(super) struct Fault<'a> {
    at: &'a Value,
    message: String,
}

pub(super) type Checked<'a, T> = Result<T, Fault<'a>>;

/// Makes the fault of a value.
pub(super) fn fault(at: &Value, message: impl Into<String>) -> Fault<'_> {
    Fault { at, message: message.into() }
}

/// Blames a value for an error.
pub(super) fn blame<T>(at: &Value, result: Result<T, String>) -> Checked<'_, T> {
    result.map_err(|message| fault(at, message))
}

/// A member that is a string or a number, as text; empty when it is missing, null or something else.
pub(super) fn word(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The member that a fault about it should name: itself, or its object when it is missing.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(value)
}

/// A text that may be written in several languages: `"Talk"`, `{"en": "Talk", "fr": "Exposé"}` or `{"name": …}` of
/// either. English first, then whatever comes first.
pub(super) fn label(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        Value::Object(members) => match members.get("name") {
            Some(name) => label(name),
            None => {
                members.get("en").or_else(|| members.values().next()).and_then(Value::as_str).unwrap_or("")
            }
        },
        _ => "",
    }
}

impl Fault<'_> {
    /// The error, with the place in the file.
    pub(super) fn in_file(&self, source: &str, root: &Value) -> ImportError {
        let mut path = Vec::new();
        find(root, self.at, &mut path);
        let offset = offset_of(source, &path).unwrap_or_default();
        ImportError::at(source, offset, written(&path), self.message.clone())
    }
}

enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

/// Finds the way to a value of the tree. The very value, not an equal one: faults borrow from the tree.
fn find<'a>(here: &'a Value, wanted: &Value, path: &mut Vec<Step<'a>>) -> bool {
    if std::ptr::eq(here, wanted) {
        return true;
    }
    let steps: Box<dyn Iterator<Item = (Step<'a>, &'a Value)> + 'a> = match here {
        Value::Object(members) => Box::new(members.iter().map(|(name, value)| (Step::Member(name), value))),
        Value::Array(items) => {
            Box::new(items.iter().enumerate().map(|(place, value)| (Step::Item(place), value)))
        }
        _ => return false,
    };
    for (step, value) in steps {
        path.push(step);
        if find(value, wanted, path) {
            return true;
        }
        path.pop();
    }
    false
}

/// The byte at which the value at the end of the path begins.
fn offset_of(source: &str, path: &[Step<'_>]) -> Option<usize> {
    let mut here: &RawValue = serde_json::from_str(source).ok()?;
    for step in path {
        here = match step {
            Step::Member(name) => {
                serde_json::from_str::<BTreeMap<String, &RawValue>>(here.get()).ok()?.remove(*name)?
            }
            Step::Item(place) => *serde_json::from_str::<Vec<&RawValue>>(here.get()).ok()?.get(*place)?,
        };
    }
    // Both point into the same text, so the difference is the offset.
    (here.get().as_ptr() as usize).checked_sub(source.as_ptr() as usize)
}

fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Item(place) => text.push_str(&format!("[{place}]")),
            Step::Member(name) if text.is_empty() => text.push_str(name),
            Step::Member(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}
