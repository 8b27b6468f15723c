//! `plenum grant`: roles for single conferences and roles of a tenant's own, given and taken while a hub runs or not. A
//! running hub on the same store closes the sockets of whoever it is about within seconds.

use clap::Args;
use plenum_domain::Id;
use plenum_domain::Role;
use plenum_persistence::store::{
    Cutoff, GrantedRole, NewRoleGrant, Note, RoleGrant, Store, StoreError, User,
};
use serde_json::{Value, json};

use super::Failure;
use super::bootstrap::{print, tenant};
use super::import::conference;
use crate::clock::Clock;
use crate::config::Config;
use crate::features::audit::{Subject, by_operator};

/// Whose roles.
#[derive(Debug, Args)]
pub(super) struct Holder {
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// The account's address.
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct GrantArguments {
    #[command(flatten)]
    holder: Holder,
    /// A role that every tenant has, for one conference; or the name of one of the tenant's own.
    #[arg(long)]
    role: String,
    /// The conference's id, or its name in addresses; without it the whole tenant.
    #[arg(long, value_name = "ID|SLUG")]
    conference: Option<String>,
}

/// Everything that a command is about.
struct Desk {
    store: Store,
    clock: Clock,
    tenant: Id,
    user: User,
}

impl Desk {
    async fn open(config: &Config, holder: &Holder) -> Result<Self, Failure> {
        let store = crate::app::open_store(config).await?;
        let tenant = tenant(&store, &holder.tenant).await?.id;
        let found = store.user_by_email(tenant, &holder.user.to_lowercase()).await?;
        let user = found.ok_or_else(|| Failure(format!("--user: there is no account {}", holder.user)))?;
        Ok(Self { store, clock: Clock::new(), tenant, user })
    }

    async fn place(&self, arguments: &GrantArguments) -> Result<Option<Id>, Failure> {
        match &arguments.conference {
            Some(named) => Ok(Some(conference(&self.store, self.tenant, named).await?.id)),
            None => Ok(None),
        }
    }

    fn note(&self, action: &'static str, details: Value) -> Note {
        by_operator(&self.clock, self.tenant, action, Subject("user", self.user.id), details)
    }

    /// What is held has changed: hubs hear of it.
    async fn done(self, as_json: bool, words: &str) -> Result<(), Failure> {
        let cutoff = Cutoff { subject: self.user.id, at: self.clock.now(), tokens: None };
        self.store.cut(self.tenant, &cutoff).await?;
        let held = self.store.grants_of(self.tenant, self.user.id).await?;
        print(as_json, &held.iter().map(seen).collect(), words);
        self.store.close().await;
        Ok(())
    }
}

/// Gives a role.
pub(super) async fn give(config: &Config, arguments: GrantArguments) -> Result<(), Failure> {
    let desk = Desk::open(config, &arguments.holder).await?;
    let (id, place) = (desk.clock.id(), desk.place(&arguments).await?);
    let role = role_of(&desk, &arguments.role, place).await?;
    let details = json!({"grant": id, "role": arguments.role, "conference": place});
    let new = NewRoleGrant { id, user: desk.user.id, conference: place, role };
    let given = desk.store.grant_role(&new, &desk.note("grant.given", details)).await;
    given.map_err(|error| match error {
        StoreError::Taken(_) => Failure(format!("--role: {} holds it already", arguments.holder.user)),
        other => other.into(),
    })?;
    desk.done(arguments.holder.json, &format!("{} is {} now", arguments.holder.user, arguments.role)).await
}

/// Takes a role.
pub(super) async fn take(config: &Config, arguments: GrantArguments) -> Result<(), Failure> {
    let desk = Desk::open(config, &arguments.holder).await?;
    let place = desk.place(&arguments).await?;
    let held = desk.store.grants_of(desk.tenant, desk.user.id).await?;
    let is_meant = |grant: &&RoleGrant| grant.role_name() == arguments.role && grant.conference == place;
    let missing = || Failure(format!("--role: {} does not hold it there", arguments.holder.user));
    let grant = held.iter().find(is_meant).ok_or_else(missing)?.id;
    let details = json!({"grant": grant, "role": arguments.role, "conference": place});
    if !desk.store.take_role(desk.user.id, grant, &desk.note("grant.taken", details)).await? {
        return Err(missing());
    }
    desk.done(arguments.holder.json, &format!("{} is no longer {}", arguments.holder.user, arguments.role))
        .await
}

/// Prints what an account holds besides its roles in the whole tenant.
pub(super) async fn list(config: &Config, holder: Holder) -> Result<(), Failure> {
    let desk = Desk::open(config, &holder).await?;
    let held = desk.store.grants_of(desk.tenant, desk.user.id).await?;
    let place =
        |grant: &RoleGrant| grant.conference.map_or("the whole tenant".to_owned(), |id| id.to_string());
    let lines: Vec<String> =
        held.iter().map(|one| format!("{} in {}", one.role_name(), place(one))).collect();
    let words = if lines.is_empty() { "none".to_owned() } else { lines.join("\n") };
    print(holder.json, &held.iter().map(seen).collect(), &words);
    desk.store.close().await;
    Ok(())
}

fn seen(grant: &RoleGrant) -> Value {
    json!({"id": grant.id, "role": grant.role_name(), "role_id": grant.custom, "conference": grant.conference})
}

async fn role_of(desk: &Desk, name: &str, place: Option<Id>) -> Result<GrantedRole, Failure> {
    let own = desk.store.custom_roles(desk.tenant).await?.into_iter().find(|role| role.name == name);
    match (own, name.parse::<Role>()) {
        (Some(own), _) => Ok(GrantedRole::Custom(own.id)),
        (None, Ok(Role::Owner | Role::Screen)) => {
            Err(Failure(format!("--role: {name} is not held in one conference")))
        }
        (None, Ok(role)) if place.is_some() => Ok(GrantedRole::Role(role)),
        (None, Ok(_)) => Err(Failure(format!("--conference: say in which conference {name} is held"))),
        (None, Err(error)) => Err(Failure(format!("--role: {error}, nor one of the tenant's own"))),
    }
}
