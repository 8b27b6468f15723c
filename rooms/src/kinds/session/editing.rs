//! What a session is called, when it is and where: as the programme had it, until a moderator says otherwise.

use plenum_domain::text::clean;

use super::state::Session;
use super::wire::{Edit, Fact, Rejection, Settings};

/// The longest title and the longest name of a hall, in characters.
const MAX_TITLE: usize = 300;

impl Session {
    /// What is left out stays; an empty hall is none.
    pub(super) fn edit(&self, edit: Edit) -> Result<Vec<Fact>, Rejection> {
        let now = self.about();
        let next = Settings {
            title: edit.title.map_or_else(|| Ok(now.title.clone()), |raw| text("title", &raw))?,
            starts_ms: edit.starts_ms.or(now.starts_ms),
            ends_ms: edit.ends_ms.or(now.ends_ms),
            hall: match edit.hall {
                Some(raw) if raw.trim().is_empty() => None,
                Some(raw) => Some(text("hall", &raw)?),
                None => now.hall.clone(),
            },
        };
        if next.ends_ms.is_some_and(|ends| next.starts_ms.is_some_and(|starts| ends < starts)) {
            return Err(Rejection::Unfit("ends_ms", "is before starts_ms".to_owned()));
        }
        Ok(if next == now { Vec::new() } else { vec![Fact::Edited(next)] })
    }

    fn about(&self) -> Settings {
        let (starts_ms, ends_ms) = (self.starts_ms, self.ends_ms);
        Settings { title: self.title.clone(), starts_ms, ends_ms, hall: self.hall.clone() }
    }

    pub(super) fn edited(&mut self, about: &Settings) {
        let Settings { title, starts_ms, ends_ms, hall } = about.clone();
        (self.title, self.starts_ms, self.ends_ms, self.hall) = (title, starts_ms, ends_ms, hall);
    }
}

/// A title or the name of a hall, cleaned.
pub(super) fn text(field: &'static str, raw: &str) -> Result<String, Rejection> {
    clean(raw, MAX_TITLE).map_err(|why| Rejection::Unfit(field, why.to_string()))
}
