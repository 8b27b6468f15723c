//! What a poll can be made with: limits, defaults, and the words for what does not work.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use plenum_domain::text;

use super::decimal::Decimal;
use super::wire::{Choice, Kind, NewChoice, Settings};
use super::words;
use crate::engine::Refusal;

const TITLE_CHARS: usize = 300;
const LABEL_CHARS: usize = 200;
const ID_CHARS: usize = 40;
const OPTIONS: RangeInclusive<usize> = 2..=100;
/// A rating has at most this many values: 0 to 100.
const SCALE_VALUES: i64 = 101;
const SCALE_ENDS: i64 = 1_000_000;
const BUDGET: RangeInclusive<u32> = 1..=1_000_000;
const WORDS: RangeInclusive<u32> = 1..=20;
const ANSWER_CHARS: RangeInclusive<u32> = 1..=2_000;
const BANNED: usize = 500;
const BANNED_CHARS: usize = 40;

/// Checks settings as a poll's room does when it is opened.
///
/// # Errors
/// `poll.bad_settings`; the message names the field and the limit, the details hold them.
pub fn check(settings: &Settings) -> Result<(), Refusal> {
    complete(settings.clone()).map(drop)
}

/// Checks settings, cleans their texts and fills in what was left to the poll.
pub(super) fn complete(mut settings: Settings) -> Result<Settings, Refusal> {
    settings.title = clean("title", &settings.title, TITLE_CHARS)?;
    complete_options(&mut settings)?;
    complete_choices(&mut settings)?;
    complete_range(&mut settings)?;
    complete_points(&mut settings)?;
    complete_texts(&mut settings)?;
    Ok(settings)
}

/// The options that a ballot may name: the given ones, or a rating's values.
pub(super) fn choices(settings: &Settings) -> Vec<Choice> {
    if settings.kind == Kind::Rating {
        return scale(settings);
    }
    let options = settings.options.iter();
    options.map(|one| Choice { id: one.id.clone().unwrap_or_default(), label: one.label.clone() }).collect()
}

/// A rating's lowest and highest value.
pub(super) fn ends(settings: &Settings) -> (i64, i64) {
    let whole = |end: Option<Decimal>, default| end.and_then(Decimal::as_whole).unwrap_or(default);
    (whole(settings.min, 1), whole(settings.max, 5))
}

fn scale(settings: &Settings) -> Vec<Choice> {
    let (min, max) = ends(settings);
    let labels = &settings.labels;
    let named = |value: i64| match (labels.len(), value - min) {
        (2, 0) => labels.first(),
        (2, _) if value == max => labels.last(),
        (2, _) => None,
        (_, place) => labels.get(place as usize),
    };
    let choice = |value: i64| Choice {
        id: value.to_string(),
        label: named(value).cloned().unwrap_or_else(|| value.to_string()),
    };
    (min..=max).map(choice).collect()
}

fn complete_options(settings: &mut Settings) -> Result<(), Refusal> {
    let takes_options = matches!(settings.kind, Kind::Single | Kind::Multiple | Kind::Ranking | Kind::Points);
    if !takes_options {
        return only_for(settings.options.is_empty(), "options", "single, multiple, ranking and points");
    }
    within("options", settings.options.len(), &OPTIONS, "options")?;
    for option in &mut settings.options {
        option.label = clean("options.label", &option.label, LABEL_CHARS)?;
    }
    name_options(&mut settings.options)
}

/// Checks the ids that were given, and makes the others: the first letters that are free.
fn name_options(options: &mut [NewChoice]) -> Result<(), Refusal> {
    let mut taken = BTreeSet::new();
    for id in options.iter().filter_map(|option| option.id.as_deref()) {
        let is_id = (1..=ID_CHARS).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        if !is_id {
            let why = format!("an option's id has 1 to {ID_CHARS} visible ASCII characters");
            return Err(bad("options.id", why).with("max", ID_CHARS));
        }
        if !taken.insert(id.to_owned()) {
            return Err(bad("options.id", format!("the option id {id:?} is there twice")));
        }
    }
    let mut free = (0..).map(letters).filter(|id| !taken.contains(id));
    for option in options.iter_mut().filter(|option| option.id.is_none()) {
        option.id = free.next();
    }
    Ok(())
}

/// `a` to `z`, then `aa`, `ab`, …
fn letters(nth: usize) -> String {
    let letter = char::from(b'a' + (nth % 26) as u8);
    if nth < 26 { letter.to_string() } else { letters(nth / 26 - 1) + &letter.to_string() }
}

fn complete_choices(settings: &mut Settings) -> Result<(), Refusal> {
    let (options, max) = (settings.options.len() as u32, settings.max_choices);
    settings.max_choices = match settings.kind {
        Kind::Single => Some(1),
        Kind::Multiple | Kind::Ranking => max.or(Some(options)),
        _ => None,
    };
    match (settings.kind, max) {
        (Kind::Multiple | Kind::Ranking, Some(max)) => within("max_choices", max, &(1..=options), "choices"),
        (_, max) => only_for(max.is_none_or(|max| max == 1), "max_choices", "multiple and ranking"),
    }
}

fn complete_range(settings: &mut Settings) -> Result<(), Refusal> {
    let (min, max) = (settings.min, settings.max);
    match settings.kind {
        Kind::Rating => complete_scale(settings)?,
        Kind::Numeric if min.zip(max).is_some_and(|(min, max)| min >= max) => {
            return Err(bad("max", "max must be more than min"));
        }
        Kind::Numeric => {}
        _ => only_for(min.is_none() && max.is_none(), "min", "rating and numeric")?,
    }
    if settings.kind != Kind::Rating {
        only_for(settings.labels.is_empty(), "labels", "rating")?;
    }
    Ok(())
}

fn complete_scale(settings: &mut Settings) -> Result<(), Refusal> {
    let whole = |field, end: Option<Decimal>, default| match end.map(Decimal::as_whole) {
        None => Ok(default),
        Some(Some(value)) if value.abs() <= SCALE_ENDS => Ok(value),
        Some(_) => Err(bad(field, "a rating's ends are whole numbers up to a million")),
    };
    let (min, max) = (whole("min", settings.min, 1)?, whole("max", settings.max, 5)?);
    if max <= min || max - min >= SCALE_VALUES {
        let why = format!("a rating has 2 to {SCALE_VALUES} values, so max is more than min");
        return Err(bad("max", why).with("max_values", SCALE_VALUES));
    }
    let values = (max - min + 1) as usize;
    if !matches!(settings.labels.len(), 0 | 2) && settings.labels.len() != values {
        let why = format!("labels are none, one for each of the {values} values, or two for the ends");
        return Err(bad("labels", why));
    }
    for label in &mut settings.labels {
        *label = clean("labels", label, LABEL_CHARS)?;
    }
    (settings.min, settings.max) = (Some(Decimal::whole(min as i32)), Some(Decimal::whole(max as i32)));
    Ok(())
}

fn complete_points(settings: &mut Settings) -> Result<(), Refusal> {
    if settings.kind != Kind::Points {
        only_for(settings.budget.is_none(), "budget", "points")?;
        return only_for(settings.step.is_none(), "step", "points");
    }
    let (budget, step) = (settings.budget.unwrap_or(100), settings.step.unwrap_or(1));
    within("budget", budget, &BUDGET, "points")?;
    within("step", step, &(1..=budget), "points")?;
    (settings.budget, settings.step) = (Some(budget), Some(step));
    Ok(())
}

fn complete_texts(settings: &mut Settings) -> Result<(), Refusal> {
    let (cloud, answers) = (settings.kind == Kind::Wordcloud, settings.kind == Kind::Open);
    if cloud {
        settings.max_words = Some(settings.max_words.unwrap_or(3));
    }
    if answers {
        settings.max_chars = Some(settings.max_chars.unwrap_or(500));
    }
    only_for(cloud || settings.max_words.is_none(), "max_words", "wordcloud")?;
    only_for(answers || settings.max_chars.is_none(), "max_chars", "open")?;
    only_for(cloud || answers || !settings.moderated, "moderated", "wordcloud and open")?;
    only_for(cloud || answers || settings.banned.is_empty(), "banned", "wordcloud and open")?;
    settings.max_words.map_or(Ok(()), |max| within("max_words", max, &WORDS, "words"))?;
    settings.max_chars.map_or(Ok(()), |max| within("max_chars", max, &ANSWER_CHARS, "characters"))?;
    within("banned", settings.banned.len(), &(0..=BANNED), "words")?;
    for entry in &mut settings.banned {
        *entry = words::bare(&clean("banned", entry, BANNED_CHARS)?);
    }
    settings.banned.sort_unstable();
    settings.banned.dedup();
    match settings.banned.iter().all(|entry| words::is_phrase(entry)) {
        true => Ok(()),
        false => Err(bad("banned", "a banned word is a phrase of 1 to 4 words")),
    }
}

fn clean(field: &'static str, raw: &str, max: usize) -> Result<String, Refusal> {
    text::clean(raw, max).map_err(|why| {
        bad(field, format!("{field}: {why}; it has 1 to {max} characters")).with("max_chars", max)
    })
}

fn within<T>(field: &'static str, has: T, range: &RangeInclusive<T>, what: &str) -> Result<(), Refusal>
where
    T: PartialOrd + Copy + std::fmt::Display + Into<serde_json::Value>,
{
    let (min, max) = (*range.start(), *range.end());
    if range.contains(&has) {
        return Ok(());
    }
    let why = format!("{field}: {min} to {max} {what} are allowed, not {has}");
    Err(bad(field, why).with("min", min).with("max", max))
}

fn only_for(is_so: bool, field: &'static str, kinds: &str) -> Result<(), Refusal> {
    let why = || format!("{field} is only for polls of the kinds {kinds}");
    if is_so { Ok(()) } else { Err(bad(field, why())) }
}

fn bad(field: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::new("poll.bad_settings", why).with("field", field)
}
