//! What happens to a poll: what the journal keeps.

use plenum_domain::{Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::kinds::poll::ballot::Ballot;

/// What a moderator said of a word or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Shown.
    Approved,
    /// Not shown.
    Hidden,
}

/// What happened to a poll.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// It has other settings.
    Edited(Box<Settings>),
    /// It takes votes.
    Opened {
        /// When it closes by itself.
        closes_at: Option<Timestamp>,
    },
    /// It takes no more votes.
    Closed,
    /// It takes votes again, in the same round.
    Reopened,
    /// Its results are shown.
    Revealed,
    /// A new round began: its ballots are empty, the old results are kept.
    Reset,
    /// Follows a change after which others may see results, or after which they are another round's: a fact for the
    /// push of the results, as the change itself is the fact for the push of the status.
    Announced,
    /// Someone voted, or voted again.
    Voted {
        /// Who: nobody's view shows it.
        by: Id,
        /// The vote.
        ballot: Ballot,
    },
    /// Words count as another one.
    WordsMerged {
        /// The word that they count as.
        into: String,
        /// They.
        words: Vec<String>,
    },
    /// Words count for themselves again.
    WordsUnmerged {
        /// They.
        words: Vec<String>,
    },
    /// A moderator judged a word.
    WordJudged {
        /// The word.
        word: String,
        /// Shown or not.
        verdict: Verdict,
    },
    /// A moderator judged an answer.
    AnswerJudged {
        /// The answer.
        answer: Id,
        /// Shown or not.
        verdict: Verdict,
    },
}
