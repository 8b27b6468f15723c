//! What a change did to a thing, field by field: what each was and what it is.

use serde_json::{Map, Value, json};

/// Of a longer text its beginning is told, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// The fields that are not what they were, each with `before` and `after`.
pub fn changed(before: Map<String, Value>, mut after: Map<String, Value>) -> Map<String, Value> {
    let mut changed = Map::new();
    for (name, was) in before {
        let is = after.remove(&name).unwrap_or_default();
        if was != is {
            changed.insert(name, json!({"before": short(was), "after": short(is)}));
        }
    }
    changed
}

/// The fields of something new that say anything, each with `after`.
pub fn made(after: Map<String, Value>) -> Map<String, Value> {
    let said = after.into_iter().filter(|(_, value)| !is_nothing(value));
    said.map(|(name, value)| (name, json!({"after": short(value)}))).collect()
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

    fn fields(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).expect("it is an object")
    }

    #[test]
    fn what_stayed_is_not_told() {
        let before = fields(json!({"title": "A", "hall": "Main"}));
        let after = fields(json!({"title": "B", "hall": "Main"}));
        assert_eq!(Value::Object(changed(before, after)), json!({"title": {"before": "A", "after": "B"}}));
    }

    #[test]
    fn of_something_new_what_is_empty_is_not_told() {
        let after = fields(json!({"title": "A", "hall": null, "text": "", "languages": []}));
        assert_eq!(Value::Object(made(after)), json!({"title": {"after": "A"}}));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let cut = short(json!("ح".repeat(300)));
        assert_eq!(cut.as_str().map(|text| text.chars().count()), Some(TEXT_CHARS_MAX + 1));
        assert_eq!(short(json!("short")), json!("short"));
    }
}
