//! A form, for those who fill it in, in their language.

use plenum_domain::Id;
use plenum_domain::registration::{Consent, Field};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::form_types::FieldKind;

/// For which conference.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegistrationQuery {
    /// Its join code.
    #[param(example = "K7MQ2X")]
    pub code: String,
    /// What they read best; the best of `Accept-Language` when it is left out.
    #[param(example = "ar")]
    pub language: Option<String>,
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
    pub fields: Vec<AskedOut>,
    /// What one agrees to.
    pub consents: Vec<AgreedOut>,
}

/// A question, as it is read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AskedOut {
    /// What the answer is kept under.
    #[schema(example = "meal")]
    pub id: String,
    /// The question.
    #[schema(example = "ماذا تأكل؟")]
    pub label: String,
    /// What helps to answer it; may be empty.
    #[schema(example = "للمطبخ.")]
    pub help: String,
    /// What sort of answer it takes.
    #[schema(example = "choice")]
    pub kind: FieldKind,
    /// It has to be answered.
    #[schema(example = true)]
    pub required: bool,
    /// What can be answered: the same in every language.
    #[schema(example = json!(["everything", "vegetarian"]))]
    pub options: Vec<String>,
    /// What each option is called, in their order.
    #[schema(example = json!(["كل شيء", "نباتي"]))]
    pub option_labels: Vec<String>,
    /// The language that the label is in; null for the conference's own.
    #[schema(example = "ar")]
    pub language: Option<String>,
}

/// A consent, as it is read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgreedOut {
    /// What it is kept under.
    #[schema(example = "rules")]
    pub id: String,
    /// What one agrees to.
    #[schema(example = "ألتزم بقواعد السلوك.")]
    pub label: String,
    /// Nobody registers without it.
    #[schema(example = true)]
    pub required: bool,
    /// The language that the label is in; null for the conference's own.
    #[schema(example = "ar")]
    pub language: Option<String>,
}

impl AskedOut {
    pub(super) fn of(field: &Field, language: Option<&str>) -> Self {
        let read = field.read(language);
        Self {
            id: field.id.clone(),
            label: read.label.to_owned(),
            help: read.help.to_owned(),
            kind: field.kind.into(),
            required: field.required,
            options: field.options.clone(),
            option_labels: read.options.into_iter().map(str::to_owned).collect(),
            language: read.language.map(str::to_owned),
        }
    }
}

impl AgreedOut {
    pub(super) fn of(consent: &Consent, language: Option<&str>) -> Self {
        let read = consent.read(language);
        Self {
            id: consent.id.clone(),
            label: read.label.to_owned(),
            required: consent.required,
            language: read.language.map(str::to_owned),
        }
    }
}
