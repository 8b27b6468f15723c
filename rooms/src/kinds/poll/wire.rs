//! All of a poll that leaves memory: settings, commands, facts, views, rejections.

mod command;
mod fact;
mod rejection;
mod view;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
pub use command::{AnswerData, Command, MergeData, Nothing, OpenData, VoteData, WordData, WordsData};
pub use fact::{Fact, Verdict};
pub use rejection::Rejection;
pub use view::{
    AnswerView, AuthorView, Bucket, Given, MineView, PollView, Ranked, ResultsView, Standing, StateView,
    View, Votes, WordView,
};

/// What a poll asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One of the options.
    Single,
    /// Several of the options, up to `max_choices`.
    Multiple,
    /// A whole number between `min` and `max`.
    Rating,
    /// Options in order of preference.
    Ranking,
    /// A budget of points, spread over the options.
    Points,
    /// Words that are counted.
    Wordcloud,
    /// An answer in one's own words.
    Open,
    /// A number, whole or with up to three decimals.
    Numeric,
}

/// Who may see results, and from when. A reveal shows them to everyone, except under `Moderators`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Everyone, at once.
    Always,
    /// Whoever voted in this round.
    AfterVote,
    /// Participants, once voting is closed.
    AfterClose,
    /// Only moderators, ever.
    Moderators,
}

/// An option as it is asked for: its id is made when none is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    /// The id that votes name; `a`, `b`, … when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What voters read.
    pub label: String,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The id that votes name.
    pub id: String,
    /// What voters read.
    pub label: String,
}

/// What a poll is made with: the data of `poll.create` and `poll.edit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The question.
    pub title: String,
    /// What it asks for.
    pub kind: Kind,
    /// What can be chosen, ranked or given points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<NewChoice>,
    /// How many options one ballot may name (`multiple`, `ranking`); all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_choices: Option<u32>,
    /// Nobody is ever shown who voted what; a text has no author.
    #[serde(default = "yes")]
    pub anonymous: bool,
    /// Who may see results.
    #[serde(default = "always")]
    pub results: Policy,
    /// Whether a voter may vote again in the same round; the last vote counts.
    #[serde(default)]
    pub change_vote: bool,
    /// The lowest value (`rating`: 1 when absent; `numeric`: none).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    /// The highest value (`rating`: 5 when absent; `numeric`: none).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    /// Names of a rating's values: one each, or two for its ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// How many points a ballot may give (`points`); 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// Points are given in multiples of this (`points`); 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// How many words one person may send (`wordcloud`); 3 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_words: Option<u32>,
    /// How long an answer may be, in characters (`open`); 500 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
    /// Words that no text may hold (`wordcloud`, `open`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub banned: Vec<String>,
    /// Whether words and answers are shown to moderators only until one approves them.
    #[serde(default)]
    pub moderated: bool,
}

const fn yes() -> bool {
    true
}

const fn always() -> Policy {
    Policy::Always
}

/// Where a poll is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written; nobody can vote yet.
    Draft,
    /// Votes are taken.
    Open,
    /// No more votes.
    Closed,
    /// No more votes, and the results are shown.
    Revealed,
}

impl Status {
    /// The name that the outside sees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Revealed => "revealed",
        }
    }
}
