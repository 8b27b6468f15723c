//! Polls: the poll itself, results by round, and votes when they are not anonymous.

use plenum_domain::activity::Deed;
use plenum_rooms::engine::{Numbered, Room};
use plenum_rooms::kinds::poll::Poll;
use plenum_rooms::kinds::poll::wire::{Fact, PollView, ResultsView, StateView, View};

use super::{json, word};
use crate::projector::folded::{Place, Project, Secrecy, moderators_state};
use crate::projector::rows::Rows;
use crate::store::polls::{PollRow, ResetRow, ResultsRow, VoteRow};
use crate::store::{StoredPoll, StoredResults};

impl Project for Poll {
    fn at_end(&self, place: &Place, facts: &[Numbered<Fact>], rows: &mut Rows) {
        let state = state_of(self);
        rows.polls.push(poll_row(place, &state.poll));
        let ended = facts.iter().any(|one| one.fact == Fact::Reset);
        let past = state.past.iter().flatten().filter(|_| ended);
        rows.results.extend(past.chain(&state.results).map(|results| results_row(place, results)));
        let resets = facts.iter().filter(|one| one.fact == Fact::Reset);
        rows.resets.extend(resets.map(|one| reset_row(place, one.seq)));
        if !state.poll.anonymous {
            rows.votes.extend(vote_rows(self, place, facts));
        }
    }

    fn deed(fact: &Fact) -> Option<Deed> {
        matches!(fact, Fact::Voted { .. }).then_some(Deed::Vote)
    }

    /// Whether a poll is anonymous is fixed when it first opens, so before there is a vote.
    fn secrecy(&self) -> Secrecy<Fact> {
        let anonymous = state_of(self).poll.anonymous;
        Box::new(move |fact| anonymous && matches!(fact, Fact::Voted { .. }))
    }
}

fn state_of(poll: &Poll) -> StateView {
    match moderators_state(poll) {
        View::State(state) => *state,
        other => unreachable!("a poll's state is a state, not {other:?}"),
    }
}

fn poll_row(place: &Place, poll: &PollView) -> PollRow {
    let view = json(poll);
    let poll = StoredPoll {
        id: place.room.id,
        tenant: place.scope.tenant,
        conference: place.scope.conference,
        session: place.scope.session,
        title: poll.title.clone(),
        kind: word(&view["kind"]),
        status: word(&view["status"]),
        round: i64::from(poll.round),
        anonymous: poll.anonymous,
        poll: view,
    };
    PollRow { poll, seq: place.seq() }
}

fn results_row(place: &Place, results: &ResultsView) -> ResultsRow {
    let results = json(results);
    let number = |name: &str| results[name].as_i64().unwrap_or_default();
    let results = StoredResults { round: number("round"), voters: number("voters"), results };
    ResultsRow { poll: place.room.id, tenant: place.scope.tenant, results, seq: place.seq() }
}

fn reset_row(place: &Place, seq: u64) -> ResetRow {
    ResetRow { poll: place.room.id, tenant: place.scope.tenant, seq: seq.cast_signed() }
}

/// The votes, each as its voter is told of it: in the words of `poll.vote`.
fn vote_rows(poll: &Poll, place: &Place, facts: &[Numbered<Fact>]) -> Vec<VoteRow> {
    let row = |vote: &Numbered<Fact>| {
        let Fact::Voted { by, .. } = vote.fact else { return None };
        let mut told = poll.whisper(std::slice::from_ref(vote)).into_iter().map(|whisper| whisper.view);
        let mine = told.find(|view| matches!(view, View::Mine(Some(_))))?;
        Some(VoteRow {
            poll: place.room.id,
            tenant: place.scope.tenant,
            seq: vote.seq.cast_signed(),
            voter: by,
            choice: json(&mine),
            at: vote.at,
        })
    };
    facts.iter().filter_map(row).collect()
}
