//! Registering for a conference: what is asked, what one agrees to, and checking the answers.

mod answers;
mod cells;
mod notice;
mod status;
mod texts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use answers::{Wrong, checked_answers, checked_consents};
pub use cells::{from_cell, to_cell};
pub use notice::Notice;
pub use status::{Status, UnknownStatus};
pub use texts::{ConsentTexts, FieldTexts, Read};

/// More questions than anybody answers.
pub const FIELDS_MAX: usize = 50;
/// More options than anybody reads.
pub const OPTIONS_MAX: usize = 300;
/// The longest label, in characters.
pub const LABEL_CHARS_MAX: usize = 500;
/// The longest help with a question, in characters.
pub const HELP_CHARS_MAX: usize = 1_000;

/// What sort of answer a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// Yes or no.
    YesNo,
    /// A whole number.
    Number,
    /// A country, by ISO's two letters.
    Country,
}

/// A question of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What the answer is kept under: small letters, digits and underscores.
    pub id: String,
    /// The question.
    pub label: String,
    /// What helps to answer it; may be empty.
    #[serde(default)]
    pub help: String,
    /// What sort of answer it takes.
    pub kind: FieldKind,
    /// It has to be answered.
    pub required: bool,
    /// What can be chosen.
    pub options: Vec<String>,
    /// The same in other languages of the conference.
    #[serde(default)]
    pub texts: BTreeMap<String, FieldTexts>,
}

/// Something to agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What it is kept under.
    pub id: String,
    /// What one agrees to.
    pub label: String,
    /// Nobody registers without it.
    pub required: bool,
    /// The same in other languages of the conference.
    #[serde(default)]
    pub texts: BTreeMap<String, ConsentTexts>,
}

/// Why a form cannot be so, in a conference with these languages: the path of the part that is wrong, and what is wrong
/// with it.
pub fn check_form(fields: &[Field], consents: &[Consent], languages: &[String]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if fields.len() + consents.len() > FIELDS_MAX {
        wrong.push(("fields".to_owned(), format!("a form has at most {FIELDS_MAX} fields and consents")));
    }
    let mut seen = std::collections::BTreeSet::new();
    let of_fields = fields.iter().enumerate().map(|(at, it)| (format!("fields[{at}]"), &it.id, &it.label));
    let of_consents =
        consents.iter().enumerate().map(|(at, it)| (format!("consents[{at}]"), &it.id, &it.label));
    for (place, id, label) in of_fields.chain(of_consents) {
        if !is_name(id) {
            wrong.push((
                format!("{place}.id"),
                "has 1 to 40 small letters, digits and underscores".to_owned(),
            ));
        } else if !seen.insert(id) {
            wrong.push((format!("{place}.id"), "is another one's too".to_owned()));
        }
        if let Err(why) = crate::text::clean(label, LABEL_CHARS_MAX) {
            wrong.push((format!("{place}.label"), why.to_string()));
        }
    }
    for (at, field) in fields.iter().enumerate() {
        let chooses = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
        if chooses == field.options.is_empty() || field.options.len() > OPTIONS_MAX {
            let words = format!("a choice has 1 to {OPTIONS_MAX} options, others have none");
            wrong.push((format!("fields[{at}].options"), words));
        }
    }
    wrong.extend(texts::check(fields, consents, languages));
    wrong
}

fn is_name(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=40).contains(&id.len()) && id.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_where_it_is_wrong() {
        let field = |id: &str, kind, options: &[&str]| Field {
            id: id.into(),
            label: "Label".into(),
            help: String::new(),
            kind,
            required: false,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            texts: BTreeMap::new(),
        };
        let fields = [
            field("meal", FieldKind::Choice, &[]),
            field("Meal!", FieldKind::Text, &[]),
            field("meal", FieldKind::Text, &["x"]),
        ];
        let consent =
            Consent { id: "rules".into(), label: " ".into(), required: true, texts: BTreeMap::new() };
        let places: Vec<String> =
            check_form(&fields, &[consent], &[]).into_iter().map(|(place, _)| place).collect();
        let expected =
            ["fields[1].id", "fields[2].id", "consents[0].label", "fields[0].options", "fields[2].options"];
        assert_eq!(places, expected);
        assert_eq!(check_form(&[field("meal", FieldKind::Choice, &["a"])], &[], &[]), []);
    }
}
