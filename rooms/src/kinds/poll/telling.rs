//! Who is told what, when: one push of the status, one digest of the results.

use super::state::Poll;
use super::wire::{Fact, View};
use crate::engine::{Audience, Numbered, Told, Whisper};

impl Fact {
    /// Whether the poll object is another one after it.
    const fn changes_status(&self) -> bool {
        matches!(
            self,
            Self::Edited(_)
                | Self::Opened { .. }
                | Self::Reopened
                | Self::Closed
                | Self::Revealed
                | Self::Reset
        )
    }

    /// Whether the settings or the rounds of the past are other ones after it.
    const fn changes_draft(&self) -> bool {
        matches!(self, Self::Edited(_) | Self::Reset)
    }

    /// Whether results are other ones after it, or others may see them.
    const fn changes_results(&self) -> bool {
        matches!(
            self,
            Self::Announced
                | Self::Voted { .. }
                | Self::WordsMerged { .. }
                | Self::WordsUnmerged { .. }
                | Self::WordJudged { .. }
                | Self::AnswerJudged { .. }
        )
    }
}

impl Poll {
    /// The pushes for an audience. Both hold what is true now, so the one for the status may go first whatever came
    /// last; each covers at least one fact of its own.
    pub(super) fn pushes(&self, facts: &[Numbered<Fact>], to: Audience) -> Vec<Told<View>> {
        if to == Audience::Moderator && facts.iter().any(|one| one.fact.changes_draft()) {
            return self.draft_told(facts).into_iter().collect();
        }
        let last_of = |is: fn(&Fact) -> bool| facts.iter().rev().find(|one| is(&one.fact)).map(|one| one.seq);
        let last = facts.last().map_or(0, |one| one.seq);
        let results = last_of(Fact::changes_results).filter(|_| self.shows_results_to(to)).map(|_| last);
        let status = last_of(Fact::changes_status).map(|seq| results.map_or(seq, |last| seq.min(last - 1)));
        let status = status.map(|seq| (seq, "poll.status", View::Status(Box::new(self.poll_view(to)))));
        let results = results.map(|seq| (seq, "poll.results", View::Results(self.results_view(to))));
        status.into_iter().chain(results).map(|(seq, ev, view)| Told { seq, ev, view }).collect()
    }

    /// Moderators hold the settings and the rounds of the past as well. Both change in drafts only, and a change there is
    /// told at once: nobody has voted in this round yet, so one state is everyone's.
    fn draft_told(&self, facts: &[Numbered<Fact>]) -> Option<Told<View>> {
        let view = View::State(Box::new(self.draft_view(Audience::Moderator)));
        facts.last().map(|last| Told { seq: last.seq, ev: "poll.state", view })
    }

    /// Each voter's own vote of this round, for the voter's other sockets.
    pub(super) fn own_votes(&self, facts: &[Numbered<Fact>]) -> Vec<Whisper<View>> {
        let ended = facts.iter().rposition(|one| one.fact == Fact::Reset).map_or(0, |reset| reset + 1);
        let mine = |one: &Numbered<Fact>| match &one.fact {
            Fact::Voted { by, ballot } => Some(Whisper {
                to: *by,
                skip: one.origin,
                ev: "poll.mine",
                view: View::Mine(Some(ballot.mine(self))),
            }),
            _ => None,
        };
        facts[ended..].iter().filter_map(mine).collect()
    }
}
