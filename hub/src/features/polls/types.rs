//! What polls take and give. The rules are the room's; here is only their form.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_rooms::RoomRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// A poll to make: `poll.create` of the session's room.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"session_id": "01H5XNDY7S3C9QRG8T4V2M6B0F", "title": "Tea or coffee?", "kind": "single",
    "options": [{"label": "Tea"}, {"label": "Coffee"}], "results": "after_vote"}))]
pub struct CreatePoll {
    /// The session that it belongs to; its rooms are open.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Id,
    /// The question.
    #[schema(example = "Tea or coffee?")]
    pub title: String,
    /// What it asks for.
    pub kind: PollKind,
    /// What can be chosen, ranked or given points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<NewOption>,
    /// How many options one ballot may name (`multiple`, `ranking`); all when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2)]
    pub max_choices: Option<u32>,
    /// Nobody is shown who wrote what; true when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub anonymous: Option<bool>,
    /// Who may see results; `always` when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Visibility>,
    /// Whether a later vote replaces an earlier one; false when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub change_vote: Option<bool>,
    /// The lowest value (`rating`: 1 when it is left out; `numeric`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 1)]
    pub min: Option<serde_json::Number>,
    /// The highest value (`rating`: 5 when it is left out; `numeric`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 5)]
    pub max: Option<serde_json::Number>,
    /// Names of a rating's values: one each, or two for its ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    pub labels: Vec<String>,
    /// How many points a ballot may give (`points`); 100 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 100)]
    pub budget: Option<u32>,
    /// Points are given in multiples of this (`points`); 1 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 10)]
    pub step: Option<u32>,
    /// Words that one person may send (`wordcloud`); 3 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub max_words: Option<u32>,
    /// The longest answer in characters (`open`); 500 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 500)]
    pub max_chars: Option<u32>,
    /// Words that no text may hold (`wordcloud`, `open`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    pub banned: Vec<String>,
    /// Whether texts wait for a moderator (`wordcloud`, `open`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub moderated: Option<bool>,
}

impl CreatePoll {
    /// The data of `poll.create`.
    pub(super) fn settings(&self) -> Value {
        let mut whole = serde_json::to_value(self).expect("the fields are plain data with string keys");
        // The session is where the command goes, not part of it.
        whole.as_object_mut().map(|fields| fields.remove("session_id"));
        whole
    }
}

/// What a poll asks for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PollKind {
    /// One of the options.
    Single,
    /// Several of the options.
    Multiple,
    /// A whole number on a scale.
    Rating,
    /// Options in order of preference.
    Ranking,
    /// Words that are counted.
    Wordcloud,
    /// An answer in one's own words.
    Open,
    /// A budget of points, spread over the options.
    Points,
    /// A number.
    Numeric,
}

/// Where a poll is in its life.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PollStatus {
    /// Being prepared.
    Draft,
    /// It takes votes.
    Open,
    /// It takes no more.
    Closed,
    /// Its results are shown.
    Revealed,
}

/// Who may see results.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone, at once.
    Always,
    /// Whoever voted.
    AfterVote,
    /// Everyone, once voting is closed.
    AfterClose,
    /// Moderators only.
    Moderators,
}

/// An option.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOption {
    /// What votes name; `a`, `b`, … when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "a")]
    pub id: Option<String>,
    /// What voters read.
    #[schema(example = "Tea")]
    pub label: String,
}

/// A vote: the one field that the poll's kind needs.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"options": ["a"]}))]
pub struct Vote {
    /// Ids of options: one for `single`, any order for `multiple`, best first for `ranking`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["a"]))]
    pub options: Option<Vec<String>>,
    /// A number, for `rating` and `numeric`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 4)]
    pub value: Option<serde_json::Number>,
    /// An answer for `open`; words for `wordcloud`, parted by commas or line breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "curious, awake")]
    pub text: Option<String>,
    /// Words for `wordcloud`, one each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["curious", "awake"]))]
    pub texts: Option<Vec<String>>,
    /// Points by option id, for `points`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"a": 60, "b": 40}))]
    pub points: Option<BTreeMap<String, u32>>,
}

/// The vote is durable and counted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Voted {
    /// The poll's place in its order after the vote.
    #[schema(example = 42)]
    pub seq: u64,
}

/// Which polls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PollQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// title, kind or status; with a minus before it from the last to the first. In the order of the sessions and of
    /// their runs of show when it is not given.
    #[param(example = "title")]
    pub sort: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<PollStatus>,
    /// Only those that ask for this.
    #[param(inline)]
    pub kind: Option<PollKind>,
    /// Only those of this session.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
}

/// A poll as its room shows it, and the room's name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({"id": "01H5XNDY7S3C9QRG8T4V2M6B0F", "title": "Tea or coffee?", "kind": "single",
        "options": [{"id": "a", "label": "Tea"}, {"id": "b", "label": "Coffee"}], "status": "draft", "round": 1,
        "anonymous": true, "results_policy": "always", "max_choices": 1, "room": "poll:01H5XNDY7S3C9QRG8T4V2M6B0F"}))]
pub struct PollOut(
    /// `id`, `title`, `kind`, `options`, `status`, `round`, `anonymous`, `results_policy`, `max_choices`, `room`, and more.
    pub Value,
);

impl PollOut {
    pub(super) const fn value(&self) -> &Value {
        &self.0
    }

    pub(super) fn new(room: RoomRef, mut state: Value) -> Self {
        let mut poll = state["poll"].take();
        poll["room"] = Value::String(room.to_string());
        Self(poll)
    }
}

/// A poll, its results and one's own vote, as on joining its room.
#[derive(Debug, Serialize, ToSchema)]
pub struct PollState {
    /// The poll.
    pub poll: PollOut,
    /// Its results; null while the caller may not see them.
    #[schema(value_type = Option<Object>, example = json!({"round": 1, "voters": 3, "options": [{"id": "a", "votes": 2}, {"id": "b", "votes": 1}]}))]
    pub results: Value,
    /// The caller's own vote; null without one.
    #[schema(value_type = Option<Object>, example = json!({"options": ["a"]}))]
    pub mine: Value,
}

impl PollState {
    pub(super) fn new(room: RoomRef, mut state: Value) -> Self {
        let (results, mine) = (state["results"].take(), state["mine"].take());
        Self { results, mine, poll: PollOut::new(room, state) }
    }
}

/// A poll's results and its status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({"round": 1, "voters": 3, "options": [{"id": "a", "votes": 2}, {"id": "b", "votes": 1}], "status": "closed"}))]
pub struct Results(
    /// `round`, `voters`, `status`, and by kind: `options`, `mean`, `median`, `histogram`, `words`, `answers`.
    pub Value,
);
