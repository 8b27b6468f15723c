//! Answers in the cells of a table, and back.

use serde_json::Value;

use super::{Field, FieldKind};

/// What stands between several options in one cell.
const BETWEEN: char = '|';

/// What a cell answers; an empty one nothing. What is not an answer of the field's kind stays a text, for
/// [`super::checked_answers`] to say so.
pub fn from_cell(field: &Field, text: &str) -> Value {
    let text = text.trim();
    if text.is_empty() {
        return Value::Null;
    }
    match field.kind {
        FieldKind::Choices if !field.options.iter().any(|option| option == text) => {
            text.split(BETWEEN).map(str::trim).filter(|one| !one.is_empty()).map(Value::from).collect()
        }
        FieldKind::Choices => Value::Array(vec![Value::from(text)]),
        FieldKind::YesNo => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" => Value::from(true),
            "false" | "no" | "0" => Value::from(false),
            _ => Value::from(text),
        },
        FieldKind::Number => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        FieldKind::Text | FieldKind::LongText | FieldKind::Choice | FieldKind::Country => Value::from(text),
    }
}

/// An answer as a cell has it.
pub fn to_cell(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(all) => all.iter().map(to_cell).collect::<Vec<_>>().join(&BETWEEN.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn field(kind: FieldKind, options: &[&str]) -> Field {
        let options = options.iter().map(|one| (*one).to_owned()).collect();
        let (help, texts) = (String::new(), BTreeMap::new());
        Field { id: "x".into(), label: "x".into(), help, kind, required: false, options, texts }
    }

    #[test]
    fn what_is_written_into_a_cell_is_read_from_it_again() {
        let days = field(FieldKind::Choices, &["Mon", "Tue", "Wed | Thu"]);
        for (field, answer) in [
            (&days, json!(["Mon", "Tue"])),
            (&days, json!(["Wed | Thu"])),
            (&field(FieldKind::YesNo, &[]), json!(false)),
            (&field(FieldKind::Number, &[]), json!(-40)),
            (&field(FieldKind::Country, &[]), json!("DE")),
            (&field(FieldKind::Text, &[]), Value::Null),
        ] {
            assert_eq!(from_cell(field, &to_cell(&answer)), answer);
        }
    }

    #[test]
    fn what_is_no_answer_stays_a_text() {
        assert_eq!(from_cell(&field(FieldKind::Number, &[]), " many "), json!("many"));
        assert_eq!(from_cell(&field(FieldKind::YesNo, &[]), "Maybe"), json!("Maybe"));
    }
}
