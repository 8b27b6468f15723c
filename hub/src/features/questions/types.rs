//! What questions take and give. The rules are the room's; here is only their form.

use plenum_domain::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

/// Which questions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct QuestionQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// votes, score or asked_ms; with a minus before it from the last to the first. As asked when it is not given.
    #[param(example = "-votes")]
    pub sort: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<QuestionStatus>,
    /// Only those of this session.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
}

/// Where a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionStatus {
    /// It waits for a moderator.
    Pending,
    /// Everyone sees it.
    Live,
    /// Everyone sees it first.
    Pinned,
    /// It was answered.
    Answered,
    /// A moderator refused it.
    Rejected,
    /// Its asker took it back.
    Withdrawn,
    /// It is part of another one.
    Merged,
}

/// A question to ask.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The question.
    #[schema(example = "Will the slides be published?")]
    pub text: String,
    /// Whether the asker's name is hidden; false when it is left out.
    #[serde(default)]
    #[schema(example = false)]
    pub anonymous: bool,
}

/// A question to ask in a session of a conference.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskIn {
    /// The session; its rooms are open.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Id,
    /// The question.
    #[schema(example = "Will the slides be published?")]
    pub text: String,
    /// Whether the asker's name is hidden; false when it is left out.
    #[serde(default)]
    #[schema(example = false)]
    pub anonymous: bool,
}

/// What to do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Support it.
    Vote,
    /// Support it no longer.
    Unvote,
    /// Take one's own question back.
    Withdraw,
    /// Let it be seen.
    Approve,
    /// Refuse it, with a reason for the asker.
    Reject,
    /// Change its text, and let it be seen.
    Edit,
    /// Put it first.
    Pin,
    /// Put it back.
    Unpin,
    /// It was answered.
    Answered,
    /// It was not, after all.
    Reopen,
    /// Take it on, so that no other moderator does.
    Claim,
    /// Leave it to others.
    Unclaim,
    /// Make the named questions part of it.
    Merge,
    /// Let it stand for itself again.
    Unmerge,
}

/// What some acts need.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActOn {
    /// For `reject`: why, for the asker.
    #[schema(example = "Asked already")]
    pub reason: Option<String>,
    /// For `edit`: how it reads from now on.
    #[schema(example = "Will the slides be online?")]
    pub text: Option<String>,
    /// For `merge`: the questions that become part of it.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!([]))]
    pub questions: Vec<Id>,
}

impl Act {
    /// The command to the room, and its data.
    pub(super) fn command(self, question: Id, with: ActOn) -> (&'static str, Value) {
        let one = json!({"question": question});
        match self {
            Self::Vote => ("qa.vote", json!({"question": question, "up": true})),
            Self::Unvote => ("qa.vote", json!({"question": question, "up": false})),
            Self::Withdraw => ("qa.withdraw", one),
            Self::Approve => ("qa.approve", one),
            Self::Reject => ("qa.reject", json!({"question": question, "reason": with.reason})),
            Self::Edit => ("qa.edit", json!({"question": question, "text": with.text.unwrap_or_default()})),
            Self::Pin => ("qa.pin", one),
            Self::Unpin => ("qa.unpin", one),
            Self::Answered => ("qa.answered", one),
            Self::Reopen => ("qa.reopen", one),
            Self::Claim => ("qa.claim", one),
            Self::Unclaim => ("qa.unclaim", one),
            Self::Merge => ("qa.merge", json!({"into": question, "questions": with.questions})),
            Self::Unmerge => ("qa.unmerge", one),
        }
    }
}

/// A question as its room shows it, and its session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({"id": "01H5XNDY7S3C9QRG8T4V2M6B0F", "text": "Will the slides be published?", "status": "live",
        "votes": 3, "author": {"id": "01H5XNDY7S3C9QRG8T4V2M6B0F", "name": "Noor"}, "asked_ms": 1_763_800_000_000_i64,
        "claimed_by": null, "reason": null, "session_id": "01H5XNDY7S3C9QRG8T4V2M6B0F"}))]
pub struct QuestionOut(
    /// `id`, `text`, `status`, `votes`, `author`, `asked_ms`, `claimed_by`, `reason`, `session_id`.
    Value,
);

impl QuestionOut {
    pub(super) fn new(session: Id, mut question: Value) -> Self {
        question["session_id"] = json!(session);
        Self(question)
    }

    pub(super) const fn value(&self) -> &Value {
        &self.0
    }

    pub(super) fn is(&self, id: Id) -> bool {
        self.0["id"].as_str().and_then(|text| text.parse().ok()) == Some(id)
    }
}
