//! Requests without a token (signing in, joining, pairing): their answers hold secrets, so they are kept in memory only.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plenum_domain::Timestamp;

use super::{KEPT_MS, is_kept, other_request, replayed, under_way};
use crate::app::App;
use crate::http::envelope::Outcome;
use crate::http::fault::Fault;

/// The answers kept; the oldest go first.
const KEPT_MAX: usize = 8_192;

#[derive(Clone)]
struct Entry {
    hash: [u8; 32],
    begun: Timestamp,
    /// None while the request is being answered.
    answer: Option<(StatusCode, Outcome)>,
}

/// The last answers to those without a name.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    entries: HashMap<String, Entry>,
    order: VecDeque<String>,
}

impl Recent {
    /// Claims the key, or says what is known of it.
    fn begin(
        &self,
        key: &str,
        hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(StatusCode, Outcome)>, Fault> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.entries.get(key).filter(|entry| now.since_ms(entry.begun) < KEPT_MS);
        match known {
            Some(entry) if entry.hash != hash => Err(other_request()),
            Some(Entry { answer: None, .. }) => Err(under_way()),
            Some(Entry { answer: Some(answer), .. }) => Ok(Some(answer.clone())),
            None => {
                kept.remember(key, Entry { hash, begun: now, answer: None });
                Ok(None)
            }
        }
    }

    /// Keeps an answer, or gives the key free when there is none to keep.
    fn finish(&self, key: &str, answer: Option<(StatusCode, Outcome)>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (answer, kept.entries.get_mut(key)) {
            (Some(answer), Some(entry)) => entry.answer = Some(answer),
            _ => drop(kept.entries.remove(key)),
        }
    }
}

impl Kept {
    fn remember(&mut self, key: &str, entry: Entry) {
        if self.entries.insert(key.to_owned(), entry).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > KEPT_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
    }
}

/// Gives the key free when the request ends without an answer (its sender went away, or it took too long).
struct Claim<'a> {
    recent: &'a Recent,
    key: &'a str,
    answer: Option<(StatusCode, Outcome)>,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.recent.finish(self.key, self.answer.take());
    }
}

pub(super) async fn answer(
    app: &App,
    key: &str,
    hash: [u8; 32],
    request: Request,
    next: Next,
) -> Result<Response, Fault> {
    if let Some((status, outcome)) = app.recent.begin(key, hash, app.clock.now())? {
        let mut response = status.into_response();
        response.extensions_mut().insert(outcome);
        return Ok(replayed(response));
    }
    let mut claim = Claim { recent: &app.recent, key, answer: None };
    let response = next.run(request).await;
    let status = response.status();
    let outcome = response.extensions().get::<Outcome>().filter(|_| is_kept(status));
    claim.answer = outcome.map(|outcome| (status, outcome.clone()));
    Ok(response)
}
