//! Letters to those who registered: the store writes down with each change that one is due; here it is written and sent.

mod courier;
mod http;
mod picture;
mod retry;
mod types;
mod writing;

use plenum_domain::registration::{Notice, Status};
use plenum_domain::{Action, Id};
use plenum_persistence::store::RegistrationLetter;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::features::audit::{Subject, done};
use crate::features::conferences;
use crate::features::registration::find;
use crate::http::{Caller, Fault};

pub(crate) use courier::{LOST, deliver};
pub use types::LetterOut;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(http::list, http::send))
}

async fn list(app: &App, caller: &Caller, id: Id) -> Result<Vec<RegistrationLetter>, Fault> {
    let person = find(app, caller, id, Action::SeeParticipants).await?;
    Ok(app.store.letters_of(person.tenant, person.id).await?)
}

/// Writes to someone how their registration stands, also where letters are switched off. One that is under way is not
/// sent a second time.
async fn send(app: &App, caller: &Caller, id: Id) -> Result<Vec<RegistrationLetter>, Fault> {
    let person = find(app, caller, id, Action::ManageParticipants).await?;
    conferences::to_change(app, caller, person.conference, Action::ManageParticipants).await?;
    if person.email.is_none() {
        let words = "there is no address to write to; give the participant an e-mail address first";
        return Err(Fault::conflict("NO_ADDRESS", words));
    }
    let notice = Notice::of(None, person.status.parse().unwrap_or(Status::Confirmed));
    let mut edit = app.store.edit(person.tenant).await?;
    if edit.ask_letter(person.id, notice, app.clock.now()).await? {
        let details = json!({"conference": person.conference, "notice": notice.name()});
        done(app, caller, edit, "registration.letter_asked", Subject("participant", id), details).await?;
    }
    list(app, caller, id).await
}
