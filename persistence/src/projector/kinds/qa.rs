//! Questions, without who supports them, and without who asked when that was anonymous.

use plenum_domain::activity::Deed;
use plenum_rooms::engine::{Audience, Numbered, Room};
use plenum_rooms::kinds::qa::Qa;
use plenum_rooms::kinds::qa::wire::{Fact, QuestionView, View};

use super::{json, word};
use crate::projector::folded::{Place, Project, Secrecy};
use crate::projector::rows::Rows;
use crate::store::StoredQuestion;
use crate::store::questions::{QuestionRow, SupportRow};

impl Project for Qa {
    fn at_end(&self, place: &Place, facts: &[Numbered<Fact>], rows: &mut Rows) {
        let seq = place.seq();
        for told in self.tell(facts, Audience::Moderator) {
            match told.view {
                View::Question(question) => rows.questions.push(question_row(place, *question, seq)),
                View::Votes { votes, .. } => {
                    let tenant = place.scope.tenant;
                    let row =
                        |(question, votes)| SupportRow { tenant, question, votes: i64::from(votes), seq };
                    rows.support.extend(votes.into_iter().map(row));
                }
                View::State(_) | View::Settings(_) | View::Mine { .. } => {}
            }
        }
    }

    fn deed(fact: &Fact) -> Option<Deed> {
        match fact {
            Fact::Asked { .. } => Some(Deed::Question),
            Fact::Voted { up: true, .. } => Some(Deed::Support),
            _ => None,
        }
    }

    /// Who takes a question back is who asked it.
    fn secrecy(&self) -> Secrecy<Fact> {
        Box::new(|fact| {
            matches!(fact, Fact::Asked { author: None, .. } | Fact::Voted { .. } | Fact::Withdrawn { .. })
        })
    }
}

fn question_row(place: &Place, question: QuestionView, seq: i64) -> QuestionRow {
    let question = StoredQuestion {
        id: question.id,
        tenant: place.scope.tenant,
        conference: place.scope.conference,
        session: place.scope.session.unwrap_or(place.room.id),
        status: word(&json(&question.status)),
        text: question.text,
        votes: i64::from(question.votes),
        author_id: question.author.as_ref().map(|author| author.id),
        author_name: question.author.map(|author| author.name),
        asked: question.asked_ms,
        reason: question.reason,
        edited: question.edited,
        merged_into: question.merged_into,
    };
    QuestionRow { question, seq }
}
