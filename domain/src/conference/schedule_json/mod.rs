//! Programmes in JSON: `schedule.json` as frab and pretalx export it (<https://c3voc.de/schedule/schema.json>), and the
//! submissions and speakers that pretalx gives out itself.

mod spot;
mod submissions;
mod voc;

use serde_json::Value;

use self::spot::{Checked, blame, fault, word};
use super::build::{Build, line, text, web_address};
use super::error::text_of;
use super::{ImportError, Person, Programme};

/// Reads a programme in JSON. Known shapes:
/// - `{"schedule": {"conference": {"days": […]}}}`: frab's and pretalx's `schedule.json`;
/// - a list of submissions, bare or as `{"results": […]}`, or by date, minute and room as
///   `{"schedule": {"2025-11-01": {"510": {"12": {…}}}}, "rooms": […]}`: pretalx's own exports;
/// - a list of speakers, which gives a programme of people only.
///
/// # Errors
/// [`ImportError`] names the line of what is not JSON, is missing or cannot be understood.
pub fn schedule_json(bytes: &[u8]) -> Result<Programme, ImportError> {
    let source = text_of(bytes)?;
    let root: Value = serde_json::from_str(source).map_err(|error| ImportError {
        line: error.line(),
        column: error.column(),
        path: String::new(),
        message: format!("this is not JSON: {error}"),
    })?;
    read(&root).map_err(|fault| fault.in_file(source, &root))
}

fn read(root: &Value) -> Checked<'_, Programme> {
    let mut build = Build::default();
    match root {
        Value::Object(members) if root["schedule"]["conference"].is_object() => {
            voc::read(&mut build, &members["schedule"]["conference"])?;
        }
        Value::Object(members) if root["schedule"].is_object() => {
            submissions::read_grid(&mut build, root, &members["schedule"])?;
        }
        Value::Object(members) if root["results"].is_array() => read_list(&mut build, &members["results"])?,
        Value::Array(_) => read_list(&mut build, root)?,
        _ => return Err(fault(root, "this is no programme: neither a schedule nor a list of submissions")),
    }
    Ok(build.finish())
}

fn read_list<'a>(build: &mut Build, list: &'a Value) -> Checked<'a, ()> {
    for item in list.as_array().into_iter().flatten() {
        match item.get("title") {
            Some(_) => submissions::read(build, item)?,
            None => {
                read_person(build, item)?.ok_or_else(|| fault(item, "neither a submission nor a speaker"))?;
            }
        }
    }
    Ok(())
}

/// Adds a speaker; none when there is neither a name nor an id. One without a name goes by the id, so that someone
/// notices.
fn read_person<'a>(build: &mut Build, person: &'a Value) -> Checked<'a, Option<String>> {
    let first = |keys: &[&'static str]| {
        keys.iter().map(|key| (*key, word(person, key))).find(|(_, text)| !text.trim().is_empty())
    };
    let (name, id) = (first(&["public_name", "name", "full_public_name"]), first(&["guid", "code", "id"]));
    let Some((_, name)) = name.or_else(|| id.clone()) else { return Ok(None) };
    let Some(name) = blame(person, line(&name))? else { return Ok(None) };
    let biography = Some(blame(person, text(&word(person, "biography")))?).filter(|text| !text.is_empty());
    let avatar_url = ["avatar", "avatar_url"].iter().find_map(|key| web_address(&word(person, key)));
    Ok(Some(build.person(Person {
        key: id.map_or_else(|| format!("name:{name}"), |(kind, id)| format!("{kind}:{id}")),
        name,
        affiliation: blame(person, line(&word(person, "affiliation")))?,
        biography,
        avatar_url,
    })))
}

/// Adds the speakers of a session; answers with their keys.
fn read_people<'a>(build: &mut Build, people: &'a Value) -> Checked<'a, Vec<String>> {
    let mut keys = Vec::new();
    for person in people.as_array().into_iter().flatten() {
        if let Some(key) = read_person(build, person)?.filter(|key| !keys.contains(key)) {
            keys.push(key);
        }
    }
    Ok(keys)
}
