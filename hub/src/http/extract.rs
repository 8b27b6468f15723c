//! Typed parts of a request. What cannot be read is refused with the field's name.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use plenum_domain::Id;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::fault::Fault;

/// The largest body that is read.
pub(super) const BODY_BYTES_MAX: usize = 1024 * 1024;

/// How much of a body that is too large is read and dropped.
const DROPPED_BYTES_MAX: usize = 8 * BODY_BYTES_MAX;

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A body without fields.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// For a field that may be taken away: left out it stays (`None`), null takes it away (`Some(None)`).
///
/// # Errors
/// What the field's own type says.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    reader: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

/// The query.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

/// The ids in a path. What is no id is not found.
#[derive(Clone, Copy, Debug)]
pub struct At<T = Id>(pub T);

/// A checked page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// 1 to 100.
    pub size: u32,
}

const PAGE_SIZE: u32 = 25;
const PAGE_SIZE_MAX: u32 = 100;

impl Page {
    /// Checks what a query asked for.
    ///
    /// # Errors
    /// A page 0, or a size outside 1 to 100.
    pub fn of(number: Option<u32>, size: Option<u32>) -> Result<Self, Fault> {
        let (number, size) = (number.unwrap_or(1), size.unwrap_or(PAGE_SIZE));
        match (number, size) {
            (0, _) => Err(Fault::field("page", "pages are counted from 1")),
            (_, 1..=PAGE_SIZE_MAX) => Ok(Self { number, size }),
            _ => Err(Fault::field("per_page", format!("is between 1 and {PAGE_SIZE_MAX}"))),
        }
    }

    /// How many things stand before the page.
    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Fault> {
        let json = request.headers().get(CONTENT_TYPE).is_none_or(|value| {
            value.to_str().is_ok_and(|text| text.trim_start().starts_with("application/json"))
        });
        if !json {
            let words = "send the body as application/json";
            return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", words));
        }
        let bytes = read_body(request.into_body()).await?;
        parse(if bytes.is_empty() { b"{}" } else { &bytes }).map(Self)
    }
}

/// The whole body, when it is not too large. The rest of a body that is a little too large is read and dropped, so that
/// its sender hears the refusal instead of a broken connection.
pub(super) async fn read_body(body: Body) -> Result<Bytes, Fault> {
    let mut parts = body.into_data_stream();
    let (mut bytes, mut dropped) = (BytesMut::new(), 0);
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Fault::bad_request("the body ended too early"))?;
        if dropped == 0 && bytes.len() + part.len() <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&part);
            continue;
        }
        dropped += part.len();
        if dropped > DROPPED_BYTES_MAX {
            break;
        }
    }
    if dropped == 0 { Ok(bytes.freeze()) } else { Err(too_large()) }
}

/// The body has more than [`BODY_BYTES_MAX`].
pub(super) fn too_large() -> Fault {
    let words = format!("a body has at most {BODY_BYTES_MAX} bytes");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", words).with("max_bytes", BODY_BYTES_MAX)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    if is_list(bytes) {
        return Err(Fault::field("body", "is an object, not a list"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        if error.is_syntax() || error.is_eof() {
            return Fault::bad_request(format!("the body is not JSON: {error}"));
        }
        Fault::field(&field_name(&path, &error.to_string()), in_words(&error.to_string()))
    })?;
    reader.end().map_err(|error| Fault::bad_request(format!("the body is not JSON: {error}")))?;
    Ok(value)
}

/// serde reads a list into a struct field by field; a body with names has to name them.
fn is_list(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'[')
}

/// The path of the field that is wrong; serde names an unknown or missing one in its message only.
fn field_name(path: &str, message: &str) -> String {
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    match named {
        None if path == "." => "body".to_owned(),
        None => path.to_owned(),
        Some(name) if path == "." || path == name => name.to_owned(),
        Some(name) if path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) => format!("{path}.{name}"),
    }
}

/// serde's words without the place, which means nothing to whoever wrote the fields.
fn in_words(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(words, _)| words).to_owned()
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let Query(value) = query.map_err(|rejection| {
            let message = rejection.body_text();
            let message = message.rsplit_once("query string: ").map_or(message.as_str(), |(_, words)| words);
            let (path, words) = message.split_once(": ").unwrap_or((".", message));
            Fault::field(&field_name(path, words), words)
        })?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(ids)| Self(ids)).map_err(|_| Fault::not_found("thing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by serde only")]
    struct Outer {
        title: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by serde only")]
    struct Inner {
        label: String,
    }

    fn wrong(body: &str) -> (u16, Vec<String>) {
        let fault = parse::<Outer>(body.as_bytes()).unwrap_err();
        (fault.status.as_u16(), fault.details.into_keys().collect())
    }

    #[test]
    fn the_wrong_field_is_named_with_its_path() {
        for (body, status, field) in [
            (r#"{"titel":"x"}"#, 422, "titel"),
            (r#"{"title":1}"#, 422, "title"),
            (r#"{"title":"x"}"#, 422, "inner"),
            (r#"{"title":"x","inner":[{"label":"a"},{"labl":"b"}]}"#, 422, "inner[1].labl"),
            (r#"{"title":"x","inner":[{}]}"#, 422, "inner[0].label"),
            (r#"[1]"#, 422, "body"),
        ] {
            assert_eq!(wrong(body), (status, vec![field.to_owned()]), "{body}");
        }
        assert_eq!(wrong("{").0, 400);
        assert_eq!(wrong(r#"{"title":"x","inner":[]} x"#).0, 400);
    }

    #[test]
    fn pages_are_checked() {
        assert_eq!(Page::of(None, None).unwrap(), Page { number: 1, size: 25 });
        assert_eq!(Page::of(Some(3), Some(10)).unwrap().offset(), 20);
        assert!(Page::of(Some(0), None).is_err());
        assert!(Page::of(None, Some(101)).is_err());
    }
}
