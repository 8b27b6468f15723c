//! What people are shown of a poll.

use super::ballot::Ballot;
use super::curation::Curation;
use super::decimal::Figure;
use super::state::{Poll, Round};
use super::tally::{Tally, Words};
use super::wire::{
    AnswerView, AuthorView, Bucket, Given, Kind, PollView, Ranked, ResultsView, Standing, StateView, Votes,
    WordView,
};
use super::words::WORD_CHARS;
use crate::engine::{Audience, Viewer};

/// How many words a cloud shows.
const WORDS_SHOWN: usize = 300;
/// How many answers are shown, the newest ones.
const ANSWERS_SHOWN: usize = 100;
/// How many answers moderators are shown.
const ANSWERS_MODERATED: usize = 500;

impl Poll {
    pub(super) fn state_view(&self, to: &Viewer<'_>) -> StateView {
        let past = || self.past.iter().map(|round| self.results_of(round, to.audience)).collect();
        StateView {
            poll: self.poll_view(),
            results: self.shows_results_to(to.audience).then(|| self.results_view(to.audience)),
            mine: self.round.ballots.get(&to.actor.participant).map(|ballot| ballot.mine(self)),
            past: (to.audience == Audience::Moderator && !self.past.is_empty()).then(past),
        }
    }

    pub(super) fn poll_view(&self) -> PollView {
        let settings = self.settings();
        PollView {
            id: self.id,
            title: settings.title.clone(),
            kind: settings.kind,
            options: self.choices.clone(),
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
        self.results_of(&self.round, to)
    }

    fn results_of(&self, of: &Round, to: Audience) -> ResultsView {
        let (round, voters) = (of.number, of.voters);
        let curation = of.curation.as_ref().unwrap_or(&self.curation);
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
                ResultsView::Words { round, voters, words: words_shown(words, curation, to) }
            }
            Tally::Answers(_) => {
                ResultsView::Answers { round, voters, answers: answers_shown(of, curation, to) }
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

fn words_shown(words: &Words, curation: &Curation, to: Audience) -> Vec<WordView> {
    let mut merged = if to == Audience::Moderator { curation.merged() } else { Default::default() };
    let shown = words.ranked().filter_map(|(word, count)| {
        let standing = seen(curation.word(word), to)?;
        let merged = merged.remove(word).unwrap_or_default();
        Some(WordView { text: word.to_owned(), count, standing, merged })
    });
    shown.take(WORDS_SHOWN).collect()
}

fn answers_shown(round: &Round, curation: &Curation, to: Audience) -> Vec<AnswerView> {
    let Tally::Answers(answers) = &round.tally else { return Vec::new() };
    let shown = answers.newest().filter_map(|by| {
        let Some(Ballot::Answer { id, text, author, .. }) = round.ballots.get(&by) else { return None };
        let standing = seen(curation.answer(*id), to)?;
        let author = author.as_ref().map(|name| AuthorView { id: by, name: String::from(&**name) });
        Some(AnswerView { id: *id, text: String::from(&**text), author, standing })
    });
    let most = if to == Audience::Moderator { ANSWERS_MODERATED } else { ANSWERS_SHOWN };
    let mut shown: Vec<AnswerView> = shown.take(most).collect();
    shown.reverse();
    shown
}
