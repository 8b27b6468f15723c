//! What a handler that succeeded says.

use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::envelope::Outcome;
use super::fault::Fault;
use super::version;

/// An answer's data, on its way into the envelope.
#[derive(Debug)]
pub struct Answer<T> {
    status: StatusCode,
    data: T,
    part: Option<Part>,
    version: Option<i64>,
    secret: bool,
}

/// The answer has a secret: it must not be written down.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShownOnce;

/// Which part of something longer an answer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A page of a list.
    Pages(Pages),
    /// A piece of a stream.
    Cursor(Cursor),
}

/// Where a stream goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cursor {
    /// The `cursor` of the next request; null at the end.
    #[schema(example = "1041")]
    pub next: Option<String>,
}

/// Which part of a list an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Pages {
    /// Counted from 1.
    #[schema(example = 1)]
    pub current_page: u32,
    /// How many a page has.
    #[schema(example = 25)]
    pub per_page: u32,
    /// How many there are in all.
    #[schema(example = 3)]
    pub total: u64,
    /// The last page; 1 when there is nothing.
    #[schema(example = 1)]
    pub last_page: u32,
}

impl<T: Serialize> Answer<T> {
    /// Here it is.
    pub const fn ok(data: T) -> Self {
        Self { status: StatusCode::OK, data, part: None, version: None, secret: false }
    }

    /// It was made.
    pub const fn created(data: T) -> Self {
        Self { status: StatusCode::CREATED, data, part: None, version: None, secret: false }
    }

    /// The same, naming the version of what it shows in its `ETag`: an edit can say that it was made from it.
    #[must_use]
    pub const fn at_version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// The same, with a secret that is shown once: it is not kept for an `Idempotency-Key`.
    #[must_use]
    pub const fn shown_once(mut self) -> Self {
        self.secret = true;
        self
    }

    /// A piece of a stream, and where it goes on.
    pub const fn piece(data: T, next: Option<String>) -> Self {
        Self {
            status: StatusCode::OK,
            data,
            part: Some(Part::Cursor(Cursor { next })),
            version: None,
            secret: false,
        }
    }

    /// One page of a list.
    pub const fn page(data: T, pages: Pages) -> Self {
        Self { status: StatusCode::OK, data, part: Some(Part::Pages(pages)), version: None, secret: false }
    }
}

/// The first `size` of what was found when one more than that was asked for, and the cursor behind the last of them when
/// there is more: what [`Answer::piece`] tells.
pub fn cut<T>(mut found: Vec<T>, size: u32, cursor: impl FnOnce(&T) -> String) -> (Vec<T>, Option<String>) {
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let next = found.last().filter(|_| more).map(cursor);
    (found, next)
}

impl Pages {
    /// The page that `page` and `per_page` asked for, of `total`.
    pub fn of(page: u32, per_page: u32, total: u64) -> Self {
        let last = total.div_ceil(u64::from(per_page.max(1))).max(1);
        Self { current_page: page, per_page, total, last_page: u32::try_from(last).unwrap_or(u32::MAX) }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let data = match serde_json::value::to_raw_value(&self.data) {
            Ok(data) => data,
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written");
                return Fault::internal().into_response();
            }
        };
        let mut response = self.status.into_response();
        if self.secret {
            response.extensions_mut().insert(ShownOnce);
        }
        if let Some(version) = self.version {
            response.headers_mut().insert(ETAG, version::tag(version));
        }
        response.extensions_mut().insert(Outcome::Data { data: data.into(), part: self.part });
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{Pages, cut};

    #[test]
    fn a_piece_goes_on_when_one_more_was_found() {
        let piece = |size| cut(vec![7, 8, 9], size, i32::to_string);
        assert_eq!(piece(2), (vec![7, 8], Some("8".to_owned())));
        assert_eq!(piece(3), (vec![7, 8, 9], None));
        assert_eq!(cut(Vec::new(), 2, i32::to_string), (vec![], None));
    }

    #[test]
    fn the_last_page_is_never_0() {
        assert_eq!(Pages::of(1, 25, 0).last_page, 1);
        assert_eq!(Pages::of(1, 25, 25).last_page, 1);
        assert_eq!(Pages::of(1, 25, 26).last_page, 2);
    }
}
