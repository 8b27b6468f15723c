//! The people of a programme, and their parts in sessions.

use plenum_domain::{Action, Id};
use plenum_persistence::store::{Edit, Listed, Note, Page as StorePage, Part, Person, Speaker};
use serde_json::{Value, json};

use super::types::{AddSpeaker, ChangePerson, ChangeSpeaker, CreatePerson, PersonOut};
use crate::app::App;
use crate::features::audit::{self, Subject};
use crate::features::{conferences, places::PlaceQuery, sessions};
use crate::http::{Caller, Fault, IfMatch, Page, Wrongs, outdated};

const NAME_CHARS_MAX: usize = 200;
const BIOGRAPHY_CHARS_MAX: usize = 20_000;
const POSITION_MAX: i64 = 1_000;

pub(super) async fn find(app: &App, caller: &Caller, id: Id) -> Result<(Person, Id), Fault> {
    let found = app.store.person(caller.tenant(), id).await?;
    let (person, conference) = found.ok_or_else(|| Fault::not_found("person"))?;
    caller.sees(conference).map_err(|_| Fault::not_found("person"))?;
    Ok((person, conference))
}

pub(super) async fn list(
    app: &App,
    caller: &Caller,
    conference: Id,
    query: PlaceQuery,
) -> Result<(Listed<Person>, Page), Fault> {
    conferences::find(app, caller, conference).await?;
    let page = Page::of(query.page, query.per_page)?;
    let order = query.sort.as_deref().map(Person::order).transpose()?;
    let asked = StorePage::new(page.number, page.size);
    Ok((app.store.people_page(caller.tenant(), conference, order, asked).await?, page))
}

pub(super) async fn create(
    app: &App,
    caller: &Caller,
    conference: Id,
    body: CreatePerson,
) -> Result<Person, Fault> {
    conferences::to_change(app, caller, conference, Action::EditProgramme).await?;
    let person = new(app, body)?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    edit.create_person(conference, &person).await?;
    edit.commit(&note_of_new(app, caller, &person)).await?;
    Ok(person)
}

fn new(app: &App, body: CreatePerson) -> Result<Person, Fault> {
    let CreatePerson { name, affiliation, biography, avatar_url } = body;
    checked(Person { id: app.clock.id(), name, affiliation, biography, avatar_url, version: 1 })
}

fn note_of_new(app: &App, caller: &Caller, person: &Person) -> Note {
    let (subject, out) = (Subject("person", person.id), PersonOut::from(person.clone()));
    audit::note_of_made(app, caller, "person.made", subject, &out)
}

pub(super) async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    if_match: &IfMatch,
    body: ChangePerson,
) -> Result<Person, Fault> {
    let (now, conference) = find(app, caller, id).await?;
    conferences::to_change(app, caller, conference, Action::EditProgramme).await?;
    if_match.against(now.version)?;
    let was = PersonOut::from(now.clone());
    let person = checked(Person {
        id,
        name: body.name.unwrap_or(now.name),
        affiliation: body.affiliation.unwrap_or(now.affiliation),
        biography: body.biography.unwrap_or(now.biography),
        avatar_url: body.avatar_url.unwrap_or(now.avatar_url),
        version: now.version,
    })?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.change_person(&person).await? {
        return Err(outdated());
    }
    let person = edit.person(id).await?.ok_or_else(outdated)?;
    let (subject, is) = (Subject("person", id), PersonOut::from(person.clone()));
    audit::edited(app, caller, edit, "person.changed", subject, (&was, &is)).await?;
    Ok(person)
}

fn checked(raw: Person) -> Result<Person, Fault> {
    let mut wrong = Wrongs::new();
    let person = Person {
        id: raw.id,
        version: raw.version,
        name: wrong.text("name", &raw.name, NAME_CHARS_MAX),
        affiliation: wrong.maybe_text("affiliation", raw.affiliation.as_deref(), NAME_CHARS_MAX),
        biography: wrong.maybe_text("biography", raw.biography.as_deref(), BIOGRAPHY_CHARS_MAX),
        avatar_url: raw.avatar_url.map(|url| wrong.web_address("avatar_url", &url)),
    };
    wrong.done()?;
    Ok(person)
}

pub(super) async fn speakers(app: &App, caller: &Caller, session: Id) -> Result<Vec<Speaker>, Fault> {
    let session = sessions::find(app, caller, session).await?;
    Ok(app.store.speakers(caller.tenant(), session.id).await?)
}

pub(super) async fn add(
    app: &App,
    caller: &Caller,
    session: Id,
    body: AddSpeaker,
) -> Result<Vec<Speaker>, Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    let position = position(body.position)?;
    let known = app.store.speakers(caller.tenant(), session.id).await?;
    let is_new = body.person_id.is_none();
    let person = match (body.person_id, body.name) {
        (Some(id), None) => in_conference(app, caller, id, session.conference).await?,
        (None, Some(name)) => {
            new(app, CreatePerson { name, affiliation: None, biography: None, avatar_url: None })?
        }
        _ => return Err(Fault::field("person_id", "name a person, or give a name: one of the two")),
    };
    if known.iter().any(|speaker| speaker.person.id == person.id) {
        return Err(Fault::conflict("TAKEN", "the person has a part in this session already"));
    }
    let mut edit = app.store.edit(caller.tenant()).await?;
    if is_new {
        edit.create_person(session.conference, &person).await?;
        edit.note(&note_of_new(app, caller, &person)).await?;
    }
    let speaker = Speaker {
        person,
        role: body.role.map_or("speaker", |role| role.name()).to_owned(),
        confirmation: body.confirmation.map_or("invited", |it| it.name()).to_owned(),
    };
    let details = json!({"person": speaker.person.name, "role": speaker.role});
    let placed = place(&mut edit, session.id, known, speaker, position).await?;
    audit::done(app, caller, edit, "session.speaker_added", Subject("session", session.id), details).await?;
    Ok(placed)
}

pub(super) async fn change_part(
    app: &App,
    caller: &Caller,
    (session, person): (Id, Id),
    body: ChangeSpeaker,
) -> Result<Vec<Speaker>, Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    let position = position(body.position)?;
    let mut known = app.store.speakers(caller.tenant(), session.id).await?;
    let at = known.iter().position(|speaker| speaker.person.id == person);
    let at = at.ok_or_else(|| Fault::not_found("speaker"))?;
    let mut speaker = known.remove(at);
    let was = part_seen(&speaker, at);
    if let Some(role) = body.role {
        role.name().clone_into(&mut speaker.role);
    }
    if let Some(confirmation) = body.confirmation {
        confirmation.name().clone_into(&mut speaker.confirmation);
    }
    let to = position.unwrap_or(at).min(known.len());
    let seen = (&was, &part_seen(&speaker, to));
    let mut edit = app.store.edit(caller.tenant()).await?;
    let placed = place(&mut edit, session.id, known, speaker, Some(to)).await?;
    let subject = Subject("session", session.id);
    audit::edited(app, caller, edit, "session.speaker_changed", subject, seen).await?;
    Ok(placed)
}

/// Someone's part as the audit log tells of it.
fn part_seen(speaker: &Speaker, position: usize) -> Value {
    let Speaker { person, role, confirmation } = speaker;
    json!({"person_id": person.id, "role": role, "confirmation": confirmation, "position": position})
}

pub(super) async fn remove(app: &App, caller: &Caller, (session, person): (Id, Id)) -> Result<(), Fault> {
    let session = sessions::find(app, caller, session).await?;
    conferences::to_change(app, caller, session.conference, Action::EditProgramme).await?;
    let mut edit = app.store.edit(caller.tenant()).await?;
    if !edit.remove_speaker(session.id, person).await? {
        return Err(Fault::not_found("speaker"));
    }
    let details = json!({"person": person});
    audit::done(app, caller, edit, "session.speaker_removed", Subject("session", session.id), details).await
}

/// Puts someone among the others, who move on.
async fn place(
    edit: &mut Edit,
    session: Id,
    mut others: Vec<Speaker>,
    speaker: Speaker,
    position: Option<usize>,
) -> Result<Vec<Speaker>, Fault> {
    let at = position.unwrap_or(others.len()).min(others.len());
    others.insert(at, speaker);
    for (place, speaker) in (0_i64..).zip(&others) {
        let part = Part {
            session,
            person: speaker.person.id,
            name: speaker.person.name.clone(),
            role: speaker.role.clone(),
            confirmation: speaker.confirmation.clone(),
        };
        edit.place_speaker(&part, place).await?;
    }
    Ok(others)
}

async fn in_conference(app: &App, caller: &Caller, id: Id, conference: Id) -> Result<Person, Fault> {
    let found = app.store.person(caller.tenant(), id).await?.filter(|(_, of)| *of == conference);
    let unknown = || Fault::field("person_id", "is nobody of this conference's programme");
    found.map(|(person, _)| person).ok_or_else(unknown)
}

fn position(raw: Option<i64>) -> Result<Option<usize>, Fault> {
    let wrong = || Fault::field("position", format!("is between 0 and {POSITION_MAX}"));
    let checked =
        |place: i64| usize::try_from(place).ok().filter(|_| place <= POSITION_MAX).ok_or_else(wrong);
    raw.map(checked).transpose()
}
