//! What people did at a conference and in its sessions, in numbers. Small numbers are told as totals only.

mod adding;
mod http;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use plenum_domain::activity::{Counts, PEOPLE_MIN, QUARTER_MS, day_bounds, day_of};
use plenum_domain::conference::known_time_zone;
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Conference, DidAt, DidIn, OfPoll, PresentAt, Recounted};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::clock::rfc3339;
use crate::features::audit::{Subject, done};
use crate::features::{conferences, sessions};
use crate::http::{Caller, Fault};
use types::is_enough;
pub use types::{
    ConferenceAnalytics, DayFigures, Figures, PollFigures, QuarterFigures, RecountedOut, SessionAnalytics,
    SessionFigures, Together,
};

/// Sessions that are told by themselves at most.
const SESSIONS_MAX: usize = 100;
/// All that may ever have been counted.
const EVER: (Timestamp, Timestamp) = (Timestamp::from_ms(0), Timestamp::from_ms(i64::MAX / 1_000));

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::of_conference))
        .routes(routes!(http::of_session))
        .routes(routes!(http::recompute))
}

fn zone_of(conference: &Conference) -> TimeZone {
    known_time_zone(&conference.time_zone).unwrap_or(TimeZone::UTC)
}

async fn of_conference(app: &App, caller: &Caller, id: Id) -> Result<ConferenceAnalytics, Fault> {
    caller.may_in(Action::SeeReports, id)?;
    let conference = conferences::find(app, caller, id).await?;
    app.projection.caught_up(id).await;
    let (tenant, store) = (caller.tenant(), &app.store);
    let deeds = store.activity(tenant, id).await?;
    let polls = store.turnout(tenant, id, None).await?;
    let questions = store.questions_by_session(tenant, id).await?;
    let answered =
        questions.iter().filter(|one| one.status == "answered").map(|one| one.count.cast_unsigned());
    let presence = store.presence(tenant, id).await?;
    let (days, few_days) = days(app, &conference, (&deeds, &polls, &presence)).await?;
    let (sessions, together) = in_sessions(app, &conference, &polls, &presence).await?;
    let active = store.active(tenant, id, EVER).await?;
    Ok(ConferenceAnalytics {
        conference_id: id,
        people_min: PEOPLE_MIN,
        participants: days.iter().map(|day| day.joined).sum(),
        arrived: days.iter().map(|day| day.arrived).sum(),
        most_at_once: days.iter().map(|day| day.most_at_once).max().unwrap_or_default(),
        totals: Figures::of(active, &adding::total(&deeds)),
        polls: polls.len() as u64,
        ballots: polls.iter().map(|poll| poll.ballots.cast_unsigned()).sum(),
        answered: answered.sum(),
        days,
        sessions,
        together: Together { days: few_days, ..together },
        time_zone: conference.time_zone,
    })
}

/// Each day on which anything happened, and of how many too few people did something to tell what.
async fn days(
    app: &App,
    conference: &Conference,
    (deeds, polls, presence): (&[DidAt], &[OfPoll], &[PresentAt]),
) -> Result<(Vec<DayFigures>, u64), Fault> {
    let (store, tenant, id, zone) = (&app.store, conference.tenant, conference.id, zone_of(conference));
    let joined = adding::times_by_day(&store.joined(tenant, id).await?, &zone);
    let arrived = adding::times_by_day(&store.arrived(tenant, id).await?, &zone);
    let voters = adding::voters_by_day(&store.votes_by_poll(tenant, id).await?, polls, &zone);
    let counts = adding::by_day(deeds, &zone);
    let present = adding::most(presence, |one| day_of(one.from, &zone));
    let all = counts.keys().chain(joined.keys()).chain(arrived.keys()).chain(present.keys());
    let all: BTreeSet<Date> = all.copied().collect();
    let (mut told, mut few) = (Vec::new(), 0);
    for day in all {
        let mut figures = None;
        if let Some(counts) = counts.get(&day) {
            let active = store.active(tenant, id, day_bounds(day, &zone)).await?;
            let people = active.max(of(&voters, &day));
            figures = is_enough(people).then(|| Figures::of(active, counts));
            few += u64::from(figures.is_none());
        }
        let (joined, arrived, most_at_once) = (of(&joined, &day), of(&arrived, &day), of(&present, &day));
        told.push(DayFigures { date: day.to_string(), joined, arrived, most_at_once, figures });
    }
    Ok((told, few))
}

/// The sessions in which most was done, and how many others there are.
async fn in_sessions(
    app: &App,
    conference: &Conference,
    polls: &[OfPoll],
    presence: &[PresentAt],
) -> Result<(Vec<SessionFigures>, Together), Fault> {
    let (store, tenant, id) = (&app.store, conference.tenant, conference.id);
    let counted = |rows: Vec<plenum_persistence::store::InSession>| -> BTreeMap<Id, u64> {
        rows.into_iter().map(|row| (row.session, row.count.cast_unsigned())).collect()
    };
    let active = counted(store.active_by_session(tenant, id).await?);
    let attended = counted(store.attendance_by_session(tenant, id).await?);
    let voters = adding::voters_by_session(polls);
    let present = adding::most(presence, |one| one.session);
    let (mut told, mut together) = (Vec::new(), Together::default());
    for (session, (about, counts)) in gathered(store.activity_by_session(tenant, id).await?) {
        if !is_enough(of(&active, &session).max(of(&voters, &session))) {
            together.sessions += 1;
            continue;
        }
        let figures = Figures::of(of(&active, &session), &counts);
        let (attended, most_at_once) = (of(&attended, &session), of(&present, &session));
        let (title, starts_at) = (about.title, rfc3339(about.starts));
        let told_of = SessionFigures { id: session, title, starts_at, attended, most_at_once, figures };
        told.push((counts.all(), told_of));
    }
    told.sort_by_key(|(all, session)| (std::cmp::Reverse(*all), session.id));
    together.more_sessions = told.len().saturating_sub(SESSIONS_MAX) as u64;
    told.truncate(SESSIONS_MAX);
    Ok((told.into_iter().map(|(_, session)| session).collect(), together))
}

/// All that was done in each session.
fn gathered(rows: Vec<DidIn>) -> BTreeMap<Id, (DidIn, Counts)> {
    let mut sessions: BTreeMap<Id, (DidIn, Counts)> = BTreeMap::new();
    for row in rows {
        let deed = row.deed.parse();
        let times = row.times.cast_unsigned();
        let (_, counts) = sessions.entry(row.session).or_insert_with(|| (row, Counts::default()));
        if let Ok(deed) = deed {
            counts.add(deed, times);
        }
    }
    sessions
}

fn of<K: Ord>(counts: &BTreeMap<K, u64>, key: &K) -> u64 {
    counts.get(key).copied().unwrap_or_default()
}

async fn of_session(app: &App, caller: &Caller, id: Id) -> Result<SessionAnalytics, Fault> {
    let session = sessions::find(app, caller, id).await?;
    caller.may_in(Action::SeeReports, session.conference)?;
    let conference = conferences::find(app, caller, session.conference).await?;
    app.projection.caught_up(session.conference).await;
    let (tenant, store) = (caller.tenant(), &app.store);
    let deeds = store.activity_of_session(tenant, id).await?;
    let polls = store.turnout(tenant, session.conference, Some(id)).await?;
    let active = store.active_in_session(tenant, id, EVER).await?;
    let people = active.max(of(&adding::voters_by_session(&polls), &id));
    let presence = adding::most(&store.presence_of_session(tenant, id).await?, |one| one.from);
    Ok(SessionAnalytics {
        session_id: id,
        conference_id: session.conference,
        title: session.title,
        time_zone: conference.time_zone,
        people_min: PEOPLE_MIN,
        attended: store.attendance(tenant, id).await?,
        most_at_once: presence.values().copied().max().unwrap_or_default(),
        totals: Figures::of(active, &adding::total(&deeds)),
        polls: polls.into_iter().map(PollFigures::from).collect(),
        quarters: if is_enough(people) { quarters(&deeds, &presence) } else { Vec::new() },
    })
}

/// The quarter hours from the first to the last one in which anybody was there or anything was done, as long as they make a
/// picture; else those in which something was.
fn quarters(deeds: &[DidAt], presence: &BTreeMap<Timestamp, u64>) -> Vec<QuarterFigures> {
    let mut sums: BTreeMap<Timestamp, u64> = presence.keys().map(|from| (*from, 0)).collect();
    for did in deeds {
        *sums.entry(did.from).or_default() += did.times.cast_unsigned();
    }
    let quarter = |(from, deeds): (Timestamp, u64)| QuarterFigures {
        from: rfc3339(from),
        deeds,
        most_at_once: of(presence, &from),
    };
    let ends =
        sums.first_key_value().zip(sums.last_key_value()).map(|((first, _), (last, _))| (*first, *last));
    if let Some((first, last)) = ends.filter(|(first, last)| last.since_ms(*first) <= 24 * 4 * QUARTER_MS) {
        let mut at = first;
        while at < last {
            sums.entry(at).or_default();
            at = at.plus_ms(QUARTER_MS);
        }
    }
    sums.into_iter().map(quarter).collect()
}

/// Counts a conference anew.
async fn recompute(app: &App, caller: &Caller, id: Id) -> Result<RecountedOut, Fault> {
    caller.may_in(Action::Organise, id)?;
    conferences::find(app, caller, id).await?;
    app.projection.caught_up(id).await;
    let mut edit = app.store.edit(caller.tenant()).await?;
    let Recounted { before, after } = edit.recount(id).await?;
    let details = json!({"same": before == after});
    done(app, caller, edit, "analytics.recomputed", Subject("conference", id), details).await?;
    Ok(RecountedOut { same: before == after, before: types::sums(&before), after: types::sums(&after) })
}
