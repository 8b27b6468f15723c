//! What a participant did, and who came to a session.

mod http;
mod types;

use plenum_domain::{Action, Id, Timestamp};
use plenum_persistence::store::{After, Attended, Done, Listed, Page as StorePage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::{registration, sessions};
use crate::http::{Caller, Fault, Page, cut};

pub use types::{ActivityOut, ActivityQuery, AttendanceOut, AttendanceQuery, Doing};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::activity)).routes(routes!(http::attendance))
}

/// What a participant did, the latest first, and the next cursor.
async fn activity(
    app: &App,
    caller: &Caller,
    id: Id,
    query: ActivityQuery,
) -> Result<(Vec<Done>, Option<String>), Fault> {
    let person = registration::find(app, caller, id, Action::SeeParticipants).await?;
    let size = Page::of(None, query.per_page)?.size;
    let wrong = || Fault::field("cursor", "is not one that was given out");
    let after = query.cursor.map(|text| read(&text).ok_or_else(wrong)).transpose()?;
    app.projection.caught_up(person.conference).await;
    Ok(cut(app.store.done_by(person.tenant, id, after, size + 1).await?, size, written))
}

fn written(last: &Done) -> String {
    format!("{}-{}-{}-{}", last.at.ms(), last.seq, last.subject, last.what)
}

fn read(cursor: &str) -> Option<After> {
    let mut parts = cursor.splitn(4, '-');
    let mut next = || parts.next();
    let (at, seq) = (next()?.parse().ok()?, next()?.parse().ok()?);
    let (subject, what) = (next()?.parse().ok()?, next()?.to_owned());
    // What is later than every clock would not fit into the store's microseconds.
    let at = Timestamp::from_ms(i64::clamp(at, 0, i64::MAX / 1_000));
    (!what.contains('\0')).then_some(After { at, what, subject, seq })
}

async fn attendance(
    app: &App,
    caller: &Caller,
    id: Id,
    query: AttendanceQuery,
) -> Result<(Listed<Attended>, Page), Fault> {
    let session = sessions::find(app, caller, id).await?;
    caller.may_in(Action::SeeParticipants, session.conference)?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Attended::order).transpose()?;
    app.projection.caught_up(session.conference).await;
    let place = (session.conference, session.id);
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.came_to(caller.tenant(), place, order, asked).await?, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let last = Done {
            at: Timestamp::from_ms(1_763_800_000_000),
            what: "registration.moved".into(),
            subject: Id::from_bits(7),
            seq: 41,
            session: None,
            detail: String::new(),
        };
        let expected = After { at: last.at, what: last.what.clone(), subject: last.subject, seq: 41 };
        assert_eq!(read(&written(&last)), Some(expected));
        for wrong in ["", "1", "1-2-x-vote", "a-b-c-d", "1--2"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
