//! What a session is about, in other languages.

use plenum_domain::{Action, Id};
use plenum_persistence::store::SessionText;
use serde_json::json;

use super::types::SaveText;
use crate::app::App;
use crate::features::audit::{Subject, done};
use crate::features::{conferences, sessions};
use crate::http::{Caller, Fault, Wrongs};

const TITLE_CHARS_MAX: usize = 300;
const TEXT_CHARS_MAX: usize = 50_000;

pub(super) async fn list(app: &App, caller: &Caller, session: Id) -> Result<Vec<SessionText>, Fault> {
    let session = sessions::find(app, caller, session).await?;
    Ok(app.store.session_texts(caller.tenant(), session.id).await?)
}

pub(super) async fn save(
    app: &App,
    caller: &Caller,
    session: Id,
    language: &str,
    body: SaveText,
) -> Result<SessionText, Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    let mut wrong = Wrongs::new();
    let mut text =
        |field, raw: Option<String>, max| wrong.maybe_text(field, raw.as_deref(), max).unwrap_or_default();
    let subtitle = text("subtitle", body.subtitle, TITLE_CHARS_MAX);
    let summary = text("summary", body.summary, TEXT_CHARS_MAX);
    let description = text("description", body.description, TEXT_CHARS_MAX);
    let title = wrong.text("title", &body.title, TITLE_CHARS_MAX);
    let language = conferences::language(&mut wrong, "language", language);
    wrong.done()?;
    let text = SessionText { language, title, subtitle, summary, description };
    let details = json!({"language": text.language, "title": text.title});
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.save_session_text(session.id, &text).await?;
    done(app, caller, edit, "session.text_saved", Subject("session", session.id), details).await?;
    Ok(text)
}

pub(super) async fn remove(app: &App, caller: &Caller, session: Id, language: &str) -> Result<(), Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.remove_session_text(session.id, language).await? {
        return Err(Fault::not_found("text"));
    }
    let details = json!({"language": language});
    done(app, caller, edit, "session.text_removed", Subject("session", session.id), details).await
}
