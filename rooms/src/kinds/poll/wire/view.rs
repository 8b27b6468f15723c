//! What people are shown of a poll.

use std::collections::BTreeMap;

use plenum_domain::{Id, Timestamp};
use serde::Serialize;

use super::{Choice, Kind, Policy, Settings, Status};
use crate::kinds::poll::decimal::Figure;

/// What people are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum View {
    /// On joining.
    State(Box<StateView>),
    /// `poll.status`.
    Status(Box<PollView>),
    /// `poll.results`.
    Results(ResultsView),
    /// `poll.mine`.
    Mine(Option<MineView>),
}

/// All that a joiner is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateView {
    /// The poll.
    pub poll: PollView,
    /// Its results; none while this audience may not see them.
    pub results: Option<ResultsView>,
    /// The joiner's own vote of this round.
    pub mine: Option<MineView>,
    /// The results of the latest rounds before this one, oldest first, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past: Option<Vec<ResultsView>>,
    /// What `poll.edit` would take to change nothing, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Box<Settings>>,
}

/// A poll, as everyone sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PollView {
    /// The poll's id.
    pub id: Id,
    /// The question.
    pub title: String,
    /// What it asks for.
    pub kind: Kind,
    /// What can be chosen; a rating's values.
    pub options: Vec<Choice>,
    /// Where it is in its life.
    pub status: Status,
    /// The round, from 1.
    pub round: u32,
    /// Nobody is shown who voted what.
    pub anonymous: bool,
    /// Who may see results.
    pub results_policy: Policy,
    /// How many options one ballot may name; null for kinds without options to choose.
    pub max_choices: Option<u32>,
    /// Whether a voter may vote again in the same round.
    pub change_vote: bool,
    /// Whether texts wait for a moderator.
    pub moderated: bool,
    /// When it closes by itself.
    pub closes_at_ms: Option<Timestamp>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Figure>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Figure>,
    /// How many points a ballot may give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// Points are given in multiples of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// How many words one person may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_words: Option<u32>,
    /// How long a word or an answer may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
}

/// The results of one round. `voters` is how many different people voted.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ResultsView {
    /// Of `single` and `multiple`.
    Choices {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// Votes, in the options' order.
        options: Vec<Votes>,
    },
    /// Of `rating`.
    Rating {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// Votes by value, as options.
        options: Vec<Votes>,
        /// The mean, to three decimals; null without votes.
        mean: Option<Figure>,
        /// Votes by value.
        histogram: Vec<Bucket>,
    },
    /// Of `ranking`.
    Ranking {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// Borda points, in the options' order.
        options: Vec<Ranked>,
    },
    /// Of `points`.
    Points {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// Points, in the options' order.
        options: Vec<Given>,
    },
    /// Of `wordcloud`.
    Words {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// The most frequent words, those first; equal ones by alphabet.
        words: Vec<WordView>,
    },
    /// Of `open`.
    Answers {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// The newest answers, oldest of them first.
        answers: Vec<AnswerView>,
    },
    /// Of `numeric`.
    Numeric {
        /// The round.
        round: u32,
        /// How many voted.
        voters: u64,
        /// The mean, to three decimals; null without votes.
        mean: Option<Figure>,
        /// The median, to three decimals; null without votes.
        median: Option<Figure>,
        /// Votes by value, or by range of values when there are many.
        histogram: Vec<Bucket>,
    },
}

/// An option's votes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Votes {
    /// The option.
    pub id: String,
    /// How many ballots name it.
    pub votes: u64,
}

/// An option's place in a ranking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The option.
    pub id: String,
    /// Its Borda points.
    pub points: u64,
    /// How many ranked it first.
    pub first: u64,
    /// Its points per voter, to three decimals; null without votes.
    pub mean: Option<Figure>,
}

/// The points that an option was given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Given {
    /// The option.
    pub id: String,
    /// Its points.
    pub points: u64,
}

/// How often a value was given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bucket {
    /// The value; the lowest of a range.
    pub value: Figure,
    /// Where a range ends; the next one begins there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Figure>,
    /// How many gave it.
    pub count: u64,
}

/// How a text stands with the moderators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everyone who may see results sees it.
    Shown,
    /// It waits for a moderator.
    Pending,
    /// A moderator took it away.
    Hidden,
}

/// A word of the cloud.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordView {
    /// The word.
    pub text: String,
    /// How many people sent it.
    pub count: u64,
    /// For moderators: whether others see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// For moderators: the words that are counted as this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerView {
    /// Its id.
    pub id: Id,
    /// What someone wrote.
    pub text: String,
    /// Who, when the poll is not anonymous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<AuthorView>,
    /// For moderators: whether others see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// Who wrote an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuthorView {
    /// The participant.
    pub id: Id,
    /// The name.
    pub name: String,
}

/// One's own vote, in the fields of `poll.vote`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MineView {
    /// Ids of options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// A number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Figure>,
    /// An answer; words, parted by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts: Option<Vec<String>>,
    /// Points by option id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<BTreeMap<String, u32>>,
}
