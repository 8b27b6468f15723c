//! The letters that the hub writes, and sending them without anybody waiting.

use plenum_push::Letter;

use crate::app::App;

/// Sends a letter in the background. Whether it arrives is in the log: whoever asked learns nothing about addresses.
pub(crate) fn send(app: &App, letter: Letter) {
    let app = app.clone();
    tokio::spawn(async move {
        let sent = app.mail.send(&letter).await;
        let result = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!("plenum_mails_total", "result" => result).increment(1);
        if let Err(error) = sent {
            tracing::error!(%error, "a mail was not sent");
        }
    });
}

/// To someone who may have an account.
pub(crate) fn invitation(to: (&str, &str), tenant: &str, by: &str, link: &str, days: i64) -> Letter {
    let (to_name, to) = to;
    let text = format!(
        "Hello {to_name},\n\n{by} invites you to {tenant}.\n\nChoose a password here within {days} days:\n{link}\n\n\
         If you did not expect this, you need not do anything.\n"
    );
    Letter {
        to_name: to_name.to_owned(),
        to: to.to_owned(),
        subject: format!("{tenant}: your invitation"),
        text,
    }
}

/// To someone who may choose another password.
pub(crate) fn reset(to: (&str, &str), tenant: &str, link: &str, minutes: i64) -> Letter {
    let (to_name, to) = to;
    let text = format!(
        "Hello {to_name},\n\nsomeone, hopefully you, asked for a new password for {tenant}.\n\nChoose it here within \
         {minutes} minutes:\n{link}\n\nIf it was not you, nothing has changed, and you need not do anything.\n"
    );
    Letter {
        to_name: to_name.to_owned(),
        to: to.to_owned(),
        subject: format!("{tenant}: a new password"),
        text,
    }
}

/// To someone whose password was changed, so that they hear of it when it was not them.
pub(crate) fn changed(to: (&str, &str), tenant: &str) -> Letter {
    let (to_name, to) = to;
    let text = format!(
        "Hello {to_name},\n\nyour password for {tenant} was changed, and you were signed out elsewhere.\n\nIf it was \
         not you, tell whoever runs {tenant}.\n"
    );
    Letter {
        to_name: to_name.to_owned(),
        to: to.to_owned(),
        subject: format!("{tenant}: your password was changed"),
        text,
    }
}
