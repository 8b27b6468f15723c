//! Who changed what: rights, people, settings, conferences and their programmes.

mod edits;
mod http;
mod types;

use plenum_domain::{Action, Id};
use plenum_persistence::store::{AuditEntry, AuditFilter, Note};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::clock::Clock;
use crate::http::{Caller, Fault, Page, cut};

pub(crate) use edits::{done, edited, made, note_of_made};
pub use types::{AuditOut, AuditQuery};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::list))
}

/// What a change was done to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject(pub(crate) &'static str, pub(crate) Id);

/// An entry about something that the caller does.
pub(crate) fn note(
    app: &App,
    caller: &Caller,
    action: &'static str,
    subject: Subject,
    details: Value,
) -> Note {
    let name = caller.0.actor.name.clone();
    Note {
        actor: Some(caller.id()),
        actor_name: name,
        ..nameless(app, caller.tenant(), action, subject, details)
    }
}

/// An entry about something that nobody who is signed in does.
pub(crate) fn nameless(
    app: &App,
    tenant: Id,
    action: &'static str,
    subject: Subject,
    details: Value,
) -> Note {
    unsigned(&app.clock, tenant, action, subject, details)
}

/// An entry about what whoever runs the installation does.
pub(crate) fn by_operator(
    clock: &Clock,
    tenant: Id,
    action: &'static str,
    subject: Subject,
    details: Value,
) -> Note {
    Note { actor_name: "operator".to_owned(), ..unsigned(clock, tenant, action, subject, details) }
}

fn unsigned(
    clock: &Clock,
    tenant: Id,
    action: &'static str,
    Subject(subject_is, subject): Subject,
    details: Value,
) -> Note {
    let (id, at) = (clock.id(), clock.now());
    Note { id, tenant, at, actor: None, actor_name: String::new(), action, subject_is, subject, details }
}

async fn list(
    app: &App,
    caller: &Caller,
    query: AuditQuery,
) -> Result<(Vec<AuditEntry>, Option<String>), Fault> {
    caller.may(Action::SeeAudit)?;
    let size = Page::of(None, query.per_page)?.size;
    let wrong = |_| Fault::field("cursor", "is not one that was given out");
    let before = query.cursor.map(|text| text.parse()).transpose().map_err(wrong)?;
    let filter = AuditFilter { action: query.action, subject: query.subject_id, before };
    let found = app.store.audit(caller.tenant(), &filter, size + 1).await?;
    Ok(cut(found, size, |last| last.id.to_string()))
}
