//! Clashes of a programme, and delays that move what follows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use plenum_domain::conference::known_time_zone;
use plenum_domain::schedule::{self, Clash, Delay, Shared, Slot};
use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{Part, Session};
use serde_json::json;

use super::change::{Change, in_room, in_store};
use super::types::{ClashOut, ClashingSession, DelaySession, Delayed, MovedOut};
use super::{SessionRooms, edits, find};
use crate::app::App;
use crate::clock::rfc3339;
use crate::features::audit::{Subject, done};
use crate::features::conferences;
use crate::http::{Caller, Fault};

/// Half a day.
const DELAY_MAX_MIN: i64 = 720;

/// The offset from UTC in a zone at a moment, in seconds.
pub(super) fn offset_s(zone: &str, at: Timestamp) -> i64 {
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    known_time_zone(zone).map_or(0, |zone| i64::from(zone.to_offset(moment).seconds()))
}

/// Everything that clashes, as far as the caller sees it.
pub(super) async fn clashes(app: &App, caller: &Caller, conference: Id) -> Result<Vec<ClashOut>, Fault> {
    conferences::find(app, caller, conference).await?;
    let programme = Programme::read(app, caller, conference).await?;
    Ok(programme.told(schedule::clashes(&programme.slots())))
}

/// Moves a session and what follows.
pub(super) async fn delay(app: &App, caller: &Caller, id: Id, body: DelaySession) -> Result<Delayed, Fault> {
    let session = find(app, caller, id).await?;
    let place = conferences::to_change(app, caller, session.conference, Action::Moderate).await?;
    if !(-DELAY_MAX_MIN..=DELAY_MAX_MIN).contains(&body.minutes) {
        return Err(Fault::field("minutes", format!("is between -{DELAY_MAX_MIN} and {DELAY_MAX_MIN}")));
    }
    let mut programme = Programme::read(app, caller, session.conference).await?;
    let delay = Delay {
        session: id,
        by_ms: body.minutes * 60_000,
        is_running: matches!(session.status.as_str(), "live" | "paused"),
        keeps_breaks: body.keep_breaks.unwrap_or(false),
        until: end_of_day(&place.time_zone, session.starts),
    };
    let mut moved = Vec::new();
    for one in schedule::delayed(&programme.slots(), &delay) {
        let Some(session) = programme.sessions.iter_mut().find(|known| known.id == one.session) else {
            continue;
        };
        (session.starts, session.ends) = (one.starts, one.ends);
        moved.push(session.clone());
    }
    if !body.dry_run.unwrap_or(false) {
        move_all(app, caller, (id, body.minutes), &moved).await?;
    }
    let moved = moved.into_iter().map(MovedOut::from).collect();
    let clashes = programme.told(schedule::clashes(&programme.slots()));
    Ok(Delayed { moved, clashes })
}

/// Moves sessions to the times that they have here: each whose room is open through it, which brings an entry of its own;
/// then the others, together with the entry about all of it.
async fn move_all(
    app: &App,
    caller: &Caller,
    (first, minutes): (Id, i64),
    sessions: &[Session],
) -> Result<(), Fault> {
    let times = |to: &Session| Change { starts: Some(to.starts), ends: Some(to.ends), ..Change::default() };
    let mut closed = Vec::new();
    for to in sessions {
        if app.shards.scope(SessionRooms::session_of(to.id)).await.is_none() {
            closed.push(to);
        }
        in_room(app, caller, to, &times(to)).await?;
    }
    let mut edit = app.store.edit(caller.tenant()).await?;
    for to in &closed {
        in_store(app, &mut edit, to, &times(to)).await?;
    }
    let ids: Vec<Id> = sessions.iter().map(|to| to.id).collect();
    let details = json!({"minutes": minutes, "sessions": ids});
    done(app, caller, edit, "session.delayed", Subject("session", first), details).await?;
    for to in closed {
        in_room(app, caller, to, &times(to)).await?;
    }
    Ok(())
}

/// The first moment of the next day, in the conference's zone; programmes that go on after midnight end their day at
/// five in the morning.
fn end_of_day(zone: &str, at: Timestamp) -> Timestamp {
    const NIGHT_ENDS_H: i64 = 5;
    let zone = known_time_zone(zone).unwrap_or(TimeZone::UTC);
    let moment = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    let local = zone.to_datetime(moment.saturating_sub(NIGHT_ENDS_H.hours()).unwrap_or(moment));
    let next = local.date().saturating_add(1.day()).at(0, 0, 0, 0).saturating_add(NIGHT_ENDS_H.hours());
    let end = next.to_zoned(zone).map(|zoned| zoned.timestamp().as_millisecond());
    end.map_or(Timestamp::from_ms(i64::MAX), Timestamp::from_ms)
}

/// A conference's sessions, and who has a part in them.
struct Programme {
    sessions: Vec<Session>,
    parts: Vec<Part>,
}

impl Programme {
    async fn read(app: &App, caller: &Caller, conference: Id) -> Result<Self, Fault> {
        let drafts = edits(caller, conference);
        let mut sessions = app.store.all_sessions(caller.tenant(), conference).await?;
        sessions.retain(|session| session.published || drafts);
        Ok(Self { sessions, parts: app.store.parts(caller.tenant(), conference).await? })
    }

    /// Who declined is not there.
    fn slots(&self) -> Vec<Slot> {
        let mut people: BTreeMap<Id, (BTreeSet<Id>, BTreeSet<Id>)> = BTreeMap::new();
        for part in self.parts.iter().filter(|part| part.confirmation != "declined") {
            let (speakers, chairs) = people.entry(part.session).or_default();
            let among = if part.role == "chair" { chairs } else { speakers };
            among.insert(part.person);
        }
        let slot = |session: &Session| {
            let (speakers, chairs) = people.get(&session.id).cloned().unwrap_or_default();
            let (starts, ends) = (session.starts, session.ends);
            Slot { session: session.id, starts, ends, hall: session.hall, speakers, chairs }
        };
        self.sessions.iter().map(slot).collect()
    }

    fn told(&self, clashes: Vec<Clash>) -> Vec<ClashOut> {
        let sessions: BTreeMap<Id, &Session> = self.sessions.iter().map(|one| (one.id, one)).collect();
        let people: BTreeMap<Id, &str> =
            self.parts.iter().map(|part| (part.person, part.name.as_str())).collect();
        let title = |id: Id| sessions.get(&id).map(|one| one.title.clone()).unwrap_or_default();
        let out = |clash: Clash| {
            let hall = || sessions.get(&clash.sessions[0]).and_then(|one| one.hall_name.clone());
            let person = || people.get(&clash.what).map(|name| (*name).to_owned());
            let name = if clash.shared == Shared::Hall { hall() } else { person() }.unwrap_or_default();
            let [first, second] = clash.sessions.map(title);
            let (kind, does) = match clash.shared {
                Shared::Hall => ("hall", "has"),
                Shared::Speaker => ("speaker", "speaks at"),
                Shared::Chair => ("chair", "has a part in"),
            };
            ClashOut {
                kind,
                id: clash.what,
                reason: format!("“{name}” {does} “{first}” and “{second}” at the same time"),
                name,
                sessions: clash.sessions.map(|id| ClashingSession { id, title: title(id) }).into(),
                from: rfc3339(clash.from),
                until: rfc3339(clash.until),
            }
        };
        clashes.into_iter().map(out).collect()
    }
}
