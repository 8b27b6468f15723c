//! Where a conference is in its life, and where it may go from there.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Fault;

/// Where a conference is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being prepared. Whoever has the code may come in, to rehearse.
    Draft,
    /// Announced; the rooms of its sessions are open.
    Published,
    /// It takes place.
    Ongoing,
    /// Over: nobody joins any more.
    Completed,
    /// Put away: nothing of it changes any more.
    Archived,
}

use Status::{Archived, Completed, Draft, Ongoing, Published};

/// Every move that is allowed.
const MOVES: [(Status, Status); 9] = [
    (Draft, Published),
    (Draft, Ongoing),
    (Published, Draft),
    (Published, Ongoing),
    (Published, Completed),
    (Ongoing, Completed),
    // Completed by mistake, or a day too early.
    (Completed, Ongoing),
    (Completed, Archived),
    (Archived, Completed),
];

impl Status {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Draft => "draft",
            Published => "published",
            Ongoing => "ongoing",
            Completed => "completed",
            Archived => "archived",
        }
    }
}

/// No status has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no status has this name")]
pub struct UnknownStatus;

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        [Draft, Published, Ongoing, Completed, Archived]
            .into_iter()
            .find(|status| status.name() == text)
            .ok_or(UnknownStatus)
    }
}

/// Refuses to change what was put away.
pub(crate) fn not_archived(status: &str) -> Result<(), Fault> {
    if status != Archived.name() {
        return Ok(());
    }
    let words = "the conference is archived: make it completed again to change it";
    Err(Fault::conflict("CONFERENCE_ARCHIVED", words))
}

/// Whether a conference may go from one status to another. Staying is always allowed.
pub(super) fn may_move(from: Status, to: Status) -> Result<(), Fault> {
    if from == to || MOVES.contains(&(from, to)) {
        return Ok(());
    }
    let allowed: Vec<&str> =
        MOVES.iter().filter(|(start, _)| *start == from).map(|(_, end)| end.name()).collect();
    let words = format!("a conference that is {} cannot become {}", from.name(), to.name());
    Err(Fault::conflict("INVALID_TRANSITION", words).with("allowed", allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conference_goes_forward_and_what_is_over_may_only_go_on() {
        assert!(may_move(Draft, Published).is_ok() && may_move(Ongoing, Ongoing).is_ok());
        let fault = may_move(Completed, Draft).unwrap_err();
        assert_eq!(
            (&*fault.code, &fault.details["allowed"]),
            ("INVALID_TRANSITION", &serde_json::json!(["ongoing", "archived"]))
        );
        assert_eq!("ongoing".parse(), Ok(Ongoing));
        assert_eq!("live".parse::<Status>(), Err(UnknownStatus));
    }
}
