//! What registering takes and gives.

use plenum_domain::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::features::participants::RegistrationStatus;

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
