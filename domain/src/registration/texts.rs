//! What a form says in other languages than the conference's own. Answers know no language: an option is kept under its
//! own text, whatever somebody read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Consent, Field, HELP_CHARS_MAX, LABEL_CHARS_MAX, Wrong};
use crate::text::clean;

/// A question in one more language; what is empty is read in the conference's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldTexts {
    /// The question.
    pub label: String,
    /// What helps to answer it.
    pub help: String,
    /// Options, by their own texts.
    pub options: BTreeMap<String, String>,
}

/// A consent in one more language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentTexts {
    /// What one agrees to.
    pub label: String,
}

/// A question or a consent as somebody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<'a> {
    /// The language that the label is in; none for the conference's own.
    pub language: Option<&'a str>,
    /// The label.
    pub label: &'a str,
    /// What helps.
    pub help: &'a str,
    /// What each option is called, in their order.
    pub options: Vec<&'a str>,
}

impl Field {
    /// The question for whoever reads `language`; what it does not say there it says in the conference's own.
    pub fn read(&self, language: Option<&str>) -> Read<'_> {
        let found = language.and_then(|tag| nearest(&self.texts, tag));
        let label = found.and_then(|(_, texts)| said(&texts.label));
        let help = found.and_then(|(_, texts)| said(&texts.help));
        let option = |own| found.and_then(|(_, texts)| texts.options.get(own)).and_then(|text| said(text));
        Read {
            language: label.and(found.map(|(tag, _)| tag)),
            label: label.unwrap_or(&self.label),
            help: help.unwrap_or(&self.help),
            options: self.options.iter().map(|own| option(own).unwrap_or(own)).collect(),
        }
    }
}

impl Consent {
    /// The consent for whoever reads `language`, as [`Field::read`].
    pub fn read(&self, language: Option<&str>) -> Read<'_> {
        let found = language.and_then(|tag| nearest(&self.texts, tag));
        let label = found.and_then(|(_, texts)| said(&texts.label));
        Read {
            language: label.and(found.map(|(tag, _)| tag)),
            label: label.unwrap_or(&self.label),
            help: "",
            options: Vec::new(),
        }
    }
}

fn said(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// In the language itself, in the one that it is a variety of (`de` for `de-AT`), or in another variety of that one.
fn nearest<'a, T>(texts: &'a BTreeMap<String, T>, tag: &str) -> Option<(&'a str, &'a T)> {
    let main = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let itself = texts.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag));
    let found = itself
        .or_else(|| texts.iter().find(|(known, _)| **known == main(tag)))
        .or_else(|| texts.iter().find(|(known, _)| main(known) == main(tag)));
    found.map(|(known, texts)| (known.as_str(), texts))
}

/// What is wrong with the texts of a form in the languages of its conference, the first of which is its own.
pub(super) fn check(fields: &[Field], consents: &[Consent], languages: &[String]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut text = |place: String, text: &str, max| {
        if let Err(why) = clean(text, max)
            && !text.is_empty()
        {
            wrong.push((place, why.to_string()));
        }
    };
    for (at, field) in fields.iter().enumerate() {
        text(format!("fields[{at}].help"), &field.help, HELP_CHARS_MAX);
        for (tag, texts) in &field.texts {
            let place = format!("fields[{at}].texts.{tag}");
            text(format!("{place}.label"), &texts.label, LABEL_CHARS_MAX);
            text(format!("{place}.help"), &texts.help, HELP_CHARS_MAX);
            for (own, option) in &texts.options {
                text(format!("{place}.options.{own}"), option, LABEL_CHARS_MAX);
            }
        }
    }
    for (at, consent) in consents.iter().enumerate() {
        for (tag, texts) in &consent.texts {
            text(format!("consents[{at}].texts.{tag}.label"), &texts.label, LABEL_CHARS_MAX);
        }
    }
    for (at, field) in fields.iter().enumerate() {
        wrong.extend(foreign(&format!("fields[{at}]"), field.texts.keys(), languages));
        for (tag, texts) in &field.texts {
            for own in texts.options.keys().filter(|own| !field.options.contains(own)) {
                let place = format!("fields[{at}].texts.{tag}.options.{own}");
                wrong.push((
                    place,
                    "is the text of no option: options are named by their own texts".to_owned(),
                ));
            }
        }
    }
    for (at, consent) in consents.iter().enumerate() {
        wrong.extend(foreign(&format!("consents[{at}]"), consent.texts.keys(), languages));
    }
    wrong
}

/// Languages that are none of the conference's others.
fn foreign<'a>(place: &str, tags: impl Iterator<Item = &'a String>, languages: &[String]) -> Vec<Wrong> {
    let others = languages.get(1..).unwrap_or_default();
    let why = |tag: &String| {
        if languages.first() == Some(tag) {
            return "is the conference's own language: its texts are the fields' own".to_owned();
        }
        let known = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        format!("is none of the conference's other languages ({known}): add it to them first")
    };
    tags.filter(|tag| !others.contains(tag)).map(|tag| (format!("{place}.texts.{tag}"), why(tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::FieldKind;
    use super::*;

    fn meal() -> Field {
        let options = [("meat", "لحم"), ("none", "")].map(|(own, text)| (own.to_owned(), text.to_owned()));
        let arabic = FieldTexts {
            label: "ماذا تأكل؟".into(),
            help: String::new(),
            options: options.into_iter().collect(),
        };
        let german = FieldTexts { help: "Für die Küche".into(), ..FieldTexts::default() };
        Field {
            id: "meal".into(),
            label: "What do you eat?".into(),
            help: "For the kitchen".into(),
            kind: FieldKind::Choice,
            required: false,
            options: vec!["meat".into(), "none".into()],
            texts: [("ar".to_owned(), arabic), ("de-AT".to_owned(), german)].into_iter().collect(),
        }
    }

    #[test]
    fn what_a_language_does_not_say_is_read_in_the_conferences_own() {
        let meal = meal();
        for tag in ["ar", "AR", "ar-EG"] {
            let read = meal.read(Some(tag));
            assert_eq!((read.language, read.label, read.help), (Some("ar"), "ماذا تأكل؟", "For the kitchen"));
            assert_eq!(read.options, ["لحم", "none"]);
        }
        for tag in ["de", "de-CH"] {
            let read = meal.read(Some(tag));
            assert_eq!((read.language, read.label, read.help), (None, "What do you eat?", "Für die Küche"));
        }
        assert_eq!(meal.read(Some("fr")), meal.read(None));
        let rules = Consent {
            id: "rules".into(),
            label: "Rules".into(),
            required: true,
            texts: [("tr".to_owned(), ConsentTexts { label: "Kurallar".into() })].into_iter().collect(),
        };
        assert_eq!(rules.read(Some("tr")).label, "Kurallar");
        assert_eq!(rules.read(Some("ar")).label, "Rules");
    }

    #[test]
    fn a_wrong_text_is_named_with_its_field_and_its_language() {
        let languages = ["en", "ar", "de-AT"].map(str::to_owned);
        assert_eq!(check(&[meal()], &[], &languages), []);
        let mut field = meal();
        let arabic = field.texts.get_mut("ar").expect("it is there");
        arabic.label = "x".repeat(LABEL_CHARS_MAX + 1);
        arabic.options.insert("fish".into(), "سمك".into());
        field.texts.insert("fr".into(), FieldTexts::default());
        field.texts.insert("en".into(), FieldTexts::default());
        let places: Vec<String> =
            check(&[field], &[], &languages).into_iter().map(|(place, _)| place).collect();
        let expected = [
            "fields[0].texts.ar.label",
            "fields[0].texts.en",
            "fields[0].texts.fr",
            "fields[0].texts.ar.options.fish",
        ];
        assert_eq!(places, expected);
        assert_eq!(
            check(&[meal()], &[], &[])[0].0,
            "fields[0].texts.ar",
            "a conference that has no languages"
        );
    }
}
