//! Changes of a tenant: checked, written with their history, and at once what holds.

use jiff::tz::TimeZone;
use plenum_domain::tenant::{Branding, Feature};
use plenum_domain::{Action, Id};
use plenum_persistence::store::{Note, TenantState};
use serde_json::json;

use super::types::{SetFeatures, WantedBranding};
use crate::app::App;
use crate::auth::OldTokens;
use crate::features::audit::{Subject, note};
use crate::http::{Caller, Fault, IfMatch, Wrongs, outdated};
use crate::tenants::{Profile, Setup, Standing};

const NAME_CHARS_MAX: usize = 200;
const URL_CHARS_MAX: usize = 500;
/// The languages of the pages.
const LANGUAGES: [&str; 5] = ["en", "ar", "tr", "de", "fr"];
/// How long a deleted tenant can be brought back, in milliseconds: 30 days.
pub(crate) const GRACE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// The tenant as the store has it now, for a change made from the version that `if_match` names.
async fn now(app: &App, caller: &Caller, if_match: &IfMatch) -> Result<TenantState, Fault> {
    caller.may(Action::ConfigureTenant)?;
    let found = app.store.tenant_state(caller.tenant()).await?;
    let state = found.ok_or_else(|| Fault::not_found("tenant"))?;
    if_match.against(state.version)?;
    Ok(state)
}

/// Writes a change; from then on it holds.
pub(crate) async fn apply(app: &App, to: &TenantState, part: Option<&str>, note: &Note) -> Result<(), Fault> {
    if !app.store.change_tenant(to, part, note).await? {
        return Err(outdated());
    }
    spread(app, to.id).await
}

/// Makes known at once what a tenant is now. Other hubs on this store hear of it within some seconds.
pub(crate) async fn spread(app: &App, tenant: Id) -> Result<(), Fault> {
    app.auth.changed(tenant, tenant, OldTokens::GoOn).await?;
    app.reread_tenant(tenant).await?;
    Ok(())
}

pub(super) async fn rename(app: &App, caller: &Caller, if_match: &IfMatch, name: &str) -> Result<(), Fault> {
    let mut state = now(app, caller, if_match).await?;
    let mut wrong = Wrongs::new();
    let name = wrong.text("name", name, NAME_CHARS_MAX);
    wrong.done()?;
    let details = json!({"before": state.name, "after": name});
    state.name = name;
    let note = note(app, caller, "tenant.renamed", Subject("tenant", state.id), details);
    apply(app, &state, None, &note).await
}

async fn change_setup(
    app: &App,
    caller: &Caller,
    if_match: &IfMatch,
    part: &'static str,
    change: impl FnOnce(&mut Setup),
) -> Result<(), Fault> {
    let mut state = now(app, caller, if_match).await?;
    let before = Setup::read(&state.settings);
    let mut after = before.clone();
    change(&mut after);
    state.settings = after.write();
    let details = json!({"part": part, "before": before, "after": after});
    let note = note(app, caller, "tenant.settings", Subject("tenant", state.id), details);
    apply(app, &state, Some(part), &note).await
}

pub(super) async fn set_profile(
    app: &App,
    caller: &Caller,
    if_match: &IfMatch,
    profile: Profile,
) -> Result<(), Fault> {
    let mut wrong = Wrongs::new();
    if profile.default_language.as_deref().is_some_and(|language| !LANGUAGES.contains(&language)) {
        wrong.add("default_language", format!("is one of {}", LANGUAGES.join(", ")));
    }
    if profile.time_zone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
        wrong.add("time_zone", "is a time zone of IANA's list, such as Europe/Berlin");
    }
    let contact_email = profile.contact_email.as_deref().map(|email| wrong.email("contact_email", email));
    for (field, url) in [("privacy_url", &profile.privacy_url), ("imprint_url", &profile.imprint_url)] {
        let fits = |url: &String| url.starts_with("https://") && url.len() <= URL_CHARS_MAX;
        if url.as_ref().is_some_and(|url| !fits(url)) {
            wrong.add(field, "begins with https://");
        }
    }
    wrong.done()?;
    let profile = Profile { contact_email, ..profile };
    change_setup(app, caller, if_match, "profile", |setup| setup.profile = profile).await
}

pub(super) async fn set_branding(
    app: &App,
    caller: &Caller,
    if_match: &IfMatch,
    wanted: WantedBranding,
) -> Result<(), Fault> {
    caller.1.has(Feature::Branding)?;
    let mut wrong = Wrongs::new();
    let name = wrong.maybe_text("name", wanted.name.as_deref(), NAME_CHARS_MAX);
    let WantedBranding { background, text, primary, .. } = wanted;
    let branding = Branding { name, background, text, primary };
    for unfit in branding.unfit() {
        wrong.add(unfit.field, unfit.to_string());
    }
    wrong.done()?;
    change_setup(app, caller, if_match, "branding", |setup| setup.branding = Some(branding)).await
}

pub(super) async fn remove_branding(app: &App, caller: &Caller, if_match: &IfMatch) -> Result<(), Fault> {
    change_setup(app, caller, if_match, "branding", |setup| setup.branding = None).await
}

pub(super) async fn set_features(
    app: &App,
    caller: &Caller,
    if_match: &IfMatch,
    body: SetFeatures,
) -> Result<(), Fault> {
    let mut wrong = Wrongs::new();
    let mut switches = Vec::new();
    for (name, on) in body.features {
        match name.parse::<Feature>() {
            Ok(feature) => switches.push((feature, on)),
            Err(error) => wrong.add(&format!("features.{name}"), error.to_string()),
        }
    }
    wrong.done()?;
    let switch = |setup: &mut Setup| {
        setup.off = switches.iter().fold(setup.off, |off, (feature, on)| off.set(*feature, !on));
    };
    change_setup(app, caller, if_match, "features", switch).await
}

/// Makes the settings what they were at an earlier version.
pub(super) async fn pick(app: &App, caller: &Caller, if_match: &IfMatch, version: i64) -> Result<(), Fault> {
    caller.may(Action::ConfigureTenant)?;
    let past = app.store.tenant_settings_of(caller.tenant(), version).await?;
    let past = past.ok_or_else(|| Fault::field("version", "the history has no such version"))?;
    let past = Setup::read(&past.settings);
    change_setup(app, caller, if_match, "all", |setup| *setup = past).await
}

/// Closes the tenant; it can be brought back until its grace is over.
pub(super) async fn remove(app: &App, caller: &Caller, slug: &str) -> Result<(), Fault> {
    caller.may(Action::OwnTenant)?;
    let mut state = now(app, caller, &IfMatch::default()).await?;
    if slug != state.slug {
        return Err(Fault::field("confirm", "is the tenant's slug, so that nobody deletes one by mistake"));
    }
    let delete_after = app.clock.now().plus_ms(GRACE_MS);
    (state.status, state.delete_after) = ("deleted".to_owned(), Some(delete_after));
    let details = json!({"delete_after": crate::clock::rfc3339(delete_after)});
    let note = note(app, caller, "tenant.deleted", Subject("tenant", state.id), details);
    apply(app, &state, None, &note).await?;
    app.shards.close_participant(state.id);
    Ok(())
}

/// Brings the tenant back while its grace lasts.
pub(super) async fn keep(app: &App, caller: &Caller) -> Result<(), Fault> {
    caller.may(Action::OwnTenant)?;
    let mut state = now(app, caller, &IfMatch::default()).await?;
    if state.status != "deleted" {
        return Err(Fault::conflict("NOT_DELETED", "the tenant is not deleted"));
    }
    (state.status, state.delete_after) = ("active".to_owned(), None);
    let note = note(app, caller, "tenant.kept", Subject("tenant", state.id), json!({}));
    apply(app, &state, None, &note).await
}

/// The tenant after a change.
pub(super) async fn standing(app: &App, tenant: Id) -> Result<std::sync::Arc<Standing>, Fault> {
    app.tenants.of(tenant).await?.ok_or_else(|| Fault::not_found("tenant"))
}
