//! Which badges, and in which words.

use plenum_domain::Role;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which badges.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct BadgeQuery {
    /// Only these, at most 500: their ids, with commas between them.
    #[param(example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participants: Option<String>,
    /// Which 500 of all who are confirmed, counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// The field of the form whose answer is the organisation; when it is left out the one that is called so.
    #[param(example = "organisation")]
    pub organisation: Option<String>,
    /// Leaves out those whose names no font can draw, rather than refuse with `LETTERS_MISSING`.
    #[param(example = false)]
    pub leave_out: Option<bool>,
    /// In which language roles are written; English when it is left out.
    #[param(inline)]
    pub language: Option<Language>,
}

/// A language that badges know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Turkish.
    Tr,
    /// Arabic.
    Ar,
    /// German.
    De,
    /// French.
    Fr,
}

impl Language {
    /// What a role is called.
    pub(super) const fn word(self, role: Role) -> &'static str {
        let words = match role {
            Role::Owner | Role::Admin | Role::Organiser => {
                ["Organiser", "Düzenleyen", "التنظيم", "Organisation", "Organisation"]
            }
            Role::Moderator => ["Moderator", "Moderatör", "الإدارة", "Moderation", "Modération"],
            Role::Chair => ["Chair", "Oturum başkanı", "رئاسة الجلسة", "Sitzungsleitung", "Présidence"],
            Role::Speaker => ["Speaker", "Konuşmacı", "متحدث", "Vortrag", "Intervention"],
            Role::Exhibitor => ["Exhibitor", "Katılımcı kurum", "عارض", "Ausstellung", "Exposition"],
            Role::Attendee | Role::Screen => ["Attendee", "Katılımcı", "مشارك", "Teilnahme", "Participation"],
        };
        words[self as usize]
    }
}
