//! Where a registration is in its life.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a registration is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Someone has to approve it.
    Pending,
    /// There is a place.
    Confirmed,
    /// It was full: waits for a place.
    Waiting,
    /// Called off, by whom it is about or for them.
    Cancelled,
    /// Not approved.
    Rejected,
}

use Status::{Cancelled, Confirmed, Pending, Rejected, Waiting};

/// No status of a registration has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no status of a registration has this name")]
pub struct UnknownStatus;

impl Status {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Pending => "pending",
            Confirmed => "confirmed",
            Waiting => "waiting",
            Cancelled => "cancelled",
            Rejected => "rejected",
        }
    }

    /// Where it may go from here. Whoever was called off or refused may be taken after all.
    pub const fn moves(self) -> &'static [Self] {
        match self {
            Pending => &[Confirmed, Waiting, Rejected, Cancelled],
            Waiting => &[Confirmed, Rejected, Cancelled],
            Confirmed => &[Cancelled],
            Cancelled | Rejected => &[Confirmed, Waiting],
        }
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let all = [Pending, Confirmed, Waiting, Cancelled, Rejected];
        all.into_iter().find(|status| status.name() == text).ok_or(UnknownStatus)
    }
}
