//! The parts that every request has which changes something.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use plenum_domain::Id;
use serde::de::DeserializeOwned;

use super::extract::At;
use super::fault::Fault;
use super::idempotency::CommandKey;
use super::tenancy::Caller;
use crate::app::App;

/// Who sends it, to what, and the key with which it counts once.
pub struct Sent<T = Id> {
    /// The hub's parts.
    pub app: App,
    /// Who is calling.
    pub caller: Caller,
    /// The ids in the path.
    pub at: T,
    /// The key of the command that it becomes.
    pub key: Id,
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Sent<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let At(at) = At::from_request_parts(parts, app).await?;
        let CommandKey(key) = CommandKey::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), caller, at, key })
    }
}
