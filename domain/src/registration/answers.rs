//! Checking what someone answered against what was asked.

use serde_json::{Map, Value};

use super::{Consent, Field, FieldKind};
use crate::country::Country;
use crate::text::clean;

/// The longest line, in characters.
const LINE_CHARS_MAX: usize = 300;
/// The longest text, in characters.
const TEXT_CHARS_MAX: usize = 5_000;
/// JSON numbers stay exact up to here.
const NUMBER_MAX: i64 = 1 << 53;

/// Which answer is wrong, and why.
pub type Wrong = (String, String);

/// The answers, cleaned.
///
/// # Errors
/// Every answer that is missing, unknown or of another sort than was asked for.
pub fn checked_answers(fields: &[Field], raw: &Map<String, Value>) -> Result<Map<String, Value>, Vec<Wrong>> {
    let (mut kept, mut wrong) = (Map::new(), Vec::new());
    for field in fields {
        let given = raw.get(&field.id).filter(|value| !value.is_null() && value.as_str() != Some(""));
        match given.map(|value| checked(field, value)) {
            None if field.required => wrong.push((field.id.clone(), "has to be answered".to_owned())),
            None => {}
            Some(Ok(value)) => {
                kept.insert(field.id.clone(), value);
            }
            Some(Err(why)) => wrong.push((field.id.clone(), why)),
        }
    }
    let is_asked = |name: &String| fields.iter().any(|field| field.id == *name);
    wrong.extend(
        raw.keys().filter(|name| !is_asked(name)).map(|name| (name.clone(), "is not asked".to_owned())),
    );
    if wrong.is_empty() { Ok(kept) } else { Err(wrong) }
}

/// What someone agreed to; each is known, and none that is required is missing.
///
/// # Errors
/// Every consent that is missing or unknown.
pub fn checked_consents(consents: &[Consent], given: &[String]) -> Result<Vec<String>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    for consent in consents.iter().filter(|consent| consent.required && !given.contains(&consent.id)) {
        wrong.push((consent.id.clone(), "nobody registers without it".to_owned()));
    }
    let is_known = |name: &String| consents.iter().any(|consent| consent.id == *name);
    wrong.extend(
        given.iter().filter(|name| !is_known(name)).map(|name| (name.clone(), "is not asked".to_owned())),
    );
    let kept =
        consents.iter().filter(|consent| given.contains(&consent.id)).map(|consent| consent.id.clone());
    if wrong.is_empty() { Ok(kept.collect()) } else { Err(wrong) }
}

fn checked(field: &Field, value: &Value) -> Result<Value, String> {
    let text = |max| {
        let raw = value.as_str().ok_or_else(|| "is a text".to_owned())?;
        clean(raw, max).map(Value::from).map_err(|why| why.to_string())
    };
    let option = |value: &Value| {
        let known = value.as_str().filter(|one| field.options.iter().any(|option| option == one));
        known.map(Value::from).ok_or_else(|| format!("is one of: {}", field.options.join(", ")))
    };
    match field.kind {
        FieldKind::Text => text(LINE_CHARS_MAX),
        FieldKind::LongText => text(TEXT_CHARS_MAX),
        FieldKind::Choice => option(value),
        FieldKind::Choices => {
            let all = value.as_array().ok_or_else(|| "is a list".to_owned())?;
            let mut kept: Vec<Value> = Vec::new();
            for one in all {
                let one = option(one)?;
                if !kept.contains(&one) {
                    kept.push(one);
                }
            }
            Ok(Value::Array(kept))
        }
        FieldKind::YesNo => value.as_bool().map(Value::from).ok_or_else(|| "is true or false".to_owned()),
        FieldKind::Number => {
            let number = value.as_i64().filter(|number| (-NUMBER_MAX..=NUMBER_MAX).contains(number));
            number.map(Value::from).ok_or_else(|| "is a whole number".to_owned())
        }
        FieldKind::Country => {
            let code = value.as_str().map(str::to_uppercase).unwrap_or_default();
            let known = Country::of_code(&code).map(|country| Value::from(country.code));
            known.ok_or_else(|| "is the code of a country such as DE".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn fields() -> Vec<Field> {
        let field = |id: &str, kind, required, options: &[&str]| Field {
            id: id.into(),
            label: id.into(),
            help: String::new(),
            kind,
            required,
            options: options.iter().map(|one| (*one).to_owned()).collect(),
            texts: BTreeMap::new(),
        };
        vec![
            field("firm", FieldKind::Text, true, &[]),
            field("meal", FieldKind::Choice, false, &["meat", "none"]),
            field("days", FieldKind::Choices, false, &["1", "2"]),
            field("from", FieldKind::Country, false, &[]),
            field("age", FieldKind::Number, false, &[]),
        ]
    }

    fn answers(raw: &Value) -> Result<Value, Vec<String>> {
        let raw = raw.as_object().expect("an object");
        let told = |wrong: Vec<Wrong>| wrong.into_iter().map(|(name, _)| name).collect();
        checked_answers(&fields(), raw).map(Value::Object).map_err(told)
    }

    #[test]
    fn answers_are_cleaned_and_each_wrong_one_is_named() {
        let good = json!({"firm": " Lab ", "meal": "none", "days": ["2", "2"], "from": "tr", "age": 40});
        let kept = json!({"firm": "Lab", "meal": "none", "days": ["2"], "from": "TR", "age": 40});
        assert_eq!(answers(&good), Ok(kept));
        assert_eq!(answers(&json!({"firm": "x", "meal": ""})), Ok(json!({"firm": "x"})));
        let bad = json!({"meal": "fish", "days": "1", "from": "XX", "age": 1.5, "shoe": 44});
        let named = ["firm", "meal", "days", "from", "age", "shoe"].map(str::to_owned);
        assert_eq!(answers(&bad), Err(named.to_vec()));
    }

    #[test]
    fn nobody_registers_without_what_is_required() {
        let consent = |id: &str, required| Consent {
            id: id.into(),
            label: id.into(),
            required,
            texts: BTreeMap::new(),
        };
        let all = [consent("rules", true), consent("news", false)];
        let given = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            checked_consents(&all, &names).map_err(|wrong| wrong[0].0.clone())
        };
        assert_eq!(given(&["news", "rules"]), Ok(vec!["rules".to_owned(), "news".to_owned()]));
        assert_eq!(given(&["news"]), Err("rules".to_owned()));
        assert_eq!(given(&["rules", "soul"]), Err("soul".to_owned()));
    }
}
