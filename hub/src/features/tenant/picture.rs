//! Logos: small pictures, checked by their first bytes, served under what they look like.

use std::fmt::Write as _;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plenum_domain::Action;
use plenum_domain::tenant::{Feature, Limit};
use plenum_persistence::store::Logo;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::changing::spread;
use super::types::LogoFile;
use crate::app::App;
use crate::features::audit::{Subject, note};
use crate::http::{Caller, Fault};

/// The largest logo.
const BYTES_MAX: usize = 256 * 1024;
/// What pictures of these types begin with. No SVG: it can hold scripts.
const TYPES: [(&str, &[u8]); 3] =
    [("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff"), ("image/webp", b"RIFF")];

pub(super) async fn set(app: &App, caller: &Caller, file: &LogoFile) -> Result<(), Fault> {
    caller.may(Action::ConfigureTenant)?;
    caller.1.has(Feature::Branding)?;
    let bytes = STANDARD.decode(&file.data).map_err(|_| Fault::field("data", "is base64"))?;
    if bytes.len() > BYTES_MAX {
        return Err(Fault::field("data", format!("has at most {BYTES_MAX} bytes")));
    }
    let found = TYPES.iter().find(|(_, start)| bytes.starts_with(start));
    let (media_type, _) = found.ok_or_else(|| Fault::field("data", "is a PNG, JPEG or WebP picture"))?;
    let used = app.store.storage_bytes(caller.tenant()).await?;
    caller.1.has_room(Limit::StorageBytes, used, bytes.len() as u64)?;
    let details = json!({"media_type": media_type, "bytes": bytes.len()});
    let note = note(app, caller, "tenant.logo", Subject("tenant", caller.tenant()), details);
    let logo = Logo { media_type: (*media_type).to_owned(), bytes };
    app.store.save_logo(&hash(&logo.bytes), &logo, &note).await?;
    spread(app, caller.tenant()).await
}

pub(super) async fn remove(app: &App, caller: &Caller) -> Result<(), Fault> {
    caller.may(Action::ConfigureTenant)?;
    let note = note(app, caller, "tenant.logo_removed", Subject("tenant", caller.tenant()), json!({}));
    app.store.remove_logo(&note).await?;
    spread(app, caller.tenant()).await
}

/// Sends a logo. Another picture has another address, so it may be kept for ever.
pub(super) async fn send(app: &App, hash: &str) -> Result<Response, Fault> {
    let logo = app.store.logo(hash).await?.ok_or_else(|| Fault::not_found("logo"))?;
    let headers = [
        (CONTENT_TYPE, logo.media_type.as_str()),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, logo.bytes).into_response())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
