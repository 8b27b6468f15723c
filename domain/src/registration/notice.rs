//! What whoever registered is written.

use std::str::FromStr;

use super::{Status, UnknownStatus};

/// What whoever registered is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// It arrived; someone has to approve it.
    Received,
    /// There is a place.
    Confirmed,
    /// It is full: there may be a place later.
    Waiting,
    /// A place got free for them.
    MovedUp,
    /// It is not approved.
    Rejected,
    /// It was called off for them.
    Cancelled,
}

impl Notice {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Received, Self::Confirmed, Self::Waiting, Self::MovedUp, Self::Rejected, Self::Cancelled];

    /// What is to be written when a registration has come from one status (none when it is new) to another.
    pub fn of(from: Option<Status>, to: Status) -> Self {
        match to {
            Status::Pending => Self::Received,
            Status::Confirmed if from == Some(Status::Waiting) => Self::MovedUp,
            Status::Confirmed => Self::Confirmed,
            Status::Waiting => Self::Waiting,
            Status::Rejected => Self::Rejected,
            Status::Cancelled => Self::Cancelled,
        }
    }

    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Confirmed => "confirmed",
            Self::Waiting => "waiting",
            Self::MovedUp => "moved_up",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status that it tells of: once that is another, it is true no more.
    pub const fn status(self) -> Status {
        match self {
            Self::Received => Status::Pending,
            Self::Confirmed | Self::MovedUp => Status::Confirmed,
            Self::Waiting => Status::Waiting,
            Self::Rejected => Status::Rejected,
            Self::Cancelled => Status::Cancelled,
        }
    }
}

impl FromStr for Notice {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|notice| notice.name() == text).ok_or(UnknownStatus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_got_free_is_told_otherwise_than_one_that_was_there() {
        assert_eq!(Notice::of(None, Status::Confirmed), Notice::Confirmed);
        assert_eq!(Notice::of(Some(Status::Pending), Status::Confirmed), Notice::Confirmed);
        assert_eq!(Notice::of(Some(Status::Waiting), Status::Confirmed), Notice::MovedUp);
    }

    #[test]
    fn each_tells_of_the_status_that_it_is_written_for() {
        for notice in Notice::ALL {
            let from = (notice == Notice::MovedUp).then_some(Status::Waiting);
            assert_eq!(Notice::of(from, notice.status()), notice);
            assert_eq!(notice.name().parse(), Ok(notice));
        }
    }
}
