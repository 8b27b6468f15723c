//! A list of attendees as CSV (RFC 4180): a head with `name` and `email`, then one line a person. Columns that are called
//! as a field of the form have its answers.

use plenum_domain::registration::{Field, Notice, checked_answers, from_cell};
use plenum_domain::{Id, Role, Roles, Timestamp};
use plenum_persistence::store::{Conference, Edit, NewParticipant, StoreError};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::features::join::NAME_CHARS_MAX;
use crate::http::Wrongs;

/// People that are written at once: those who join meanwhile wait for no more than these.
const PIECE: usize = 250;

/// Someone on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    /// The name that others will see.
    pub name: String,
    /// The address; also what a later list finds the person by.
    pub email: String,
    /// What they answer, by the ids of the fields.
    pub answers: Map<String, Value>,
}

/// Why a list was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ListFailure {
    /// A line is wrong.
    #[error("{file}:{line}: {wrong}")]
    Line {
        /// The file as it was named.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        wrong: String,
    },
    /// The store cannot take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a list. Columns other than `name` (or `display_name`), `email` and those of `fields` are left alone.
///
/// # Errors
/// The first line that is wrong.
pub fn read(file: &str, text: &str, fields: &[Field]) -> Result<Vec<Attendee>, ListFailure> {
    let fail = |(line, wrong)| ListFailure::Line { file: file.to_owned(), line, wrong };
    let each = |(line, read): (usize, Result<Attendee, String>)| read.map_err(|wrong| fail((line, wrong)));
    lines(text, fields).map_err(fail)?.into_iter().map(each).collect()
}

/// A line's number, counted from 1, and who is on it or what is wrong with it.
pub type Line = (usize, Result<Attendee, String>);

/// Reads a list line by line.
///
/// # Errors
/// The line at which it cannot be read any further: its head, or a quote that is not closed.
pub fn lines(text: &str, fields: &[Field]) -> Result<Vec<Line>, (usize, String)> {
    let fail = |line: usize, wrong: &str| (line, wrong.to_owned());
    let mut rows = rows(text).map_err(|line| fail(line, "a quoted field is not closed"))?.into_iter();
    let (_, head) = rows.next().ok_or_else(|| fail(1, "the list is empty"))?;
    let column =
        |names: &[&str]| head.iter().position(|cell| names.contains(&cell.trim().to_lowercase().as_str()));
    let name = column(&["name", "display_name"]).ok_or_else(|| fail(1, "there is no column `name`"))?;
    let email = column(&["email", "e-mail"]).ok_or_else(|| fail(1, "there is no column `email`"))?;
    let asked: Vec<(&Field, usize)> =
        fields.iter().filter_map(|field| Some((field, column_of(field, &head, [name, email])?))).collect();
    let line = |(line, cells): (usize, Vec<String>)| {
        let mut wrong = Wrongs::new();
        let cell = |at: usize| cells.get(at).map_or("", |cell| unguarded(cell));
        let attendee = Attendee {
            name: wrong.text("name", cell(name), NAME_CHARS_MAX),
            email: wrong.email("email", cell(email)),
            answers: answers(&mut wrong, &asked, cell),
        };
        (line, wrong.done().map(|()| attendee).map_err(|fault| fault.in_words()))
    };
    Ok(rows.map(line).collect())
}

/// A text that a spreadsheet would run is exported with an apostrophe before it.
fn unguarded(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    rest.unwrap_or(cell)
}

/// Where the answers to a field stand: under its id, under `answers.` and its id, or under its label in any language.
fn column_of(field: &Field, head: &[String], taken: [usize; 2]) -> Option<usize> {
    let labels = field.texts.values().map(|texts| &texts.label).filter(|label| !label.is_empty());
    let labels = std::iter::once(&field.label).chain(labels).map(|label| label.trim().to_lowercase());
    let names = [format!("answers.{}", field.id), field.id.clone()].into_iter().chain(labels);
    let is_free = |at: &usize| !taken.contains(at);
    let named =
        |name: String| head.iter().position(|cell| cell.trim().to_lowercase() == name).filter(is_free);
    names.into_iter().find_map(named)
}

/// What someone answers; none has to be there.
fn answers<'a>(
    wrong: &mut Wrongs,
    asked: &[(&Field, usize)],
    cell: impl Fn(usize) -> &'a str,
) -> Map<String, Value> {
    let given = asked.iter().map(|(field, at)| (field.id.clone(), from_cell(field, cell(*at))));
    let fields: Vec<Field> =
        asked.iter().map(|(field, _)| Field { required: false, ..(*field).clone() }).collect();
    checked_answers(&fields, &given.collect()).unwrap_or_else(|all| {
        all.into_iter().for_each(|(name, why)| wrong.add(&format!("answers.{name}"), why));
        Map::new()
    })
}

/// The rows that are not empty, each with the number of its first line; the line of a quote that is never closed.
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, usize> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut first_line, mut quoted) = (1, 1, None);
    let mut chars = text.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted.is_some() && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' if quoted.is_some() => quoted = None,
            '"' if cell.is_empty() => quoted = Some(line),
            ',' | ';' if quoted.is_none() => row.push(std::mem::take(&mut cell)),
            '\r' if quoted.is_none() => {}
            '\n' if quoted.is_none() => {
                row.push(std::mem::take(&mut cell));
                rows.push((first_line, std::mem::take(&mut row)));
                first_line = line;
            }
            other => cell.push(other),
        }
    }
    if let Some(opened) = quoted {
        return Err(opened);
    }
    row.push(cell);
    rows.push((first_line, row));
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

/// Makes everyone on the list a participant, and has them written to when there is a notice; who is there already stays
/// as they are.
///
/// # Errors
/// The store's trouble.
pub async fn import(
    edit: &mut Edit,
    clock: &Clock,
    (conference, notice): (&Conference, Option<Notice>),
    list: &[Attendee],
) -> Result<(), StoreError> {
    for piece in list.chunks(PIECE) {
        let people: Vec<_> = piece.iter().map(|attendee| new(conference, attendee, clock.now())).collect();
        edit.bring(&people, notice).await?;
    }
    Ok(())
}

fn new(conference: &Conference, attendee: &Attendee, now: Timestamp) -> (NewParticipant, Value) {
    let new = NewParticipant {
        id: id_of(conference.id, &attendee.email),
        tenant: conference.tenant,
        conference: conference.id,
        display_name: attendee.name.clone(),
        email: Some(attendee.email.clone()),
        roles: Roles::of(&[Role::Attendee]),
        joined: now,
    };
    (new, Value::Object(attendee.answers.clone()))
}

/// The same person has the same id in every list of the conference.
fn id_of(conference: Id, email: &str) -> Id {
    let digest = Sha256::new().chain_update(conference.to_bytes()).chain_update(email.as_bytes()).finalize();
    let mut bits = [0; 16];
    bits.copy_from_slice(&digest[..16]);
    Id::from_bytes(bits)
}

#[cfg(test)]
mod tests {
    use plenum_domain::registration::{FieldKind, FieldTexts};
    use serde_json::json;

    use super::*;

    fn meal() -> Field {
        let options = ["a", "b"].map(str::to_owned).to_vec();
        let german = FieldTexts { label: "Ihr Essen".into(), ..FieldTexts::default() };
        Field {
            id: "meal".into(),
            label: "Your meal".into(),
            help: String::new(),
            kind: FieldKind::Choice,
            required: true,
            options,
            texts: std::iter::once(("de".to_owned(), german)).collect(),
        }
    }

    #[test]
    fn quotes_semicolons_and_strange_columns_are_read() {
        let text = "\u{FEFF}Company,Name,E-Mail\r\n\"Lab, Harbour\",\"Noor \"\"N\"\" Haddad\",Noor@Example.org\r\n\r\n";
        let people = read("list.csv", text, &[meal()]).unwrap();
        let noor = Attendee {
            name: "Noor \"N\" Haddad".into(),
            email: "noor@example.org".into(),
            answers: Map::new(),
        };
        assert_eq!(people, [noor]);
    }

    #[test]
    fn answers_stand_under_the_id_or_the_label_of_a_field() {
        for head in ["meal", "answers.meal", "your Meal", "Ihr Essen"] {
            let people =
                read("list.csv", &format!("name,email,{head}\nA,a@x.org,b\nB,b@x.org,\n"), &[meal()])
                    .unwrap();
            assert_eq!(json!(people[0].answers), json!({"meal": "b"}), "{head}");
            assert_eq!(json!(people[1].answers), json!({}), "nothing has to be answered");
        }
        let wrong = read("list.csv", "name,email,meal\nA,a@x.org,c\n", &[meal()]).unwrap_err().to_string();
        assert!(wrong.contains("answers.meal: is one of: a, b"), "{wrong}");
    }

    #[test]
    fn the_wrong_line_is_named() {
        for (text, said) in [
            ("name,email\nNoor,noor@example.org\nSam,nobody\n", "list.csv:3: email"),
            ("name\nNoor\n", "list.csv:1: there is no column `email`"),
            ("name,email\n\"Noor,x\n", "list.csv:2: a quoted field"),
            ("", "list.csv:1: "),
        ] {
            let failure = read("list.csv", text, &[]).unwrap_err().to_string();
            assert!(failure.starts_with(said), "{failure}");
        }
    }
}
