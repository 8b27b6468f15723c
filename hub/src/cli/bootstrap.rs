//! Commands that make the first things. They work on the store while a hub runs on it.

use std::io::Read as _;

use clap::Args;
use plenum_domain::tenant::Tier;
use plenum_domain::{Role, Roles, text};
use plenum_persistence::store::{NewApiToken, NewUser, Store, StoreError, Tenant};
use serde_json::json;

use super::Failure;
use crate::auth::password::{self, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::auth::{Scope, Token};
use crate::clock::Clock;
use crate::config::Config;
use crate::features::audit::{Subject, by_operator};
use crate::features::codes;

const NAME_CHARS_MAX: usize = 200;
/// A label of a host name is no longer (RFC 1035, section 2.3.4).
const SLUG_LEN_MAX: usize = 63;

#[derive(Debug, Args)]
pub(super) struct NewTenantArguments {
    /// The name in addresses: small letters, digits and dashes.
    slug: String,
    /// The name for people.
    #[arg(long)]
    name: String,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewUserArguments {
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// owner, admin, organiser, moderator, chair, speaker or exhibitor; can be given several times.
    #[arg(long, required = true)]
    role: Vec<String>,
    /// The name that others see; the part of the address before the @ when it is not given.
    #[arg(long)]
    name: Option<String>,
    /// Reads the password from stdin instead of making one.
    #[arg(long)]
    password_stdin: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewTokenArguments {
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// The address of the account that the token speaks for.
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// watch, moderate, organise or admin; can be given several times.
    #[arg(long, required = true)]
    scope: Vec<String>,
    /// What the token is for.
    #[arg(long, default_value = "command line")]
    name: String,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Brings the schema up to date.
pub(super) async fn migrate(config: &Config) -> Result<(), Failure> {
    let store = crate::app::open_store_with(config, true).await?;
    println!("{} is up to date", store.place());
    store.close().await;
    Ok(())
}

/// Makes a tenant.
pub(super) async fn create_tenant(config: &Config, arguments: NewTenantArguments) -> Result<(), Failure> {
    let slug = slug(&arguments.slug)?;
    let name = cleaned("--name", &arguments.name)?;
    let (store, clock) = (crate::app::open_store(config).await?, Clock::new());
    let (id, tier) = (clock.id(), Tier::Enterprise.name());
    let details = json!({"slug": slug, "name": name, "tier": tier});
    let note = by_operator(&clock, id, "tenant.made", Subject("tenant", id), details);
    let founded = store.found_tenant(&slug, &name, tier, &note).await;
    founded.map_err(|error| taken(error, &format!("the slug {slug}")))?;
    let words = format!("tenant {slug} ({id})");
    print(arguments.json, &json!({"id": id, "slug": slug, "name": name}), &words);
    store.close().await;
    Ok(())
}

/// Makes an account.
pub(super) async fn create_user(config: &Config, arguments: NewUserArguments) -> Result<(), Failure> {
    let roles = arguments.role.iter().map(|name| role(name)).collect::<Result<Roles, _>>()?;
    let email = email(&arguments.email)?;
    let own = email.split('@').next().unwrap_or_default();
    let name = cleaned("--name", arguments.name.as_deref().unwrap_or(own))?;
    let (store, clock) = (crate::app::open_store(config).await?, Clock::new());
    let tenant = tenant(&store, &arguments.tenant).await?;
    let given = if arguments.password_stdin { Some(password_from_stdin()?) } else { None };
    let password = given.clone().unwrap_or_else(|| one_time_password(&clock));
    let (id, created) = (clock.id(), clock.now());
    let password_hash = Some(password::hash(&password));
    let new = NewUser { id, tenant: tenant.id, email: email.clone(), name, password_hash, roles, created };
    let mut edit = store.edit(tenant.id).await?;
    edit.create_user(&new).await.map_err(|error| taken(error, &format!("the address {email}")))?;
    let details = json!({"email": email, "roles": roles});
    edit.commit(&by_operator(&clock, tenant.id, "user.made", Subject("user", id), details)).await?;
    let mut said = json!({"id": id, "tenant": tenant.id, "email": email, "roles": roles});
    let mut words = format!("user {email} ({id})");
    if given.is_none() {
        said["password"] = json!(password);
        words = format!("{words}\npassword {password}");
    }
    print(arguments.json, &said, &words);
    store.close().await;
    Ok(())
}

/// Makes a personal access token.
pub(super) async fn create_token(config: &Config, arguments: NewTokenArguments) -> Result<(), Failure> {
    let scopes =
        arguments.scope.iter().map(|name| name.parse::<Scope>().map(|scope| scope.name().to_owned()));
    let scopes =
        scopes.collect::<Result<Vec<_>, _>>().map_err(|error| Failure(format!("--scope: {error}")))?;
    let name = cleaned("--name", &arguments.name)?;
    let (store, clock) = (crate::app::open_store(config).await?, Clock::new());
    let tenant = tenant(&store, &arguments.tenant).await?;
    let user = store.user_by_email(tenant.id, &arguments.user).await?;
    let user =
        user.ok_or_else(|| Failure(format!("--user: {} has no account {}", tenant.slug, arguments.user)))?;
    let (id, token, created) = (clock.id(), Token::personal(&clock), clock.now());
    let (hash, user) = (token.hash(), user.id);
    let new = NewApiToken {
        id,
        tenant: tenant.id,
        user,
        name,
        hash,
        scopes: scopes.clone(),
        created,
        expires: None,
    };
    let mut edit = store.edit(tenant.id).await?;
    edit.create_api_token(&new).await?;
    let details = json!({"name": new.name, "scopes": new.scopes});
    edit.commit(&by_operator(&clock, tenant.id, "token.made", Subject("token", id), details)).await?;
    let said = json!({"id": id, "token": token.reveal(), "scopes": scopes});
    print(arguments.json, &said, token.reveal());
    store.close().await;
    Ok(())
}

pub(super) async fn tenant(store: &Store, slug: &str) -> Result<Tenant, Failure> {
    let found = store.tenant_by_slug(slug).await?;
    found.ok_or_else(|| {
        Failure(format!(
            "--tenant: there is no tenant {slug}; make it with: plenum tenant create {slug} --name NAME"
        ))
    })
}

pub(super) fn print(as_json: bool, json: &serde_json::Value, words: &str) {
    if as_json {
        println!("{json}");
    } else {
        println!("{words}");
    }
}

fn taken(error: StoreError, what: &str) -> Failure {
    match error {
        StoreError::Taken(_) => Failure(format!("{what} is taken")),
        other => other.into(),
    }
}

fn cleaned(argument: &str, raw: &str) -> Result<String, Failure> {
    text::clean(raw, NAME_CHARS_MAX).map_err(|wrong| Failure(format!("{argument}: {wrong}")))
}

/// What a slug has to be.
pub(crate) const SLUG_RULE: &str = "is 1 to 63 small letters, digits and dashes";

/// Whether a text can be a tenant's name in addresses.
pub(crate) fn is_slug(raw: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !raw.is_empty()
        && raw.len() <= SLUG_LEN_MAX
        && raw.chars().all(plain)
        && !raw.starts_with('-')
        && !raw.ends_with('-');
    // A slug that reads as an id could not be told from one in X-Tenant-ID.
    fits && raw.parse::<plenum_domain::Id>().is_err()
}

fn slug(raw: &str) -> Result<String, Failure> {
    if is_slug(raw) {
        Ok(raw.to_owned())
    } else {
        Err(Failure(format!("SLUG: {raw:?} is not 1 to {SLUG_LEN_MAX} small letters, digits and dashes")))
    }
}

fn role(name: &str) -> Result<Role, Failure> {
    let role: Role = name.parse().map_err(|error| Failure(format!("--role: {error}")))?;
    match role {
        Role::Attendee | Role::Screen => Err(Failure(format!(
            "--role: {name} needs no account: attendees join by code, screens are paired"
        ))),
        role => Ok(role),
    }
}

fn email(raw: &str) -> Result<String, Failure> {
    let mut wrong = crate::http::Wrongs::new();
    let email = wrong.email("email", raw);
    wrong.done().map_err(|_| Failure(format!("--email: {raw:?} is no e-mail address")))?;
    Ok(email)
}

fn password_from_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(PASSWORD_BYTES_MAX as u64 + 2).read_to_string(&mut text)?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    match password.chars().count() {
        short if short < PASSWORD_CHARS_MIN => Err(Failure(format!(
            "--password-stdin: the password has {short} characters; it needs {PASSWORD_CHARS_MIN} or more"
        ))),
        _ if password.len() > PASSWORD_BYTES_MAX => {
            Err(Failure(format!("--password-stdin: the password has more than {PASSWORD_BYTES_MAX} bytes")))
        }
        _ => Ok(password.to_owned()),
    }
}

/// Easy to read out: three groups of six clear characters, 88 bits.
pub(super) fn one_time_password(clock: &Clock) -> String {
    [(); 3].map(|()| codes::new(clock)).join("-").to_lowercase()
}
