//! The demo's tenant, conference, moderator and live session. Started again on the same store, it goes on with them.

use std::sync::Arc;

use plenum_domain::{Id, Role, Roles};
use plenum_persistence::store::{
    Conference, ConferenceChange, NewTenant, NewUser, Page, Session, SessionFilter, Tenant,
};
use plenum_rooms::RoomRef;
use plenum_rooms::engine::Actor;
use serde_json::{Value, json};

use super::super::Failure;
use super::super::bootstrap::one_time_password;
use super::lines;
use crate::app::App;
use crate::auth::password;
use crate::features::audit::{Subject, nameless};
use crate::features::programme;
use crate::features::sessions::{SessionRooms, open_rooms};

const TENANT: &str = "demo";
const EMAIL: &str = "moderator@demo.example";
const PROGRAMME: &[u8] = include_bytes!("../../../../config/demo-programme.xml");

/// Everything that the crowd and the welcome need.
pub(super) struct Setting {
    pub(super) conference: Conference,
    pub(super) session: Session,
    pub(super) moderator: Arc<Actor>,
    pub(super) email: &'static str,
    pub(super) password: String,
}

impl Setting {
    pub(super) fn rooms(&self) -> SessionRooms {
        SessionRooms::of(self.session.id)
    }
}

/// Makes what is not there yet.
pub(super) async fn set(app: &App) -> Result<Setting, Failure> {
    let tenant = tenant(app).await?;
    let (moderator, password) = moderator(app, &tenant).await?;
    let conference = conference(app, &tenant).await?;
    let session = first_session(app, &conference).await?;
    let setting = Setting { conference, session, moderator, email: EMAIL, password };
    begin(app, &setting).await?;
    Ok(setting)
}

async fn tenant(app: &App) -> Result<Tenant, Failure> {
    if let Some(tenant) = app.store.tenant_by_slug(TENANT).await? {
        return Ok(tenant);
    }
    let (id, created) = (app.clock.id(), app.clock.now());
    app.store
        .create_tenant(&NewTenant { id, slug: TENANT.to_owned(), name: "Demo".to_owned(), created })
        .await?;
    let made = app.store.tenant(id).await?;
    made.ok_or_else(|| Failure("the demo's tenant is not in the store".to_owned()))
}

/// The moderator's account, with a new password at every start: nobody knows a fixed one.
async fn moderator(app: &App, tenant: &Tenant) -> Result<(Arc<Actor>, String), Failure> {
    let password = one_time_password(&app.clock);
    let (hash, roles) = (password::hash(&password), Roles::of(&[Role::Owner]));
    let name = "Mika".to_owned();
    let id = match app.store.user_by_email(tenant.id, EMAIL).await? {
        Some(user) => {
            app.store.set_password(tenant.id, user.id, &hash).await?;
            user.id
        }
        None => {
            let (id, email, created) = (app.clock.id(), EMAIL.to_owned(), app.clock.now());
            let (name, password_hash) = (name.clone(), Some(hash));
            app.store
                .create_user(&NewUser { id, tenant: tenant.id, email, name, password_hash, roles, created })
                .await?;
            id
        }
    };
    Ok((Arc::new(Actor { participant: id, name, roles }), password))
}

async fn conference(app: &App, tenant: &Tenant) -> Result<Conference, Failure> {
    let file = "config/demo-programme.xml";
    let report = programme::import(&app.store, &app.clock, tenant.id, file, PROGRAMME, false).await?;
    let id = report.imported.conference;
    let ongoing = ConferenceChange { status: Some("ongoing".to_owned()), ..ConferenceChange::default() };
    let mut edit = app.store.edit(tenant.id).await?;
    edit.change_conference(id, &ongoing, app.clock.now()).await?;
    let details = json!({"after": "ongoing"});
    edit.commit(&nameless(app, tenant.id, "conference.moved", Subject("conference", id), details)).await?;
    let found = app.store.conference(tenant.id, id).await?;
    found.ok_or_else(|| Failure("the demo's conference is not in the store".to_owned()))
}

/// Opens the rooms of all sessions; the first one is where it happens.
async fn first_session(app: &App, conference: &Conference) -> Result<Session, Failure> {
    let page = Page::new(1, Page::PER_PAGE_MAX);
    let listed =
        app.store.sessions(conference.tenant, conference.id, &SessionFilter::default(), page).await?;
    for session in &listed.items {
        open_rooms(app, Id::default(), session).await.map_err(|fault| Failure(fault.message))?;
    }
    listed.items.into_iter().next().ok_or_else(|| Failure("the demo's programme has no session".to_owned()))
}

/// Starts the session, makes its polls, shows the first of them. Does nothing when there are polls already.
async fn begin(app: &App, setting: &Setting) -> Result<(), Failure> {
    let room = setting.rooms().session;
    ask(app, setting, room, "session.start", json!({})).await?;
    let state = look(app, setting, room).await?;
    if state["rooms"]["polls"].as_array().is_some_and(|polls| !polls.is_empty()) {
        return Ok(());
    }
    let mut polls = Vec::new();
    for poll in lines::polls() {
        polls.extend(ask(app, setting, room, "poll.create", poll).await?);
    }
    if let Some(first) = polls.first() {
        ask(app, setting, *first, "poll.open", json!({})).await?;
        ask(app, setting, room, "session.show", json!({"kind": "poll", "room": first})).await?;
    }
    Ok(())
}

/// A command of the moderator. Returns the room that it opened.
async fn ask(
    app: &App,
    setting: &Setting,
    room: RoomRef,
    op: &str,
    data: Value,
) -> Result<Option<RoomRef>, Failure> {
    let moderator = Arc::clone(&setting.moderator);
    let done = app.shards.command(moderator, room, app.clock.id(), op, data).await;
    let accepted = done.map_err(|refusal| Failure(format!("{op}: {}", refusal.message)))?;
    Ok(accepted.and_then(|accepted| accepted.opened))
}

async fn look(app: &App, setting: &Setting, room: RoomRef) -> Result<Value, Failure> {
    let seen = app.shards.look(Arc::clone(&setting.moderator), room).await;
    seen.map(|(_, state)| state).map_err(|refusal| Failure(refusal.message))
}
