//! Who has a part in a session, what it is about in other languages, and who has a seat in it.

mod http;
mod people;
mod seats;
mod texts;
mod types;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use types::{
    AddSpeaker, ChangePerson, ChangeSpeaker, Confirmation, CreatePerson, PersonOut, SaveText, SeatOut,
    SeatQuery, SpeakerRole, TakeSeat, TextOut,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create_person, http::list_people))
        .routes(routes!(http::show_person, http::change_person))
        .routes(routes!(http::list_speakers, http::add_speaker))
        .routes(routes!(http::change_speaker, http::remove_speaker))
        .routes(routes!(http::list_texts))
        .routes(routes!(http::save_text, http::remove_text))
        .routes(routes!(http::list_seats, http::take_seat))
        .routes(routes!(http::leave_seat))
}
