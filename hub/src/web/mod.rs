//! The web client: files made by its build, held in the program, sent as they were compressed.

mod docs;
mod encoding;
mod policy;

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

pub(crate) use docs::docs;
pub(crate) use policy::{Policy, protect};

use encoding::Encoding;

/// The client's build. A program that was built before the client has none and says so.
#[derive(RustEmbed)]
#[folder = "../clients/web/build"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// Names that carry a hash of what is in them: they never change.
const HASHED: &str = "_app/immutable/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers a request for a file of the client; a path without a file is a place in the app.
pub(crate) async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let headers = request.headers();
    match send(path, headers) {
        Some(response) => response,
        None if names_a_file(path) => (StatusCode::NOT_FOUND, "there is no such file").into_response(),
        None => send(INDEX, headers).unwrap_or_else(not_built),
    }
}

/// The page of the app, for the policy that lets its own scripts run.
pub(super) fn index() -> Option<Cow<'static, [u8]>> {
    Files::get(INDEX).map(|file| file.data)
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn send(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = || Files::get(path).map(|file| (file, Encoding::Identity));
    let asked = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = Encoding::wanted(asked)
        .into_iter()
        .find_map(|encoding| Some((Files::get(&format!("{path}{}", encoding.ending()))?, encoding)));
    let (file, encoding) = compressed.or_else(plain)?;
    Some(respond(path, file, encoding, headers))
}

fn respond(path: &str, file: EmbeddedFile, encoding: Encoding, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", short_hex(&file.metadata.sha256_hash()));
    let known = asked.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = match unchanged {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Response::new(Body::from(file.data.into_owned())),
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, if path.starts_with(HASHED) { FOREVER } else { ASK_AGAIN });
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag)));
    if !unchanged {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
        headers.extend(encoding.name().map(|name| (CONTENT_ENCODING, HeaderValue::from_static(name))));
    }
    response
}

fn short_hex(hash: &[u8]) -> String {
    hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// Media types of what a build of the client has (IANA's registry).
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// What is shown by a program that was built without the client.
fn not_built() -> Response {
    let page = include_str!("not_built.html");
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
