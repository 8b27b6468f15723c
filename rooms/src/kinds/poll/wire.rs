//! All of a poll that leaves memory: settings, commands, facts, views, rejections.

use std::collections::BTreeMap;

use plenum_domain::{Denied, Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::ballot::Ballot;
use super::decimal::{Decimal, Figure};
use crate::engine::Refusal;

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

/// What can be asked of a poll.
#[derive(Clone, Debug)]
pub enum Command {
    /// `poll.edit`: other settings, while it is a draft.
    Edit(Box<Settings>),
    /// `poll.open`: take votes.
    Open(OpenData),
    /// `poll.close`: take no more.
    Close,
    /// `poll.reopen`: go on taking votes in the same round.
    Reopen,
    /// `poll.reveal`: show the results.
    Reveal,
    /// `poll.reset`: begin a new round; the old one is kept.
    Reset,
    /// `poll.vote`.
    Vote(VoteData),
    /// `poll.merge_words`: count some words as another one.
    MergeWords(MergeData),
    /// `poll.unmerge_words`: count them for themselves again.
    UnmergeWords(WordsData),
    /// `poll.hide_word`.
    HideWord(WordData),
    /// `poll.approve_word`: show a word that waits or is hidden.
    ApproveWord(WordData),
    /// `poll.hide_answer`.
    HideAnswer(AnswerData),
    /// `poll.approve_answer`: show an answer that waits or is hidden.
    ApproveAnswer(AnswerData),
}

/// A command that takes no data.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The data of `poll.open`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenData {
    /// The poll closes by itself after this many milliseconds.
    #[serde(default)]
    pub closes_in_ms: Option<i64>,
}

/// The data of `poll.vote`: the one field that the poll's kind takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoteData {
    /// Ids of options: one for `single`, any order for `multiple`, best first for `ranking`.
    #[serde(default)]
    pub options: Option<Vec<String>>,
    /// A number, for `rating` and `numeric`.
    #[serde(default)]
    pub value: Option<Decimal>,
    /// An answer for `open`; words for `wordcloud`, parted by commas or line breaks.
    #[serde(default)]
    pub text: Option<String>,
    /// Words for `wordcloud`, one each.
    #[serde(default)]
    pub texts: Option<Vec<String>>,
    /// Points by option id, for `points`.
    #[serde(default)]
    pub points: Option<BTreeMap<String, u32>>,
}

/// The data of `poll.merge_words`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeData {
    /// The word that the others are counted as.
    pub into: String,
    /// The others.
    pub words: Vec<String>,
}

/// The data of `poll.unmerge_words`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsData {
    /// Words that were merged into another.
    pub words: Vec<String>,
}

/// The data of `poll.hide_word` and `poll.approve_word`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordData {
    /// The word.
    pub word: String,
}

/// The data of `poll.hide_answer` and `poll.approve_answer`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerData {
    /// The answer's id.
    pub answer: Id,
}

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
    /// The results of earlier rounds, oldest first, for moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past: Option<Vec<ResultsView>>,
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

/// Why a poll refuses. The words and codes are in `rejection.rs`.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// The sender's roles do not allow it.
    Forbidden(Denied),
    /// Voting has not begun.
    NotOpen,
    /// Voting is over.
    Closed,
    /// The sender voted, and votes may not be changed.
    AlreadyVoted,
    /// No option has this id.
    UnknownOption(String),
    /// More options than a ballot may name.
    TooManyChoices {
        /// How many it may.
        max: u32,
        /// How many it did.
        has: usize,
    },
    /// More words than one person may send.
    TooManyWords {
        /// How many it may.
        max: u32,
        /// How many it did.
        has: usize,
    },
    /// A value that this poll cannot take.
    BadValue {
        /// What is wrong, and what would be right.
        why: String,
        /// The limits by name.
        limits: Vec<(&'static str, Figure)>,
    },
    /// A text with too many characters.
    TooLong {
        /// How many it may have.
        max: usize,
        /// How many it has.
        has: usize,
    },
    /// A text that cannot be taken.
    BadText(&'static str),
    /// The poll is not in a state for this.
    WrongState {
        /// The state that it is in.
        status: Status,
        /// What to do instead.
        why: &'static str,
    },
    /// The command is for other kinds of polls.
    WrongKind(&'static str),
    /// Nobody sent this word.
    UnknownWord(String),
    /// No answer of this round has this id.
    UnknownAnswer(Id),
    /// As many rounds as a poll may have.
    TooManyRounds(u32),
    /// Settings that cannot work.
    Settings(Box<Refusal>),
}
