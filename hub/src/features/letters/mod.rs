//! The letters that the hub writes, in the language of whoever gets them, and sending them without anybody waiting.

mod dates;
mod language;
mod notices;
mod texts;

use plenum_domain::registration::Notice;
use plenum_push::Letter;

pub(crate) use self::language::{Language, Spoken};
use self::texts::Text;
use crate::app::App;

/// To whom a letter goes, from whom, and in which language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    /// The name.
    pub(crate) name: &'a str,
    /// The mail address.
    pub(crate) email: &'a str,
    /// What the organisation is called.
    pub(crate) tenant: &'a str,
    /// The language.
    pub(crate) language: Language,
}

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
pub(crate) fn invitation(to: Address<'_>, by: &str, link: &str, days: i64) -> Letter {
    let days = days.to_string();
    written(to, texts::INVITATION, &[("by", by), ("days", &days), ("link", link)])
}

/// To someone who may choose another password.
pub(crate) fn reset(to: Address<'_>, link: &str, minutes: i64) -> Letter {
    let minutes = minutes.to_string();
    written(to, texts::RESET, &[("minutes", &minutes), ("link", link)])
}

/// To someone whose password was changed, so that they hear of it when it was not them.
pub(crate) fn changed(to: Address<'_>) -> Letter {
    written(to, texts::CHANGED, &[])
}

/// What a letter about a registration names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// What the conference is called.
    pub(crate) title: &'a str,
    /// Its time zone.
    pub(crate) zone: &'a str,
    /// Its first and its last day.
    pub(crate) days: (&'a str, &'a str),
    /// The page that shows how the registration stands.
    pub(crate) link: &'a str,
}

/// To someone who registered.
pub(crate) fn notice(to: Address<'_>, notice: Notice, about: &About<'_>) -> Letter {
    let dates = dates::span(to.language, about.days.0, about.days.1);
    let holes = [("title", about.title), ("zone", about.zone), ("dates", &dates), ("link", about.link)];
    written(to, notices::texts(notice), &holes)
}

fn written(to: Address<'_>, texts: [Text; 5], holes: &[(&str, &str)]) -> Letter {
    let Text { subject, text } = texts[to.language as usize];
    let all = [&[("name", to.name), ("tenant", to.tenant)], holes].concat();
    Letter {
        to_name: to.name.to_owned(),
        to: to.email.to_owned(),
        subject: filled(subject, &all),
        text: filled(text, &all),
        ..Letter::default()
    }
}

/// The text with its `{holes}` filled, each once: what fills one may look like another and is not.
fn filled(text: &str, holes: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 80);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, next) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(holes.iter().find(|(hole, _)| *hole == name).map_or("", |(_, value)| value));
        rest = next;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(language: Language) -> Address<'static> {
        Address { name: "Noor", email: "noor@x.example", tenant: "{link} & Sons", language }
    }

    const ABOUT: About<'_> = About {
        title: "Harbour",
        zone: "Europe/Berlin",
        days: ("2026-11-22", "2026-11-24"),
        link: "https://x.example/r#3",
    };

    #[test]
    fn every_language_says_all_that_a_letter_has_to_say() {
        for (_, language) in Language::ALL {
            let letter = invitation(to(language), "Mona", "https://x.example/i#1", 7);
            for part in ["Noor", "{link} & Sons", "Mona", "https://x.example/i#1", "7"] {
                assert!(letter.text.contains(part), "{language:?} leaves {part} out: {}", letter.text);
            }
            assert!(letter.subject.contains("{link} & Sons"), "what fills a hole is no hole");
            let letter = reset(to(language), "https://x.example/r#2", 60);
            assert!(
                letter.text.contains("https://x.example/r#2") && letter.text.contains("60"),
                "{language:?}"
            );
            assert!(changed(to(language)).text.contains("{link} & Sons"), "{language:?}");
            for one in Notice::ALL {
                let letter = notice(to(language), one, &ABOUT);
                for part in
                    ["Noor", "{link} & Sons", "Harbour", "Europe/Berlin", "2026", "https://x.example/r#3"]
                {
                    assert!(letter.text.contains(part), "{language:?} leaves {part} out: {}", letter.text);
                }
                assert!(letter.subject.contains("Harbour") && !letter.text.contains("{title}"));
            }
        }
    }

    #[test]
    fn no_two_languages_say_the_same() {
        let of_notices = Notice::ALL.map(notices::texts);
        for texts in [texts::INVITATION, texts::RESET, texts::CHANGED].into_iter().chain(of_notices) {
            let said: std::collections::BTreeSet<&str> = texts.iter().map(|one| one.text).collect();
            assert_eq!(said.len(), Language::ALL.len());
        }
    }
}
