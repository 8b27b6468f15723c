//! All about a session that its room does not tell: checking it.

use plenum_persistence::store::{Session, SessionDetails};

use super::types::{ChangeSession, CreateSession};
use super::{HALL_CHARS_MAX, TITLE_CHARS_MAX};
use crate::http::Wrongs;

const SUMMARY_CHARS_MAX: usize = 10_000;
const DESCRIPTION_CHARS_MAX: usize = 50_000;

/// Those of a session that is to be made.
pub(super) fn of_new(wrong: &mut Wrongs, body: &CreateSession) -> SessionDetails {
    let raw = SessionDetails {
        subtitle: body.subtitle.clone().unwrap_or_default(),
        summary: body.summary.clone().unwrap_or_default(),
        description: body.description.clone().unwrap_or_default(),
        track: body.track.clone(),
        kind: body.kind.clone(),
        language: body.language.clone(),
        url: body.url.clone(),
        do_not_record: body.do_not_record.unwrap_or(false),
        capacity: body.capacity,
        published: body.published.unwrap_or(true),
    };
    checked(wrong, raw)
}

/// Those of a session after a change.
pub(super) fn of_changed(wrong: &mut Wrongs, now: &Session, body: &ChangeSession) -> SessionDetails {
    let maybe =
        |given: &Option<Option<String>>, now: &Option<String>| given.clone().unwrap_or_else(|| now.clone());
    let raw = SessionDetails {
        subtitle: body.subtitle.clone().unwrap_or_else(|| now.subtitle.clone()),
        summary: body.summary.clone().unwrap_or_else(|| now.summary.clone()),
        description: body.description.clone().unwrap_or_else(|| now.description.clone()),
        track: maybe(&body.track, &now.track),
        kind: maybe(&body.kind, &now.kind),
        language: maybe(&body.language, &now.language),
        url: maybe(&body.url, &now.url),
        do_not_record: body.do_not_record.unwrap_or(now.do_not_record),
        capacity: body.capacity.unwrap_or(now.capacity),
        published: body.published.unwrap_or(now.published),
    };
    checked(wrong, raw)
}

fn checked(wrong: &mut Wrongs, raw: SessionDetails) -> SessionDetails {
    let mut text = |field, raw: &str, max| wrong.maybe_text(field, Some(raw), max).unwrap_or_default();
    let subtitle = text("subtitle", &raw.subtitle, TITLE_CHARS_MAX);
    let summary = text("summary", &raw.summary, SUMMARY_CHARS_MAX);
    let description = text("description", &raw.description, DESCRIPTION_CHARS_MAX);
    let mut name = |field, raw: Option<String>| wrong.maybe_text(field, raw.as_deref(), HALL_CHARS_MAX);
    let (track, kind) = (name("track", raw.track), name("kind", raw.kind));
    let language = name("language", raw.language);
    let url = raw.url.filter(|url| !url.is_empty()).map(|url| wrong.web_address("url", &url));
    let capacity = wrong.capacity("capacity", raw.capacity);
    SessionDetails { subtitle, summary, description, track, kind, language, url, capacity, ..raw }
}
