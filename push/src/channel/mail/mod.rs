//! Mail: over SMTP, or into a folder when no server is configured, so that nothing that was written is lost.

use std::path::{Path, PathBuf};

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp::response::Category;
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::{Enclosed, Letter};

/// Where mail goes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `smtp://USER:PASSWORD@HOST:PORT?tls=required` or `smtps://…`; none for the folder.
    pub url: Option<String>,
    /// The folder for mail without a server.
    pub folder: PathBuf,
    /// Who writes: `Plenum <plenum@example.org>`.
    pub from: String,
}

/// Why mail cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The settings are wrong; says which.
    #[error("{key}: {reason}")]
    Setting {
        /// The configuration's key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The address is none.
    #[error("{0} is no address that mail can be sent to")]
    Address(String),
    /// The server does not take it, and would not later.
    #[error("the mail server refuses it: {0}")]
    Never(String),
    /// The server or the folder did not take it.
    #[error("the mail was not taken: {0}")]
    Refused(String),
}

/// Sends mail. Clones share its connections.
#[derive(Clone)]
pub struct Mail {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

impl Mail {
    /// Reads the settings; connects when there is something to send.
    ///
    /// # Errors
    /// A setting cannot work, or the folder cannot be made.
    pub fn open(settings: &Settings) -> Result<Self, MailError> {
        let wrong = |key: &'static str| move |reason: String| MailError::Setting { key, reason };
        let from = settings.from.parse().map_err(|error| wrong("mail.from")(format!("{error}")))?;
        let way = match &settings.url {
            Some(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
                Way::Server(server.map_err(|error| wrong("mail.url")(error.to_string()))?.build())
            }
            None => Way::Folder(
                folder(&settings.folder).map_err(|error| wrong("mail.folder")(error.to_string()))?,
            ),
        };
        Ok(Self { from, way })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// The address is none, or nobody took it.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = self.message(letter)?;
        match &self.way {
            Way::Server(server) => server.send(message).await.map(drop).map_err(|error| of_server(&error)),
            Way::Folder(folder) => folder.send(message).await.map(drop).map_err(refused),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, MailError> {
        let address: Address = letter.to.parse().map_err(|_| MailError::Address(letter.to.clone()))?;
        let mut head = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(one_line(&letter.to_name)), address))
            .subject(one_line(&letter.subject));
        if let Some(answer_to) = letter.answer_to.as_ref().and_then(|address| address.parse().ok()) {
            head = head.reply_to(Mailbox::new(None, answer_to));
        }
        filled(head, letter)
    }
}

/// The text, and what comes with it.
fn filled(head: MessageBuilder, letter: &Letter) -> Result<Message, MailError> {
    let whole = if letter.enclosed.is_empty() {
        head.header(ContentType::TEXT_PLAIN).body(letter.text.clone())
    } else {
        let text = MultiPart::mixed().singlepart(SinglePart::plain(letter.text.clone()));
        head.multipart(letter.enclosed.iter().map(attached).fold(text, MultiPart::singlepart))
    };
    whole.map_err(|error| MailError::Refused(error.to_string()))
}

fn attached(file: &Enclosed) -> SinglePart {
    let media_type = ContentType::parse(file.media_type).expect("we name media types that there are");
    Attachment::new(file.name.clone()).body(file.bytes.clone(), media_type)
}

/// What stands in a letter's head must not begin another line of it.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn folder(path: &Path) -> std::io::Result<AsyncFileTransport<Tokio1Executor>> {
    std::fs::create_dir_all(path)?;
    Ok(AsyncFileTransport::new(path))
}

/// A permanent no to the letter; one to us (530 to 538: sign-in, encryption) ends when the settings are right.
fn of_server(error: &lettre::transport::smtp::Error) -> MailError {
    let is_about_us = error.status().is_some_and(|code| code.category == Category::Unspecified3);
    if error.is_permanent() && !is_about_us { MailError::Never(error.to_string()) } else { refused(error) }
}

fn refused(error: impl std::fmt::Display) -> MailError {
    MailError::Refused(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path, url: Option<&str>) -> Settings {
        let from = "Plenum <plenum@example.org>".to_owned();
        Settings { url: url.map(str::to_owned), folder: folder.to_owned(), from }
    }

    fn letter(to: &str) -> Letter {
        let (to_name, subject, text) = ("Noor".into(), "Günaydın".into(), "مرحبا, Noor".into());
        Letter { to_name, to: to.into(), subject, text, ..Letter::default() }
    }

    #[tokio::test]
    async fn without_a_server_mail_is_kept_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let mail = Mail::open(&settings(&path, None)).unwrap();
        mail.send(&letter("noor@example.org")).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(&path).unwrap().map(Result::unwrap).collect();
        let text = std::fs::read_to_string(files[0].path()).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(one_line("Noor\r\nBcc: all@example.org"), "Noor  Bcc: all@example.org");
        assert!(
            text.contains("To: Noor <noor@example.org>") && text.contains("plenum@example.org"),
            "{text}"
        );
        let refused = mail.send(&letter("nobody")).await.unwrap_err();
        assert!(matches!(refused, MailError::Address(_)), "{refused}");
    }

    #[tokio::test]
    async fn files_come_with_a_letter_and_answers_go_to_whom_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let mail = Mail::open(&settings(folder.path(), None)).unwrap();
        let enclosed =
            vec![Enclosed { name: "day.ics".into(), media_type: "text/calendar", bytes: b"BEGIN".into() }];
        let answer_to = Some("desk@example.org".into());
        mail.send(&Letter { enclosed, answer_to, ..letter("noor@example.org") }).await.unwrap();
        let file = std::fs::read_dir(folder.path()).unwrap().find_map(Result::ok).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        for part in ["Reply-To: desk@example.org", "multipart/mixed", "filename=\"day.ics\"", "text/calendar"]
        {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[tokio::test]
    async fn a_setting_that_cannot_work_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = Mail::open(&settings(folder.path(), Some("fax://x"))).err().unwrap().to_string();
        assert!(wrong.starts_with("mail.url"), "{wrong}");
        let nobody = Settings { from: "nobody".into(), ..settings(folder.path(), None) };
        assert!(Mail::open(&nobody).err().unwrap().to_string().starts_with("mail.from"));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let url = format!("smtp://127.0.0.1:{port}");
        let mail = Mail::open(&settings(folder.path(), Some(&url))).unwrap();
        let refused = mail.send(&letter("noor@example.org")).await.unwrap_err();
        assert!(matches!(refused, MailError::Refused(_)), "{refused}");
    }
}
