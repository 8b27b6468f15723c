//! Who may do what, and why: grants for single conferences, roles of the tenant's own, and the question itself.

mod grants;
mod http;
mod own_roles;
mod types;
mod why;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(crate) use grants::check_grant;
pub use types::{
    ActionOut, Because, GrantOut, GrantRole, HeldOut, NewRole, RoleOut, SetRoles, Taken, WhyOut, WhyQuery,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(http::roles, http::make_role))
        .routes(routes!(http::role, http::change_role, http::remove_role))
        .routes(routes!(http::grants, http::grant))
        .routes(routes!(http::take))
        .routes(routes!(http::grants_in))
        .routes(routes!(http::why))
        .routes(routes!(http::set_roles))
}
