//! The countries of the world, for forms.

use plenum_domain::country::Country;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::openapi::Success;
use crate::http::{Answer, Answered, Params};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CountryQuery {
    /// en, tr, ar, de or fr; English for others.
    #[param(example = "tr")]
    pub language: Option<String>,
}

/// A country or territory of ISO 3166-1.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountryOut {
    /// ISO's two letters.
    #[schema(example = "DE")]
    pub code: &'static str,
    /// ISO's three letters.
    #[schema(example = "DEU")]
    pub code3: &'static str,
    /// ISO's number.
    #[schema(example = "276")]
    pub number: &'static str,
    /// What is dialled before a number there; may be empty.
    #[schema(example = "49")]
    pub dial: &'static str,
    /// ISO 4217's letters of its currency; may be empty.
    #[schema(example = "EUR")]
    pub currency: &'static str,
    /// Its name.
    #[schema(example = "Almanya")]
    pub name: &'static str,
}

/// List the countries
///
/// All 249 of ISO 3166-1, by their name's letters as computers count them.
#[utoipa::path(get, path = "/countries", tag = "Places", params(CountryQuery),
    responses((status = 200, description = "All of them", body = Success<Vec<CountryOut>>)))]
async fn list(Params(query): Params<CountryQuery>) -> Answered<Vec<CountryOut>> {
    let language = query.language.unwrap_or_default();
    let out = |country: Country| CountryOut {
        code: country.code,
        code3: country.code3,
        number: country.number,
        dial: country.dial,
        currency: country.currency,
        name: country.name(&language),
    };
    let mut all: Vec<CountryOut> = Country::all().map(out).collect();
    all.sort_by_key(|country| country.name);
    Ok(Answer::ok(all))
}
