//! What moderators may do. A question that one of them has claimed is left alone by the others.

use std::collections::BTreeSet;

use plenum_domain::text::clean;
use plenum_domain::{Id, Timestamp};

use super::asking::Decision;
use super::state::{Claim, Qa, Question};
use super::wire::{Configure, Edit, Fact, Merge, Moderation, Person, Reject, Rejection, Settings, Status};
use crate::engine::{Actor, Moment};

/// A claim ends after this time, so that a moderator who vanished blocks nobody, in milliseconds.
pub(super) const CLAIM_MS: i64 = 120_000;
/// The longest reason, in characters.
const MAX_REASON: usize = 280;
/// The range of the longest question, in characters.
const MAX_CHARS: (u32, u32) = (1, 2_000);
/// The range of open questions of one person.
const PER_PERSON: (u32, u32) = (1, 1_000);

impl Qa {
    pub(super) fn moderated(&self, by: &Actor, command: Moderation, at: &Moment) -> Decision {
        match command {
            Moderation::Approve(id) => self.approve(by, id, at),
            Moderation::Reject(reject) => self.reject(by, &reject, at),
            Moderation::Edit(edit) => self.edited(by, &edit, at),
            Moderation::Merge(merge) => self.merged(by, &merge, at),
            Moderation::Unmerge(id) => self.unmerged(by, id, at),
            Moderation::Pin(id) => self.pin(by, id, at),
            Moderation::Unpin(id) => self.unpin(by, id, at),
            Moderation::Answered(id) => self.answered(by, id, at),
            Moderation::Reopen(id) => self.reopen(by, id, at),
            Moderation::Claim(id) => self.claim(by, id, at),
            Moderation::Unclaim(id) => self.unclaim(by, id, at),
            Moderation::Configure(configure) => self.configure(by, &configure, at),
        }
    }

    /// The claim on a question that has not run out.
    pub(super) fn claim_on(&self, id: Id, now: Timestamp) -> Option<&Claim> {
        self.claims.get(&id).filter(|claim| claim.until > now)
    }

    /// The question, when no other moderator works on it.
    fn free(&self, by: &Actor, id: Id, at: &Moment) -> Result<&Question, Rejection> {
        match self.claim_on(id, at.now) {
            Some(claim) if claim.by.id != by.participant => Err(Rejection::ClaimedByOther(claim.by.clone())),
            _ => self.questions.get(&id).ok_or(Rejection::NotFound(id)),
        }
    }

    fn approve(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        let by_id = by.participant;
        match self.free(by, id, at)?.status {
            Status::Pending | Status::Rejected => Ok(vec![Fact::Approved { question: id, by: by_id }]),
            Status::Live => Ok(Vec::new()),
            status => Err(Rejection::WrongStatus(status)),
        }
    }

    fn reject(&self, by: &Actor, reject: &Reject, at: &Moment) -> Decision {
        let (question, by_id) = (reject.question, by.participant);
        let reason = reject.reason.as_deref().map(reason_of).transpose()?.flatten();
        match self.free(by, question, at)?.status {
            Status::Rejected => Ok(Vec::new()),
            status @ (Status::Withdrawn | Status::Merged) => Err(Rejection::WrongStatus(status)),
            _ => Ok(vec![Fact::Rejected { question, by: by_id, reason }]),
        }
    }

    /// Edit-then-allow: what waited is live with the new text.
    fn edited(&self, by: &Actor, edit: &Edit, at: &Moment) -> Decision {
        let (id, by_id) = (edit.question, by.participant);
        let question = self.free(by, id, at)?;
        if !question.is_open() {
            return Err(Rejection::WrongStatus(question.status));
        }
        let text = self.text(&edit.text)?;
        let edited = (text != question.text).then_some(Fact::Edited { question: id, by: by_id, text });
        let allowed =
            (question.status == Status::Pending).then_some(Fact::Approved { question: id, by: by_id });
        Ok(edited.into_iter().chain(allowed).collect())
    }

    fn merged(&self, by: &Actor, merge: &Merge, at: &Moment) -> Decision {
        let (into, by_id) = (merge.into, by.participant);
        let questions: BTreeSet<Id> = merge.questions.iter().copied().collect();
        if questions.is_empty() || questions.contains(&into) {
            return Err(Rejection::BadMerge("name one other question at least, and not the one that stays"));
        }
        for id in questions.iter().chain([&into]) {
            let question = self.free(by, *id, at)?;
            if !question.is_open() {
                return Err(Rejection::WrongStatus(question.status));
            }
        }
        let merged = questions.into_iter().map(|question| Fact::Merged { question, into, by: by_id });
        Ok(merged.chain([Fact::Recounted { question: into }]).collect())
    }

    fn unmerged(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        let question = self.free(by, id, at)?;
        let Some(into) = question.merged_into else { return Err(Rejection::WrongStatus(question.status)) };
        let mut facts = vec![Fact::Unmerged { question: id, by: by.participant }];
        let mut above = Some(into);
        while let Some(question) = above {
            facts.push(Fact::Recounted { question });
            above = self.questions.get(&question).and_then(|one| one.merged_into);
        }
        Ok(facts)
    }

    /// One question is pinned at most.
    fn pin(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        let by_id = by.participant;
        match self.free(by, id, at)?.status {
            Status::Live => {}
            Status::Pinned => return Ok(Vec::new()),
            status => return Err(Rejection::WrongStatus(status)),
        }
        let before = self.pinned().map(|question| Fact::Unpinned { question, by: by_id });
        Ok(before.into_iter().chain([Fact::Pinned { question: id, by: by_id }]).collect())
    }

    fn unpin(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        match self.free(by, id, at)?.status {
            Status::Pinned => Ok(vec![Fact::Unpinned { question: id, by: by.participant }]),
            Status::Live => Ok(Vec::new()),
            status => Err(Rejection::WrongStatus(status)),
        }
    }

    fn answered(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        match self.free(by, id, at)?.status {
            Status::Live | Status::Pinned => Ok(vec![Fact::Answered { question: id, by: by.participant }]),
            Status::Answered => Ok(Vec::new()),
            status => Err(Rejection::WrongStatus(status)),
        }
    }

    fn reopen(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        match self.free(by, id, at)?.status {
            Status::Answered => Ok(vec![Fact::Reopened { question: id, by: by.participant }]),
            Status::Live | Status::Pinned => Ok(Vec::new()),
            status => Err(Rejection::WrongStatus(status)),
        }
    }

    /// Claiming again makes the claim last longer.
    fn claim(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        let question = self.free(by, id, at)?;
        if !question.is_open() {
            return Err(Rejection::WrongStatus(question.status));
        }
        let by = Person { id: by.participant, name: by.name.clone() };
        Ok(vec![Fact::Claimed { question: id, by, until_ms: at.now.plus_ms(CLAIM_MS) }])
    }

    fn unclaim(&self, by: &Actor, id: Id, at: &Moment) -> Decision {
        self.free(by, id, at)?;
        let claimed = self.claims.contains_key(&id);
        Ok(claimed.then_some(Fact::Released { question: id }).into_iter().collect())
    }

    fn configure(&self, by: &Actor, change: &Configure, at: &Moment) -> Decision {
        let now = &self.settings;
        let next = Settings {
            premoderation: change.premoderation.unwrap_or(now.premoderation),
            anonymous: change.anonymous.unwrap_or(now.anonymous),
            open: change.open.unwrap_or(now.open),
            max_chars: change.max_chars.unwrap_or(now.max_chars),
            per_person_open: now.per_person_open,
        };
        checked(&next)?;
        let configured = (next != *now).then_some(Fact::Configured(next));
        let approved = self.order.iter().filter(|id| {
            let pending = self.questions.get(id).is_some_and(|one| one.status == Status::Pending);
            change.approve_pending && pending && self.free(by, **id, at).is_ok()
        });
        let approved = approved.map(|id| Fact::Approved { question: *id, by: by.participant });
        Ok(configured.into_iter().chain(approved).collect())
    }
}

fn reason_of(raw: &str) -> Result<Option<String>, Rejection> {
    use plenum_domain::text::BadText;
    match clean(raw, MAX_REASON) {
        Ok(reason) => Ok(Some(reason)),
        Err(BadText::Empty) => Ok(None),
        Err(BadText::TooLong { has, max }) => Err(Rejection::TooLong(has, max)),
    }
}

/// Whether the room can work with these settings.
pub(super) fn checked(settings: &Settings) -> Result<(), Rejection> {
    let fits = |field, value, (min, max)| match value {
        value if (min..=max).contains(&value) => Ok(()),
        _ => Err(Rejection::BadSetting(field, min, max)),
    };
    fits("max_chars", settings.max_chars, MAX_CHARS)?;
    fits("per_person_open", settings.per_person_open, PER_PERSON)
}
