//! Changing a poll.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NewOption, PollKind, Visibility};

/// What to change about a poll: `poll.edit` of its room. What is left out stays; once it was open, only `title`, `results`,
/// `change_vote`, `banned` and `moderated` may differ, and while it is open nothing.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Tea, coffee or water?"}))]
pub struct ChangePoll {
    /// The question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Tea or coffee?")]
    pub title: Option<String>,
    /// What it asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PollKind>,
    /// What can be chosen, ranked or given points: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<NewOption>>,
    /// How many options one ballot may name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2)]
    pub max_choices: Option<u32>,
    /// Whether nobody is shown who wrote what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub anonymous: Option<bool>,
    /// Who may see results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Visibility>,
    /// Whether a later vote replaces an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub change_vote: Option<bool>,
    /// The lowest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 1)]
    pub min: Option<serde_json::Number>,
    /// The highest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 5)]
    pub max: Option<serde_json::Number>,
    /// Names of a rating's values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!([]))]
    pub labels: Option<Vec<String>>,
    /// How many points a ballot may give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 100)]
    pub budget: Option<u32>,
    /// Points are given in multiples of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 10)]
    pub step: Option<u32>,
    /// Words that one person may send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub max_words: Option<u32>,
    /// The longest answer in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 500)]
    pub max_chars: Option<u32>,
    /// Words that no text may hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!([]))]
    pub banned: Option<Vec<String>>,
    /// Whether texts wait for a moderator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub moderated: Option<bool>,
}
