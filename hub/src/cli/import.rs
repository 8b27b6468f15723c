//! `plenum import`: a programme, or a list of attendees.

use std::path::PathBuf;

use clap::Args;
use plenum_domain::Id;
use plenum_domain::conference::PROGRAMME_BYTES_MAX;
use plenum_persistence::store::{Conference, ConferenceFilter, Difference, Page, Store};
use serde_json::json;

use super::Failure;
use super::bootstrap::{print, tenant};
use crate::clock::Clock;
use crate::config::Config;
use crate::features::audit::{Subject, by_operator};
use crate::features::programme::{self, attendees};
use crate::features::registration::asked;

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// A schedule.xml or schedule.json as frab and pretalx export it, or a list of attendees as .csv.
    file: PathBuf,
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// For a list of attendees: the conference's id, or its name in addresses.
    #[arg(long, value_name = "ID|SLUG")]
    conference: Option<String>,
    /// Only says what would change in a programme.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Imports a file.
pub(super) async fn import(config: &Config, arguments: ImportArguments) -> Result<(), Failure> {
    let file = arguments.file.display().to_string();
    let bytes = read(&arguments.file).map_err(|reason| Failure(format!("{file}: {reason}")))?;
    let store = crate::app::open_store(config).await?;
    let done = match arguments.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        true => people(&store, &file, &bytes, &arguments).await,
        false => sessions(&store, &file, &bytes, &arguments).await,
    };
    store.close().await;
    done
}

/// The whole file, when a programme can be so large.
fn read(path: &std::path::Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > PROGRAMME_BYTES_MAX as u64 {
        return Err(format!("the file has {size} bytes, {PROGRAMME_BYTES_MAX} are allowed"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

async fn sessions(
    store: &Store,
    file: &str,
    bytes: &[u8],
    arguments: &ImportArguments,
) -> Result<(), Failure> {
    let (tenant, clock) = (tenant(store, &arguments.tenant).await?, Clock::new());
    let report = programme::import(store, &clock, tenant.id, file, bytes, arguments.dry_run).await?;
    let conference = store.conference(tenant.id, report.imported.conference).await?;
    let join_code = conference.map(|conference| conference.join_code).unwrap_or_default();
    let imported = &report.imported;
    let said = json!({
        "conference": imported.conference,
        "title": report.title,
        "created": imported.created,
        "join_code": join_code,
        "sessions": report.sessions,
        "sessions_added": imported.sessions_added,
        "sessions_updated": imported.sessions_updated,
        "sessions_missing": imported.sessions_missing,
        "sessions_without_time": report.unplaced,
        "halls": imported.halls,
        "people": imported.people,
        "dry_run": arguments.dry_run,
        "differences": imported.differences.iter().map(difference).collect::<Vec<_>>(),
    });
    let words = format!(
        "{}: {} sessions ({} new, {} brought up to date, {} no longer in the file and kept, {} without a time and left out), \
         {} halls, {} people\nconference {}, join code {join_code}",
        report.title,
        report.sessions,
        imported.sessions_added,
        imported.sessions_updated,
        imported.sessions_missing,
        report.unplaced.len(),
        imported.halls,
        imported.people,
        imported.conference,
    );
    let differences = imported.differences.iter().map(in_words);
    let words = [words].into_iter().chain(differences).collect::<Vec<_>>().join("\n");
    print(
        arguments.json,
        &said,
        &if arguments.dry_run { format!("nothing was changed\n{words}") } else { words },
    );
    Ok(())
}

fn difference(it: &Difference) -> serde_json::Value {
    json!({"of": it.of, "name": it.name, "field": it.field, "here": it.ours, "there": it.theirs, "taken": it.taken})
}

/// A line for a person: what changes, or what stays because it was edited here.
fn in_words(it: &Difference) -> String {
    let Difference { of, name, field, ours, theirs, taken } = it;
    match taken {
        true => format!("  {of} {name}: {field} {ours} becomes {theirs}"),
        false => {
            format!("  {of} {name}: {field} stays {ours}, which was edited here; the programme has {theirs}")
        }
    }
}

async fn people(store: &Store, file: &str, bytes: &[u8], arguments: &ImportArguments) -> Result<(), Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Failure(format!("{file}:{line}: the text is not UTF-8 from here on"))
    })?;
    let tenant = tenant(store, &arguments.tenant).await?;
    let named = arguments.conference.as_deref();
    let named = named
        .ok_or_else(|| Failure("--conference: say which conference the attendees belong to".to_owned()))?;
    let conference = conference(store, tenant.id, named).await?;
    let form = store.registration_form(tenant.id, conference.id).await?;
    let (fields, _) = form.as_ref().map(asked).unwrap_or_default();
    let list = attendees::read(file, text, &fields)?;
    let (clock, mut edit) = (Clock::new(), store.edit(tenant.id).await?);
    attendees::import(&mut edit, &clock, (&conference, None), &list).await?;
    let (subject, details) = (Subject("conference", conference.id), json!({"people": list.len()}));
    edit.commit(&by_operator(&clock, tenant.id, "participants.imported", subject, details)).await?;
    let said = json!({"conference": conference.id, "attendees": list.len()});
    print(arguments.json, &said, &format!("{}: {} attendees", conference.title, list.len()));
    Ok(())
}

/// The conference with this id or name in addresses.
pub(super) async fn conference(store: &Store, tenant: Id, named: &str) -> Result<Conference, Failure> {
    if let Ok(id) = named.parse() {
        let found = store.conference(tenant, id).await?;
        return found.ok_or_else(|| Failure(format!("--conference: there is no conference {named}")));
    }
    for number in 1.. {
        let page = Page::new(number, Page::PER_PAGE_MAX);
        let listed = store.conferences(tenant, &ConferenceFilter::default(), page).await?;
        if let Some(found) = listed.items.into_iter().find(|conference| conference.slug == named) {
            return Ok(found);
        }
        if u64::from(number) * u64::from(Page::PER_PAGE_MAX) >= listed.total {
            break;
        }
    }
    Err(Failure(format!("--conference: there is no conference {named}")))
}
