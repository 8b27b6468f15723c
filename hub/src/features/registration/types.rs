//! What registering takes and gives.

use plenum_domain::Id;
use plenum_domain::registration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::features::participants::RegistrationStatus;

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

/// For which conference.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegistrationQuery {
    /// Its join code.
    #[param(example = "K7MQ2X")]
    pub code: String,
}

/// A form, for those who fill it in.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenForm {
    /// The conference's title.
    #[schema(example = "Harbour Days")]
    pub title: String,
    /// Its organisation, for `X-Tenant-ID` of `GET /look`.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub tenant_id: Id,
    /// Whether one can register at this moment.
    #[schema(example = true)]
    pub open: bool,
    /// From when on.
    #[schema(example = "2026-09-01T00:00:00.000Z")]
    pub opens_at: Option<String>,
    /// Until when.
    #[schema(example = "2026-11-20T00:00:00.000Z")]
    pub closes_at: Option<String>,
    /// Someone has to approve each.
    #[schema(example = false)]
    pub approval: bool,
    /// Every place is taken: who registers now waits for one.
    #[schema(example = false)]
    pub full: bool,
    /// Whoever registers is written to.
    #[schema(example = true)]
    pub letters: bool,
    /// What is asked.
    pub fields: Vec<FieldOut>,
    /// What one agrees to.
    pub consents: Vec<ConsentOut>,
}

/// Someone who registers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The conference's join code.
    #[schema(example = "K7MQ2X")]
    pub code: String,
    /// The name that others see, 1 to 60 characters.
    #[schema(example = "Noor")]
    pub name: String,
    /// The address; one registers once.
    #[schema(example = "noor@example.org")]
    pub email: String,
    /// What they answer, by the ids of the fields.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({}))]
    pub answers: Map<String, Value>,
    /// The ids of what they agree to.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub consents: Vec<String>,
    /// What they read best; the best of `Accept-Language` when it is left out.
    #[schema(example = "ar")]
    pub language: Option<String>,
}

/// How a registration stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Registered {
    /// The participant's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participant_id: Id,
    /// Their name.
    #[schema(example = "Noor")]
    pub name: String,
    /// Where it is in its life.
    #[schema(example = "confirmed")]
    pub status: String,
    /// Shows how it stands, and calls it off: to be kept like a password.
    #[schema(example = "PLR1.AY8…")]
    pub receipt: String,
    /// What the QR code at the door has; null until it is confirmed.
    #[schema(example = "PLT1.AY8…")]
    pub ticket: Option<String>,
}

/// A receipt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ByReceipt {
    /// As it was given out.
    #[schema(example = "PLR1.AY8…")]
    pub receipt: String,
}

/// A ticket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ByTicket {
    /// As it was given out.
    #[schema(example = "PLT1.AY8…")]
    pub ticket: String,
}

/// Someone to register from the desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParticipant {
    /// The name that others see, 1 to 60 characters.
    #[schema(example = "Noor")]
    pub name: String,
    /// The address.
    #[schema(example = "noor@example.org")]
    pub email: Option<String>,
    /// What they answer, by the ids of the fields; none has to be there.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({}))]
    pub answers: Map<String, Value>,
    /// What they read best; the tenant's `default_language` when it is left out.
    #[schema(example = "ar")]
    pub language: Option<String>,
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeParticipant {
    /// The name that others see, 1 to 60 characters.
    #[schema(example = "Noor")]
    pub name: Option<String>,
    /// The address; null takes it away.
    #[serde(default, deserialize_with = "crate::http::given")]
    #[schema(value_type = Option<String>, example = "noor@example.org")]
    pub email: Option<Option<String>>,
    /// What they answer, all of it.
    #[schema(value_type = Option<Object>, example = json!({}))]
    pub answers: Option<Map<String, Value>>,
}

/// Where a registration shall be in its life.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveParticipant {
    /// A confirmation becomes waiting when there is no place.
    #[schema(example = "confirmed")]
    pub status: RegistrationStatus,
}

/// A list of people.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPeople {
    /// CSV: a first line with `name` and `email`, then one line a person. A column with the id of a field (or
    /// `answers.` before it) has its answers, several with `|` between them.
    #[schema(example = "name,email,meal\nNoor,noor@example.org,vegetarian\n")]
    pub csv: String,
    /// Only says what would be done.
    #[schema(example = false)]
    pub dry_run: Option<bool>,
    /// Writes to those who are new that they are registered; nobody is written to when it is left out.
    #[schema(example = false)]
    pub letters: Option<bool>,
}

/// What came of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedPeople {
    /// People who are new, or were there already: the same list again changes nothing.
    #[schema(example = 120)]
    pub people: u64,
    /// Lines that were left out, and why.
    pub wrong: Vec<ImportLine>,
}

/// A line that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportLine {
    /// Counted from 1, the head included.
    #[schema(example = 7)]
    pub line: u64,
    /// What is wrong with it.
    #[schema(example = "email: is an e-mail address")]
    pub reason: String,
}

/// A ticket, and its picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketOut {
    /// What the QR code has.
    #[schema(example = "PLT1.AY8…")]
    pub ticket: String,
    /// The QR code as SVG.
    #[schema(example = "<svg></svg>")]
    pub svg: String,
}
