//! Where a conference takes place: venues, and the halls in them.

mod halls;
mod http;
mod types;
mod venues;

pub(crate) use halls::find as hall;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use types::{ChangeHall, ChangeVenue, CreateHall, CreateVenue, HallOut, PlaceQuery, VenueKind, VenueOut};

const NAME_CHARS_MAX: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::create_venue, http::list_venues))
        .routes(routes!(http::show_venue, http::change_venue, http::remove_venue))
        .routes(routes!(http::create_hall, http::list_halls))
        .routes(routes!(http::show_hall, http::change_hall, http::remove_hall))
}
