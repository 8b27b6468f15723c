//! What people are shown of a poll.

use std::collections::BTreeMap;

use super::ballot::Ballot;
use super::curation::Curation;
use super::decimal::Figure;
use super::state::{Past, Poll, Round};
use super::tally::{Tally, Words};
use super::wire::{
    AnswerView, AuthorView, Bucket, Given, Kind, PollView, Ranked, ResultsView, Standing, StateView, Status,
    Votes, WordView,
};
use super::words::WORD_CHARS;
use crate::engine::{Audience, Viewer};

/// How much of a list of texts is shown. Moderators are shown some that wait beyond it, so that none waits unseen.
struct Window {
    texts: usize,
    waiting: usize,
    bytes: usize,
}

/// The words of a cloud, most frequent first.
const WORDS: Window = Window { texts: 300, waiting: 200, bytes: 64 * 1024 };
/// Answers, newest first.
const ANSWERS: Window = Window { texts: 100, waiting: 0, bytes: 32 * 1024 };
/// The same for moderators.
const ANSWERS_MODERATED: Window = Window { texts: 300, waiting: 200, bytes: 96 * 1024 };
/// Texts of one round of the past.
const PAST: Window = Window { texts: 30, waiting: 0, bytes: 4 * 1024 };
/// How many rounds of the past are shown, the latest ones.
const PAST_ROUNDS: usize = 10;

impl Poll {
    pub(super) fn state_view(&self, to: &Viewer<'_>) -> StateView {
        let mine = self.round.ballots.get(&to.actor.participant).map(|ballot| ballot.mine(self));
        StateView { mine, ..self.draft_view(to.audience) }
    }

    /// The state of someone who has not voted in this round.
    pub(super) fn draft_view(&self, to: Audience) -> StateView {
        let moderates = to == Audience::Moderator;
        StateView {
            poll: self.poll_view(to),
            results: self.shows_results_to(to).then(|| self.results_view(to)),
            mine: None,
            past: (moderates && !self.past.is_empty()).then(|| self.past_views()),
            settings: moderates.then(|| Box::new(self.settings().clone())),
        }
    }

    /// The poll. What it will ask is shown to its moderators alone until it is opened: a draft's title can give it away.
    pub(super) fn poll_view(&self, to: Audience) -> PollView {
        let settings = self.settings();
        let is_secret = to != Audience::Moderator && self.status == Status::Draft && self.round.number == 1;
        PollView {
            id: self.id,
            title: if is_secret { String::new() } else { settings.title.clone() },
            kind: settings.kind,
            options: if is_secret { Vec::new() } else { self.choices.clone() },
            status: self.status,
            round: self.round.number,
            anonymous: settings.anonymous,
            results_policy: settings.results,
            max_choices: settings.max_choices,
            change_vote: settings.change_vote,
            moderated: settings.moderated,
            closes_at_ms: self.closes_at,
            min: settings.min.map(Figure::from),
            max: settings.max.map(Figure::from),
            budget: settings.budget,
            step: settings.step,
            max_words: settings.max_words,
            max_chars: match settings.kind {
                Kind::Wordcloud => Some(WORD_CHARS as u32),
                _ => settings.max_chars,
            },
        }
    }

    /// This round's results, for an audience that may see them.
    pub(super) fn results_view(&self, to: Audience) -> ResultsView {
        let answers = if to == Audience::Moderator { &ANSWERS_MODERATED } else { &ANSWERS };
        self.results_of(&self.round, &self.curation, to, [&WORDS, answers])
    }

    fn past_views(&self) -> Vec<ResultsView> {
        let latest = self.past.iter().skip(self.past.len().saturating_sub(PAST_ROUNDS));
        let view =
            |ended: &Past| self.results_of(&ended.round, &ended.curation, Audience::Moderator, [&PAST; 2]);
        latest.map(view).collect()
    }

    fn results_of(
        &self,
        of: &Round,
        curation: &Curation,
        to: Audience,
        [of_words, of_answers]: [&Window; 2],
    ) -> ResultsView {
        let (round, voters) = (of.number, of.voters);
        let ids = || self.choices.iter().map(|choice| choice.id.clone());
        match &of.tally {
            Tally::Choices(counts) => {
                ResultsView::Choices { round, voters, options: votes(ids(), counts.sums()) }
            }
            Tally::Rating(counts, min) => {
                let valued = || (i64::from(*min)..).zip(counts.sums());
                let sum: i64 = valued().map(|(value, count)| value * 1_000 * count as i64).sum();
                ResultsView::Rating {
                    round,
                    voters,
                    options: votes(ids(), counts.sums()),
                    mean: Figure::mean(sum, voters),
                    histogram: valued().map(bucket).collect(),
                }
            }
            Tally::Ranking(ranking) => {
                let ranked = |(id, (points, first))| Ranked {
                    id,
                    points,
                    first,
                    mean: Figure::mean(points as i64 * 1_000, voters),
                };
                ResultsView::Ranking {
                    round,
                    voters,
                    options: ids().zip(ranking.sums()).map(ranked).collect(),
                }
            }
            Tally::Points(counts) => {
                let options = ids().zip(counts.sums()).map(|(id, points)| Given { id, points }).collect();
                ResultsView::Points { round, voters, options }
            }
            Tally::Words(words) => {
                ResultsView::Words { round, voters, words: words_shown(words, curation, to, of_words) }
            }
            Tally::Answers(_) => {
                ResultsView::Answers { round, voters, answers: answers_shown(of, curation, to, of_answers) }
            }
            Tally::Numbers(numbers) => ResultsView::Numeric {
                round,
                voters,
                mean: numbers.mean(),
                median: numbers.median(),
                histogram: numbers.histogram(),
            },
        }
    }

    /// Whether someone sent this word in this round, or a moderator judged it before.
    pub(super) fn has_word(&self, word: &str) -> bool {
        let sent = matches!(&self.round.tally, Tally::Words(words) if words.count(word) > 0);
        sent || self.curation.knows(word)
    }
}

fn votes(ids: impl Iterator<Item = String>, sums: impl Iterator<Item = u64>) -> Vec<Votes> {
    ids.zip(sums).map(|(id, votes)| Votes { id, votes }).collect()
}

fn bucket((value, count): (i64, u64)) -> Bucket {
    Bucket { value: Figure::whole(value), to: None, count }
}

/// Whether an audience sees a text, and what it is told of its standing.
fn seen(standing: Standing, to: Audience) -> Option<Option<Standing>> {
    match to {
        Audience::Moderator => Some(Some(standing)),
        _ => (standing == Standing::Shown).then_some(None),
    }
}

impl Window {
    /// The texts of `all` that fall into the window, in the same order.
    fn of<T>(&self, all: impl Iterator<Item = (T, usize, Option<Standing>)>) -> Vec<T> {
        let (mut texts, mut waiting, mut left) = (self.texts, self.waiting, self.bytes);
        let mut shown = Vec::new();
        for (text, bytes, standing) in all {
            if (texts == 0 && waiting == 0) || bytes > left {
                break;
            }
            if texts == 0 && standing != Some(Standing::Pending) {
                continue;
            }
            let places = if texts > 0 { &mut texts } else { &mut waiting };
            *places -= 1;
            left -= bytes;
            shown.push(text);
        }
        shown
    }
}

fn words_shown(words: &Words, curation: &Curation, to: Audience, window: &Window) -> Vec<WordView> {
    let mut merged = if to == Audience::Moderator { curation.merged() } else { BTreeMap::new() };
    window.of(words.ranked().filter_map(|(word, count)| {
        let standing = seen(curation.word(word), to)?;
        let merged = merged.remove(word).unwrap_or_default();
        let bytes = word.len() + merged.iter().map(String::len).sum::<usize>();
        Some((WordView { text: word.to_owned(), count, standing, merged }, bytes, standing))
    }))
}

fn answers_shown(round: &Round, curation: &Curation, to: Audience, window: &Window) -> Vec<AnswerView> {
    let Tally::Answers(answers) = &round.tally else { return Vec::new() };
    let mut shown = window.of(answers.newest().filter_map(|by| {
        let Some(Ballot::Answer { id, text, author, .. }) = round.ballots.get(&by) else { return None };
        let standing = seen(curation.answer(*id), to)?;
        let bytes = text.len() + author.as_ref().map_or(0, |name| name.len());
        let author = author.as_ref().map(|name| AuthorView { id: by, name: String::from(&**name) });
        Some((AnswerView { id: *id, text: String::from(&**text), author, standing }, bytes, standing))
    }));
    shown.reverse();
    shown
}
