//! Lost updates: an answer names the version of what it shows (`ETag`), and an edit may name the one that it was made
//! from (`If-Match`). An edit of something that changed in between is refused.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, IF_MATCH};
use axum::http::request::Parts;

use super::fault::Fault;

/// The versions that an edit may be made to; none when its sender named none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IfMatch(Option<Vec<i64>>);

impl IfMatch {
    /// Refuses an edit that was made from another version than `current`. Returns what the store's statement has to
    /// find still there, so that of two edits at once one is refused too.
    ///
    /// # Errors
    /// 412 `VERSION_MISMATCH`.
    pub fn against(&self, current: i64) -> Result<Option<i64>, Fault> {
        match &self.0 {
            None => Ok(None),
            Some(named) if named.contains(&current) => Ok(Some(current)),
            Some(_) => Err(outdated()),
        }
    }
}

/// Someone else's edit came first.
pub fn outdated() -> Fault {
    let words = "it was changed since you read it: read it again, and make your change to what it is now";
    Fault::new(StatusCode::PRECONDITION_FAILED, "VERSION_MISMATCH", words)
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Fault> {
        let mut named = Vec::new();
        for value in parts.headers.get_all(IF_MATCH) {
            let text = value.to_str().map_err(|_| unreadable())?;
            for tag in text.split(',').map(str::trim) {
                if tag == "*" {
                    return Ok(Self(None));
                }
                named.push(read(tag)?);
            }
        }
        Ok(Self((!named.is_empty()).then_some(named)))
    }
}

/// A strong tag in quotes; the quotes may be left out. Weak tags never match (RFC 9110, section 13.1.1), and none is
/// ever given out.
fn read(tag: &str) -> Result<i64, Fault> {
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
    inner.parse().map_err(|_| unreadable())
}

fn unreadable() -> Fault {
    Fault::field("If-Match", "is the ETag of an earlier answer")
}

/// A version as an `ETag`.
pub(super) fn tag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).expect("a number in quotes is a header's value")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn named(value: Option<&str>) -> Result<IfMatch, Fault> {
        let mut request = axum::http::Request::new(());
        if let Some(value) = value {
            request.headers_mut().insert(IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        IfMatch::from_request_parts(&mut request.into_parts().0, &()).await
    }

    #[tokio::test]
    async fn an_edit_of_what_changed_in_between_is_refused() {
        assert_eq!(named(None).await.unwrap().against(7).unwrap(), None);
        assert_eq!(named(Some("*")).await.unwrap().against(7).unwrap(), None);
        assert_eq!(named(Some("\"7\"")).await.unwrap().against(7).unwrap(), Some(7));
        assert_eq!(named(Some("\"6\", \"7\"")).await.unwrap().against(7).unwrap(), Some(7));
        let fault = named(Some("\"6\"")).await.unwrap().against(7).unwrap_err();
        assert_eq!((fault.status.as_u16(), &*fault.code), (412, "VERSION_MISMATCH"));
        assert_eq!(named(Some("W/\"7\"")).await.unwrap_err().status, 422);
        assert_eq!(named(Some("seven")).await.unwrap_err().status, 422);
    }
}
