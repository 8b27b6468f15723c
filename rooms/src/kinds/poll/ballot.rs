//! What one person voted, and how it is read from what was sent.

use std::collections::{BTreeMap, BTreeSet};

use plenum_domain::{Id, text};
use serde::{Deserialize, Serialize};

use super::decimal::{Decimal, Figure};
use super::settings::ends;
use super::state::Poll;
use super::wire::{Kind, MineView, Rejection, VoteData};
use super::words;
use crate::engine::{Actor, Moment};

/// A vote. Options are numbered in the poll's order, which is fixed from the first opening on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ballot {
    /// Options; best first when they are ranked.
    Choices(Box<[u8]>),
    /// A value of the scale.
    Rating(i32),
    /// Points by option; none of them 0.
    Points(Box<[(u8, u32)]>),
    /// Different words, in their normal form.
    Words(Box<[Box<str>]>),
    /// An answer.
    Answer {
        /// Its id.
        id: Id,
        /// Its place in the order of arrival.
        place: u64,
        /// What was written.
        text: Box<str>,
        /// The writer's name; none in an anonymous poll.
        author: Option<Box<str>>,
    },
    /// A number, in thousandths.
    Number(i64),
}

impl Ballot {
    /// Whether the two say the same, whenever they were sent.
    pub(super) fn says_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Answer { text: one, .. }, Self::Answer { text: other, .. }) => one == other,
            _ => self == other,
        }
    }

    /// The vote in the words of `poll.vote`.
    pub(super) fn mine(&self, poll: &Poll) -> MineView {
        let id = |place: u8| poll.option_id(place).to_owned();
        let mut mine = MineView::default();
        match self {
            Self::Choices(chosen) => mine.options = Some(chosen.iter().map(|place| id(*place)).collect()),
            Self::Rating(value) => mine.value = Some(Figure::whole(i64::from(*value))),
            Self::Number(thousandths) => mine.value = Some(Figure::from_thousandths(*thousandths)),
            Self::Points(given) => {
                mine.points = Some(given.iter().map(|(place, points)| (id(*place), *points)).collect());
            }
            Self::Words(words) => {
                mine.text = Some(words.join(", "));
                mine.texts = Some(words.iter().map(|word| String::from(&**word)).collect());
            }
            Self::Answer { text, .. } => mine.text = Some(String::from(&**text)),
        }
        mine
    }
}

/// Reads a vote for `poll`.
///
/// # Errors
/// What is wrong with it, and the limit.
pub(super) fn read(poll: &Poll, data: VoteData, by: &Actor, at: &Moment) -> Result<Ballot, Rejection> {
    only_field(poll.settings().kind, &data)?;
    match poll.settings().kind {
        Kind::Single | Kind::Multiple | Kind::Ranking => choices(poll, &data.options.unwrap_or_default()),
        Kind::Points => points(poll, &data.points.unwrap_or_default()),
        Kind::Rating => rating(poll, data.value),
        Kind::Numeric => number(poll, data.value),
        Kind::Wordcloud => cloud(poll, data.text.as_deref(), data.texts.unwrap_or_default()),
        Kind::Open => answer(poll, &data.text.unwrap_or_default(), by, at),
    }
}

/// A vote says one thing, in the field of the poll's kind.
fn only_field(kind: Kind, data: &VoteData) -> Result<(), Rejection> {
    let given = [
        ("options", data.options.is_some()),
        ("value", data.value.is_some()),
        ("text", data.text.is_some()),
        ("texts", data.texts.is_some()),
        ("points", data.points.is_some()),
    ];
    let takes: &[&str] = match kind {
        Kind::Single | Kind::Multiple | Kind::Ranking => &["options"],
        Kind::Points => &["points"],
        Kind::Rating | Kind::Numeric => &["value"],
        Kind::Wordcloud => &["text", "texts"],
        Kind::Open => &["text"],
    };
    let mut given = given.iter().filter(|(_, is_given)| *is_given);
    match (given.next(), given.next()) {
        (Some((field, _)), None) if takes.contains(field) => Ok(()),
        _ => Err(bad(format!("a vote in this poll has one field: {}", takes.join(" or ")))),
    }
}

fn choices(poll: &Poll, ids: &[String]) -> Result<Ballot, Rejection> {
    let max = poll.settings().max_choices.unwrap_or(1);
    if ids.is_empty() {
        return Err(bad("a vote names at least one option"));
    }
    if ids.len() > max as usize {
        return Err(Rejection::TooManyChoices { max });
    }
    let mut chosen = ids.iter().map(|id| poll.place_of(id)).collect::<Result<Vec<u8>, _>>()?;
    if chosen.iter().collect::<BTreeSet<_>>().len() < chosen.len() {
        return Err(bad("a vote names each option once"));
    }
    if poll.settings().kind != Kind::Ranking {
        chosen.sort_unstable();
    }
    Ok(Ballot::Choices(chosen.into()))
}

fn points(poll: &Poll, given: &BTreeMap<String, u32>) -> Result<Ballot, Rejection> {
    let (budget, step) = (poll.settings().budget.unwrap_or(100), poll.settings().step.unwrap_or(1));
    let spent: u64 = given.values().map(|points| u64::from(*points)).sum();
    let limits = || vec![("budget", Figure::whole(budget.into())), ("step", Figure::whole(step.into()))];
    if spent == 0 || spent > u64::from(budget) {
        let why = format!("a vote gives 1 to {budget} points, not {spent}");
        return Err(Rejection::BadValue { why, limits: limits() });
    }
    if given.values().any(|points| points % step != 0) {
        let why = format!("points are given in multiples of {step}");
        return Err(Rejection::BadValue { why, limits: limits() });
    }
    let placed = given.iter().map(|(id, points)| Ok((poll.place_of(id)?, *points)));
    let mut placed = placed.collect::<Result<Vec<(u8, u32)>, Rejection>>()?;
    placed.retain(|(_, points)| *points > 0);
    placed.sort_unstable();
    Ok(Ballot::Points(placed.into()))
}

fn rating(poll: &Poll, value: Option<Decimal>) -> Result<Ballot, Rejection> {
    let (min, max) = ends(poll.settings());
    let value = value.and_then(Decimal::as_whole).filter(|value| (min..=max).contains(value));
    value.map(|value| Ballot::Rating(value as i32)).ok_or_else(|| Rejection::BadValue {
        why: format!("the value is a whole number from {min} to {max}"),
        limits: vec![("min", Figure::whole(min)), ("max", Figure::whole(max))],
    })
}

fn number(poll: &Poll, value: Option<Decimal>) -> Result<Ballot, Rejection> {
    let (min, max) = (poll.settings().min, poll.settings().max);
    let within = |value: &Decimal| min.is_none_or(|min| *value >= min) && max.is_none_or(|max| *value <= max);
    value.filter(within).map(|value| Ballot::Number(value.thousandths())).ok_or_else(|| {
        let named = [("min", min), ("max", max)];
        let limits: Vec<_> = named.into_iter().filter_map(|(name, end)| Some((name, end?.into()))).collect();
        let text = |end: Option<Decimal>| end.map_or_else(|| "any".to_owned(), |end| end.to_string());
        Rejection::BadValue { why: format!("the value is from {} to {}", text(min), text(max)), limits }
    })
}

fn cloud(poll: &Poll, text: Option<&str>, texts: Vec<String>) -> Result<Ballot, Rejection> {
    let raw = text.into_iter().flat_map(words::split).chain(texts.iter().map(String::as_str));
    let max = poll.settings().max_words.unwrap_or(1);
    let mut sent: Vec<Box<str>> = Vec::new();
    for raw in raw {
        let word = words::normalise(raw)?;
        refuse_banned(poll, &word)?;
        if !sent.iter().any(|known| **known == *word) {
            sent.push(word.into());
        }
        if sent.len() > max as usize {
            return Err(Rejection::TooManyWords { max });
        }
    }
    if sent.is_empty() {
        return Err(Rejection::BadText("a vote holds at least one word"));
    }
    Ok(Ballot::Words(sent.into()))
}

fn answer(poll: &Poll, raw: &str, by: &Actor, at: &Moment) -> Result<Ballot, Rejection> {
    let max = poll.settings().max_chars.unwrap_or_default() as usize;
    let text = text::clean(raw, max).map_err(|why| match why {
        text::BadText::Empty => Rejection::BadText("the answer is empty"),
        text::BadText::TooLong { has, max } => Rejection::TooLong { max, has },
    })?;
    refuse_banned(poll, &text)?;
    let author = (!poll.settings().anonymous).then(|| by.name.as_str().into());
    let (id, place) = poll.next_answer(at.command);
    Ok(Ballot::Answer { id, place, text: text.into(), author })
}

fn refuse_banned(poll: &Poll, text: &str) -> Result<(), Rejection> {
    if words::holds_banned(text, &poll.settings().banned) {
        return Err(Rejection::BadText("the text holds a word that is not allowed here"));
    }
    Ok(())
}

fn bad(why: impl Into<String>) -> Rejection {
    Rejection::BadValue { why: why.into(), limits: Vec::new() }
}
