//! What somebody signs in with, and how it is known again.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use plenum_domain::text;

use crate::socket::PeerAddress;

const NAME_CHARS_MAX: usize = 200;

/// What somebody signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What it calls itself.
    pub name: String,
    /// Where it is.
    pub address: Option<IpAddr>,
}

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let name = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let start: String = name.chars().take(NAME_CHARS_MAX).collect();
        let name = text::clean(&start, NAME_CHARS_MAX).unwrap_or_default();
        let address = parts.extensions.get::<PeerAddress>().map(|PeerAddress(address)| *address);
        Ok(Self { name, address })
    }
}
