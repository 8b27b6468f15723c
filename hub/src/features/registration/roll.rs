//! A conference's participants as one file of CSV (RFC 4180), which can be brought again.

use plenum_domain::registration::{Consent, Field, to_cell};
use plenum_domain::{Action, Id};
use plenum_persistence::store::{Participant, Piece, Store, StoreError};

use super::asked;
use super::form::of;
use crate::app::App;
use crate::clock::rfc3339;
use crate::features::conferences;
use crate::http::{Caller, Fault};

/// Participants that are read at once.
const PIECE: u32 = 1_000;

pub(super) async fn csv(app: &App, caller: &Caller, conference: Id) -> Result<String, Fault> {
    caller.may_in(Action::SeeParticipants, conference)?;
    conferences::find(app, caller, conference).await?;
    let (fields, consents) = asked(&of(app, caller.tenant(), conference).await?);
    let people = everyone(&app.store, caller.tenant(), conference).await?;
    Ok(written(&fields, &consents, &people))
}

/// Everybody in a conference, by name.
///
/// # Errors
/// When the store cannot answer.
pub(crate) async fn everyone(
    store: &Store,
    tenant: Id,
    conference: Id,
) -> Result<Vec<Participant>, StoreError> {
    let (mut people, mut after) = (Vec::new(), Piece::START);
    loop {
        let piece = store.roll(tenant, conference, Piece { after, limit: PIECE }).await?;
        let Some(last) = piece.last() else { break };
        after = last.id;
        people.extend(piece);
    }
    people.sort_by_cached_key(|person: &Participant| person.display_name.to_lowercase());
    Ok(people)
}

fn written(fields: &[Field], consents: &[Consent], people: &[Participant]) -> String {
    let fixed = ["name", "email", "status", "roles", "joined_at", "arrived_at"].map(str::to_owned);
    let asked = fields.iter().map(|field| format!("answers.{}", field.id));
    let agreed = consents.iter().map(|consent| format!("consents.{}", consent.id));
    let mut text = line(fixed.into_iter().chain(asked).chain(agreed));
    for person in people {
        let roles: Vec<&str> = person.roles.iter().map(plenum_domain::Role::name).collect();
        let fixed = [
            person.display_name.clone(),
            person.email.clone().unwrap_or_default(),
            person.status.clone(),
            roles.join("|"),
            rfc3339(person.joined),
            person.arrived.map(rfc3339).unwrap_or_default(),
        ];
        let answers = fields.iter().map(|field| to_cell(&person.answers[&field.id]));
        let agreed = consents.iter().map(|consent| to_cell(&person.consents[&consent.id]));
        text.push_str(&line(fixed.into_iter().chain(answers).chain(agreed)));
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(&harmless(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet would run a text that begins so: <https://owasp.org/www-community/attacks/CSV_Injection>. Numbers stay.
fn harmless(cell: String) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<i64>().is_err();
    if runs { format!("'{cell}") } else { cell }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', ';', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        let cells = ["a,b", "say \"x\"", "=SUM(A1)", "-4", "two\nlines", "plain"].map(str::to_owned);
        let expected = "\"a,b\",\"say \"\"x\"\"\",'=SUM(A1),-4,\"two\nlines\",plain\r\n";
        assert_eq!(line(cells.into_iter()), expected);
    }
}
