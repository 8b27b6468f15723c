//! What a form is made of, for those who make it.

use std::collections::BTreeMap;

use plenum_domain::registration::{self, Consent, ConsentTexts, Field, FieldTexts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What sort of answer a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

impl From<FieldKind> for registration::FieldKind {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text => Self::Text,
            FieldKind::LongText => Self::LongText,
            FieldKind::Choice => Self::Choice,
            FieldKind::Choices => Self::Choices,
            FieldKind::YesNo => Self::YesNo,
            FieldKind::Number => Self::Number,
            FieldKind::Country => Self::Country,
        }
    }
}

impl From<registration::FieldKind> for FieldKind {
    fn from(kind: registration::FieldKind) -> Self {
        match kind {
            registration::FieldKind::Text => Self::Text,
            registration::FieldKind::LongText => Self::LongText,
            registration::FieldKind::Choice => Self::Choice,
            registration::FieldKind::Choices => Self::Choices,
            registration::FieldKind::YesNo => Self::YesNo,
            registration::FieldKind::Number => Self::Number,
            registration::FieldKind::Country => Self::Country,
        }
    }
}

/// A question of the form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOut {
    /// What the answer is kept under: small letters, digits and underscores.
    #[schema(example = "meal")]
    pub id: String,
    /// The question.
    #[schema(example = "What do you eat?")]
    pub label: String,
    /// What helps to answer it.
    #[serde(default)]
    #[schema(example = "For the kitchen.")]
    pub help: String,
    /// What sort of answer it takes.
    #[schema(example = "choice")]
    pub kind: FieldKind,
    /// It has to be answered.
    #[serde(default)]
    #[schema(example = true)]
    pub required: bool,
    /// What can be chosen.
    #[serde(default)]
    #[schema(example = json!(["everything", "vegetarian"]))]
    pub options: Vec<String>,
    /// The same in other languages of the conference, by their codes; what is empty is read in its own.
    #[serde(default)]
    pub texts: BTreeMap<String, FieldTextsOut>,
}

/// A question in one more language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldTextsOut {
    /// The question.
    #[serde(default)]
    #[schema(example = "ماذا تأكل؟")]
    pub label: String,
    /// What helps to answer it.
    #[serde(default)]
    #[schema(example = "للمطبخ.")]
    pub help: String,
    /// What options are called, by their own texts.
    #[serde(default)]
    #[schema(example = json!({"everything": "كل شيء", "vegetarian": "نباتي"}))]
    pub options: BTreeMap<String, String>,
}

/// Something to agree to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentOut {
    /// What it is kept under.
    #[schema(example = "rules")]
    pub id: String,
    /// What one agrees to.
    #[schema(example = "I keep to the code of conduct.")]
    pub label: String,
    /// Nobody registers without it.
    #[serde(default)]
    #[schema(example = true)]
    pub required: bool,
    /// The same in other languages of the conference, by their codes.
    #[serde(default)]
    pub texts: BTreeMap<String, ConsentTextsOut>,
}

/// A consent in one more language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentTextsOut {
    /// What one agrees to.
    #[serde(default)]
    #[schema(example = "ألتزم بقواعد السلوك.")]
    pub label: String,
}

const fn yes() -> bool {
    true
}

/// How one registers, all of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveForm {
    /// Whether people register by themselves.
    #[schema(example = true)]
    pub open: bool,
    /// From when on.
    #[schema(example = "2026-09-01T00:00:00Z")]
    pub opens_at: Option<String>,
    /// Until when.
    #[schema(example = "2026-11-20T00:00:00Z")]
    pub closes_at: Option<String>,
    /// How many have a place; who comes later waits. As many as want to when it is left out.
    #[schema(minimum = 1, maximum = 1_000_000, example = 500)]
    pub capacity: Option<i64>,
    /// Someone has to approve each.
    #[serde(default)]
    #[schema(example = false)]
    pub approval: bool,
    /// Whoever registers is written to; so they are when it is left out.
    #[serde(default = "yes")]
    #[schema(example = true)]
    pub letters: bool,
    /// What is asked.
    #[serde(default)]
    pub fields: Vec<FieldOut>,
    /// What one agrees to.
    #[serde(default)]
    pub consents: Vec<ConsentOut>,
}

/// How one registers.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormOut {
    /// Whether people register by themselves.
    #[schema(example = true)]
    pub open: bool,
    /// From when on.
    #[schema(example = "2026-09-01T00:00:00.000Z")]
    pub opens_at: Option<String>,
    /// Until when.
    #[schema(example = "2026-11-20T00:00:00.000Z")]
    pub closes_at: Option<String>,
    /// How many have a place.
    #[schema(example = 500)]
    pub capacity: Option<i64>,
    /// Someone has to approve each.
    #[schema(example = false)]
    pub approval: bool,
    /// Whoever registers is written to.
    #[schema(example = true)]
    pub letters: bool,
    /// What is asked.
    pub fields: Vec<FieldOut>,
    /// What one agrees to.
    pub consents: Vec<ConsentOut>,
    /// Counts its changes; the ETag.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<FieldOut> for Field {
    fn from(it: FieldOut) -> Self {
        let texts = |FieldTextsOut { label, help, options }| FieldTexts { label, help, options };
        Self {
            id: it.id,
            label: it.label,
            help: it.help,
            kind: it.kind.into(),
            required: it.required,
            options: it.options,
            texts: it.texts.into_iter().map(|(tag, it)| (tag, texts(it))).collect(),
        }
    }
}

impl From<Field> for FieldOut {
    fn from(it: Field) -> Self {
        let texts = |FieldTexts { label, help, options }| FieldTextsOut { label, help, options };
        Self {
            id: it.id,
            label: it.label,
            help: it.help,
            kind: it.kind.into(),
            required: it.required,
            options: it.options,
            texts: it.texts.into_iter().map(|(tag, it)| (tag, texts(it))).collect(),
        }
    }
}

impl From<ConsentOut> for Consent {
    fn from(it: ConsentOut) -> Self {
        let texts = it.texts.into_iter().map(|(tag, it)| (tag, ConsentTexts { label: it.label }));
        Self { id: it.id, label: it.label, required: it.required, texts: texts.collect() }
    }
}

impl From<Consent> for ConsentOut {
    fn from(it: Consent) -> Self {
        let texts = it.texts.into_iter().map(|(tag, it)| (tag, ConsentTextsOut { label: it.label }));
        Self { id: it.id, label: it.label, required: it.required, texts: texts.collect() }
    }
}
