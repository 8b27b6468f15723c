//! Registering for a conference: the form, people by themselves, and the desk that approves and calls off.

mod desk;
mod form;
mod form_types;
mod http;
mod joining;
mod open_types;
mod people;
mod roll;
mod types;

use plenum_domain::registration::{Consent, Field};
use plenum_persistence::store::RegistrationForm;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(crate) use desk::find;
pub use form_types::{ConsentOut, ConsentTextsOut, FieldKind, FieldOut, FieldTextsOut, FormOut, SaveForm};
pub use open_types::{AgreedOut, AskedOut, OpenForm, RegistrationQuery};
pub(crate) use roll::everyone;
pub use types::{
    AddParticipant, ByReceipt, ByTicket, ChangeParticipant, ImportLine, ImportPeople, ImportedPeople,
    MoveParticipant, Register, Registered, TicketOut,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::open_form, http::register))
        .routes(routes!(http::standing))
        .routes(routes!(http::cancel))
        .routes(routes!(http::enter))
        .routes(routes!(http::show_form, http::save_form))
        .routes(routes!(http::add))
        .routes(routes!(http::import))
        .routes(routes!(http::export))
        .routes(routes!(http::show, http::change))
        .routes(routes!(http::set_status))
        .routes(routes!(http::ticket))
}

/// What a form asks, and what one agrees to.
pub(crate) fn asked(form: &RegistrationForm) -> (Vec<Field>, Vec<Consent>) {
    let fields = serde_json::from_value(form.fields.clone()).unwrap_or_default();
    (fields, serde_json::from_value(form.consents.clone()).unwrap_or_default())
}
