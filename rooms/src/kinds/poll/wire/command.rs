//! What can be asked of a poll.

use std::collections::BTreeMap;

use plenum_domain::Id;
use serde::Deserialize;

use super::Settings;
use crate::kinds::poll::decimal::Decimal;

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
