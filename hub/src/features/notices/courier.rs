//! Sends the letters that are due, behind whoever caused them.

use std::time::Duration;

use plenum_domain::Timestamp;
use plenum_persistence::store::{LetterEnd, RegistrationLetter, StoreError};
use plenum_push::channel::mail::MailError;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::{retry, writing};
use crate::app::App;

/// Said of letters whose hub ended while it sent them.
pub(crate) const LOST: &str = "the hub ended while it was sent: it may have arrived";

/// How often the hub looks for letters.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// So many are on their way at once; mail servers refuse more connections sooner or later.
const AT_ONCE: u32 = 8;
/// Longer than any mail server lets us wait.
const UNDER_WAY_MAX_MS: i64 = 15 * 60_000;

/// Sends letters until the process ends. Of several hubs on one store each takes others.
pub(crate) async fn deliver(app: App) {
    let mut beat = tokio::time::interval(LOOK_EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        loop {
            match round(&app).await {
                Ok(sent) if sent == AT_ONCE as usize => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "letters that are due are not known; the next look will tell");
                    break;
                }
            }
        }
    }
}

/// Sends some of those that are due, and says how many.
async fn round(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let taken = app.store.take_letters(now, now.plus_ms(UNDER_WAY_MAX_MS), AT_ONCE).await?;
    let count = taken.len();
    let mut sending = JoinSet::new();
    for due in taken {
        sending.spawn(send(app.clone(), due));
    }
    while let Some(ended) = sending.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a letter was not written; it will count as failed");
        }
    }
    Ok(count)
}

async fn send(app: App, due: RegistrationLetter) {
    let written = writing::written(&app, &due).await;
    let now = app.clock.now();
    let end = match written {
        Ok(None) => LetterEnd::Outdated,
        Ok(Some(letter)) => after(app.mail.send(&letter).await, due.tries, now),
        Err(error) => later(error.to_string(), due.tries, now),
    };
    let result = match &end {
        LetterEnd::Sent => "sent",
        LetterEnd::Outdated => "outdated",
        LetterEnd::Again(..) | LetterEnd::Failed(_) => "failed",
    };
    metrics::counter!("plenum_mails_total", "result" => result).increment(1);
    if let LetterEnd::Failed(reason) | LetterEnd::Again(reason, _) = &end {
        tracing::warn!(participant.id = %due.participant, tries = due.tries, reason, "a letter did not go");
    }
    if let Err(error) = app.store.letter_ended(&due, &end, now).await {
        tracing::error!(%error, "what became of a letter was not written down; it will count as failed");
    }
}

fn after(sent: Result<(), MailError>, tries: i64, now: Timestamp) -> LetterEnd {
    match sent {
        Ok(()) => LetterEnd::Sent,
        Err(error @ (MailError::Address(_) | MailError::Never(_))) => LetterEnd::Failed(error.to_string()),
        Err(error) => later(error.to_string(), tries, now),
    }
}

fn later(reason: String, tries: i64, now: Timestamp) -> LetterEnd {
    match retry::next(tries, now) {
        Some(at) => LetterEnd::Again(reason, at),
        None => LetterEnd::Failed(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_will_never_take_is_not_tried_again() {
        let now = Timestamp::from_ms(0);
        assert_eq!(after(Ok(()), 1, now), LetterEnd::Sent);
        for never in [MailError::Address("x".into()), MailError::Never("550".into())] {
            assert!(matches!(after(Err(never), 1, now), LetterEnd::Failed(_)));
        }
        let away = || Err(MailError::Refused("no server".into()));
        assert!(matches!(after(away(), 1, now), LetterEnd::Again(_, at) if at > now));
        assert!(matches!(after(away(), 7, now), LetterEnd::Failed(_)));
    }
}
