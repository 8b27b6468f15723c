//! Which of our languages a letter is written in.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use crate::tenants::Standing;

/// A language that letters are written in; the pages speak the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    En,
    /// Turkish.
    Tr,
    /// Arabic.
    Ar,
    /// German.
    De,
    /// French.
    Fr,
}

impl Language {
    /// All of them with their codes, in the order of the texts.
    pub(super) const ALL: [(&str, Self); 5] =
        [("en", Self::En), ("tr", Self::Tr), ("ar", Self::Ar), ("de", Self::De), ("fr", Self::Fr)];

    /// The language of a tag such as `de-AT`.
    fn of_tag(tag: &str) -> Option<Self> {
        let main = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|(code, _)| *code == main).map(|(_, language)| language)
    }

    /// For someone who said what they read best, or did not: then the tenant's.
    pub(crate) fn of_reader(tag: Option<&str>, standing: &Standing) -> Self {
        tag.and_then(Self::of_tag).or_else(|| Self::of_tenant(standing)).unwrap_or(Self::En)
    }

    /// The one that a tenant chose for those who have not chosen.
    pub(crate) fn of_tenant(standing: &Standing) -> Option<Self> {
        standing.setup.profile.default_language.as_deref().and_then(Self::of_tag)
    }
}

/// What whoever asks reads best, by `Accept-Language`; none when that is none of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken(Option<Language>);

impl Spoken {
    /// Its code; none when it is none of ours.
    pub(crate) fn code(self) -> Option<&'static str> {
        let of = |language| Language::ALL.into_iter().find(|(_, one)| *one == language);
        self.0.and_then(of).map(|(code, _)| code)
    }

    /// For a letter to whoever asks: their own language, else the tenant's.
    pub(crate) fn own(self, standing: &Standing) -> Language {
        self.0.or_else(|| Language::of_tenant(standing)).unwrap_or(Language::En)
    }

    /// For a letter to somebody else: the tenant's language, else that of whoever asks.
    pub(crate) fn others(self, standing: &Standing) -> Language {
        Language::of_tenant(standing).or(self.0).unwrap_or(Language::En)
    }

    /// The language with the greatest weight (RFC 9110, section 12.5.4); of equal ones the first.
    fn of_header(text: &str) -> Self {
        let wished = text.split(',').filter_map(|part| {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            Some((Language::of_tag(tag)?, weight.trim().parse::<f32>().ok().filter(|weight| *weight > 0.0)?))
        });
        let best = wished.reduce(|best, next| if next.1 > best.1 { next } else { best });
        Self(best.map(|(language, _)| language))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Spoken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(header.map_or(Self(None), Self::of_header))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_greatest_weight_is_taken() {
        let spoken = |text| Spoken::of_header(text).0;
        assert_eq!(spoken("de-AT, en;q=0.5"), Some(Language::De));
        assert_eq!(spoken("ja, tr;q=0.3, ar-EG;q=0.8"), Some(Language::Ar));
        assert_eq!(spoken("fr;q=0, en;q=x"), None);
        assert_eq!(spoken("*"), None);
    }

    #[test]
    fn the_order_is_that_of_the_texts() {
        for (place, (_, language)) in Language::ALL.into_iter().enumerate() {
            assert_eq!(language as usize, place);
        }
    }
}
