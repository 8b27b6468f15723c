//! What may happen to a poll: its life, votes, and the moderators' hand on texts.

use plenum_domain::{Action, Id};

use super::ballot;
use super::decimal::Figure;
use super::settings;
use super::state::Poll;
use super::wire::{
    Command, Fact, Kind, MergeData, OpenData, Policy, Rejection, Settings, Standing, Status, Verdict,
    VoteData,
};
use super::words::normalise;
use crate::engine::{Actor, Moment};

type Decision = Result<Vec<Fact>, Rejection>;

/// The longest time after which a poll closes by itself: a day.
const CLOSES_MOST_MS: i64 = 24 * 60 * 60 * 1_000;
const ROUNDS: u32 = 100;
/// Words in one merge, and words that count as another one in all.
const MERGE_WORDS: usize = 100;
const MERGES: usize = 5_000;

impl Poll {
    pub(super) fn decide_on(&self, by: &Actor, command: Command, at: &Moment) -> Decision {
        if let Command::Vote(data) = command {
            return self.decide_vote(by, data, at);
        }
        by.may(Action::Moderate).map_err(Rejection::Forbidden)?;
        match command {
            Command::Vote(_) => Ok(Vec::new()),
            Command::Edit(settings) => self.decide_edit(*settings),
            Command::Open(data) => self.decide_open(data, at),
            Command::Close => self.decide_close(),
            Command::Reopen => self.decide_reopen(),
            Command::Reveal => self.decide_reveal(),
            Command::Reset => self.decide_reset(),
            Command::MergeWords(data) => self.decide_merge(&data),
            Command::UnmergeWords(data) => self.decide_unmerge(&data.words),
            Command::HideWord(data) => self.decide_word(&data.word, Verdict::Hidden),
            Command::ApproveWord(data) => self.decide_word(&data.word, Verdict::Approved),
            Command::HideAnswer(data) => self.decide_answer(data.answer, Verdict::Hidden),
            Command::ApproveAnswer(data) => self.decide_answer(data.answer, Verdict::Approved),
        }
    }

    fn decide_vote(&self, by: &Actor, data: VoteData, at: &Moment) -> Decision {
        by.may(Action::TakePart).map_err(Rejection::Forbidden)?;
        let late = self.closes_at.is_some_and(|closes_at| closes_at <= at.now);
        match self.status {
            Status::Draft => return Err(Rejection::NotOpen),
            Status::Open if !late => {}
            _ => return Err(Rejection::Closed),
        }
        let old = self.round.ballots.get(&by.participant);
        if old.is_some() && !self.settings().change_vote {
            return Err(Rejection::AlreadyVoted);
        }
        let ballot = ballot::read(self, data, by, at)?;
        if old.is_some_and(|old| old.says_same(&ballot)) {
            return Ok(Vec::new());
        }
        Ok(vec![Fact::Voted { by: by.participant, ballot }])
    }

    fn decide_edit(&self, settings: Settings) -> Decision {
        if self.status != Status::Draft {
            return Err(self.wrong_state("only a draft can be edited"));
        }
        let settings =
            settings::complete(settings).map_err(|refusal| Rejection::Settings(Box::new(refusal)))?;
        if self.was_open && !asks_same(self.settings(), &settings) {
            return Err(self.wrong_state("what it asks is fixed, as people voted on it in an earlier round"));
        }
        if settings == *self.settings() {
            return Ok(Vec::new());
        }
        Ok(vec![Fact::Edited(Box::new(settings)), Fact::Announced])
    }

    fn decide_open(&self, data: OpenData, at: &Moment) -> Decision {
        if data.closes_in_ms.is_some_and(|ms| !(1..=CLOSES_MOST_MS).contains(&ms)) {
            let why = format!("closes_in_ms is from 1 to {CLOSES_MOST_MS}");
            let limits = vec![("min", Figure::whole(1)), ("max", Figure::whole(CLOSES_MOST_MS))];
            return Err(Rejection::BadValue { why, limits });
        }
        match self.status {
            Status::Draft => {
                Ok(vec![Fact::Opened { closes_at: data.closes_in_ms.map(|ms| at.now.plus_ms(ms)) }])
            }
            Status::Open => Ok(Vec::new()),
            _ => Err(self.wrong_state("reopen it to go on, or reset it for a new round")),
        }
    }

    fn decide_close(&self) -> Decision {
        match self.status {
            Status::Draft => Err(self.wrong_state("open it first")),
            Status::Open => Ok(vec![Fact::Closed, Fact::Announced]),
            Status::Closed | Status::Revealed => Ok(Vec::new()),
        }
    }

    /// Voting may go on as long as the closing has not shown the results to those who would vote.
    fn decide_reopen(&self) -> Decision {
        match self.status {
            Status::Draft => Err(self.wrong_state("open it first")),
            Status::Open => Ok(Vec::new()),
            Status::Closed if self.settings().results != Policy::AfterClose => Ok(vec![Fact::Reopened]),
            _ => Err(self.wrong_state("its results were shown: reset it for a new round")),
        }
    }

    fn decide_reveal(&self) -> Decision {
        match self.status {
            Status::Draft => Err(self.wrong_state("open it first")),
            Status::Open => Ok(vec![Fact::Closed, Fact::Revealed, Fact::Announced]),
            Status::Closed => Ok(vec![Fact::Revealed, Fact::Announced]),
            Status::Revealed => Ok(Vec::new()),
        }
    }

    fn decide_reset(&self) -> Decision {
        match self.status {
            Status::Draft => Ok(Vec::new()),
            _ if self.round.number >= ROUNDS => Err(Rejection::TooManyRounds(ROUNDS)),
            _ => Ok(vec![Fact::Reset, Fact::Announced]),
        }
    }

    fn decide_merge(&self, data: &MergeData) -> Decision {
        self.needs_kind(Kind::Wordcloud, "wordcloud")?;
        let has = data.words.len();
        if has == 0 || has > MERGE_WORDS || self.curation.merges() + has > MERGES {
            let why = format!("one merge takes 1 to {MERGE_WORDS} words, and a poll {MERGES} in all");
            return Err(Rejection::BadValue {
                why,
                limits: vec![("max", Figure::whole(MERGE_WORDS as i64))],
            });
        }
        let (into, words) = (normalise(&data.into)?, normalised(&data.words)?);
        let words: Vec<String> = words.into_iter().filter(|word| self.curation.head(word) != into).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Fact::WordsMerged { into, words }])
    }

    fn decide_unmerge(&self, words: &[String]) -> Decision {
        self.needs_kind(Kind::Wordcloud, "wordcloud")?;
        let mut words = normalised(words)?;
        words.retain(|word| self.curation.head(word) != word);
        if words.is_empty() { Ok(Vec::new()) } else { Ok(vec![Fact::WordsUnmerged { words }]) }
    }

    fn decide_word(&self, word: &str, verdict: Verdict) -> Decision {
        self.needs_kind(Kind::Wordcloud, "wordcloud")?;
        let word = normalise(word)?;
        let word = self.curation.head(&word).to_owned();
        if !self.has_word(&word) {
            return Err(Rejection::UnknownWord(word));
        }
        if self.curation.word(&word) == shown_as(verdict) {
            return Ok(Vec::new());
        }
        Ok(vec![Fact::WordJudged { word, verdict }])
    }

    fn decide_answer(&self, answer: Id, verdict: Verdict) -> Decision {
        self.needs_kind(Kind::Open, "open")?;
        if !self.has_answer(answer) {
            return Err(Rejection::UnknownAnswer(answer));
        }
        if self.curation.answer(answer) == shown_as(verdict) {
            return Ok(Vec::new());
        }
        Ok(vec![Fact::AnswerJudged { answer, verdict }])
    }

    fn needs_kind(&self, kind: Kind, name: &'static str) -> Result<(), Rejection> {
        if self.settings().kind == kind { Ok(()) } else { Err(Rejection::WrongKind(name)) }
    }

    const fn wrong_state(&self, why: &'static str) -> Rejection {
        Rejection::WrongState { status: self.status, why }
    }
}

/// Whether two settings ask the same, so that the rounds can be compared.
fn asks_same(one: &Settings, other: &Settings) -> bool {
    let asked = |settings: &Settings| Settings {
        title: String::new(),
        results: Policy::Always,
        change_vote: false,
        banned: Vec::new(),
        moderated: false,
        ..settings.clone()
    };
    asked(one) == asked(other)
}

const fn shown_as(verdict: Verdict) -> Standing {
    match verdict {
        Verdict::Approved => Standing::Shown,
        Verdict::Hidden => Standing::Hidden,
    }
}

fn normalised(words: &[String]) -> Result<Vec<String>, Rejection> {
    if words.is_empty() || words.len() > MERGE_WORDS {
        return Err(too_many_merges(MERGE_WORDS));
    }
    words.iter().map(|word| normalise(word)).collect()
}

fn too_many_merges(max: usize) -> Rejection {
    let why = format!("1 to {MERGE_WORDS} words are merged or parted at a time, and {MERGES} in all");
    Rejection::BadValue { why, limits: vec![("max", Figure::whole(max as i64))] }
}
