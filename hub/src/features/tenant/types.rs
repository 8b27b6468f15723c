//! What a tenant's owner sees and sets.

use std::collections::BTreeMap;

use plenum_domain::Id;
use plenum_domain::tenant::{Branding, Colour, Contrast, Feature};
use plenum_persistence::store::PastSettings;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;
use crate::tenants::{Profile, Setup, Standing};

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantOut {
    /// Its id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Its name in addresses.
    #[schema(example = "acme")]
    pub slug: String,
    /// Its name for people.
    #[schema(example = "Acme Events")]
    pub name: String,
    /// active, suspended or deleted.
    #[schema(example = "active")]
    pub status: String,
    /// When a deleted one is gone for good.
    #[schema(example = json!(null))]
    pub delete_after: Option<String>,
    /// free, pro or enterprise.
    #[schema(example = "pro")]
    pub tier: &'static str,
    /// Facts about it.
    pub settings: Profile,
    /// How it looks.
    pub branding: BrandingOut,
    /// Each feature, and whether it is on.
    #[schema(value_type = Object, example = json!({"polls": true, "chat": false}))]
    pub features: BTreeMap<&'static str, bool>,
    /// When it was made.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub created_at: String,
    /// Counts its changes; the ETag.
    #[schema(example = 4)]
    pub version: i64,
}

impl From<&Standing> for TenantOut {
    fn from(standing: &Standing) -> Self {
        let state = &standing.state;
        Self {
            id: state.id,
            slug: state.slug.clone(),
            name: state.name.clone(),
            status: state.status.clone(),
            delete_after: state.delete_after.map(rfc3339),
            tier: standing.limits.tier.name(),
            settings: standing.setup.profile.clone(),
            branding: BrandingOut::of(standing),
            features: features(&standing.setup),
            created_at: rfc3339(state.created),
            version: state.version,
        }
    }
}

fn features(setup: &Setup) -> BTreeMap<&'static str, bool> {
    Feature::all().map(|feature| (feature.name(), !setup.off.has(feature))).collect()
}

/// How a tenant looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrandingOut {
    /// The name at the top of every page.
    #[schema(example = "Harbour Days")]
    pub name: String,
    /// Whether the tenant has colours of its own.
    #[schema(example = true)]
    pub own: bool,
    /// The ground of pages.
    #[schema(value_type = String, example = "#ffffff")]
    pub background: Colour,
    /// Text on that ground.
    #[schema(value_type = String, example = "#1b1b1f")]
    pub text: Colour,
    /// Buttons, links, bars.
    #[schema(value_type = String, example = "#1a6b5c")]
    pub primary: Colour,
    /// Text on buttons: white or black, whichever can be read.
    #[schema(value_type = String, example = "#ffffff")]
    pub on_primary: Colour,
    /// Contrast of text with the ground; 4.5 is needed.
    #[schema(value_type = f64, example = 17.2)]
    pub text_contrast: Contrast,
    /// Contrast of buttons with the ground; 3 is needed.
    #[schema(value_type = f64, example = 6.3)]
    pub primary_contrast: Contrast,
    /// Where the logo is, from the host on; null without one.
    #[schema(example = "/api/v1/logos/0af3b2c4d5e6f708192a3b4c5d6e7f80")]
    pub logo_url: Option<String>,
}

impl BrandingOut {
    pub(super) fn of(standing: &Standing) -> Self {
        let shown = !standing.setup.off.has(Feature::Branding);
        let own = standing.setup.branding.clone().filter(|_| shown);
        let logo = standing.logo.as_ref().filter(|_| shown);
        let mut out = Self::new(own, standing.state.name.clone());
        out.logo_url = logo.map(|hash| format!("{}/logos/{hash}", crate::http::BASE));
        out
    }

    fn new(own: Option<Branding>, name: String) -> Self {
        let is_own = own.is_some();
        let Branding { name: wanted, background, text, primary } = own.unwrap_or_default();
        Self {
            name: wanted.unwrap_or(name),
            own: is_own,
            background,
            text,
            primary,
            on_primary: primary.readable_on_it(),
            text_contrast: text.contrast(background),
            primary_contrast: primary.contrast(background),
            logo_url: None,
        }
    }
}

/// How pages look before anybody signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookOut {
    /// The tenant's slug; null when the request names none.
    #[schema(example = "acme")]
    pub tenant: Option<String>,
    /// Its language.
    #[schema(example = "en")]
    pub default_language: Option<String>,
    /// How it looks.
    pub branding: BrandingOut,
    /// Each feature, and whether it is on.
    #[schema(value_type = Object, example = json!({"polls": true, "chat": false}))]
    pub features: BTreeMap<&'static str, bool>,
}

impl LookOut {
    pub(super) fn of(standing: Option<&Standing>) -> Self {
        let setup = standing.map(|standing| standing.setup.clone()).unwrap_or_default();
        Self {
            tenant: standing.map(|standing| standing.state.slug.clone()),
            default_language: setup.profile.default_language.clone(),
            branding: standing.map_or_else(|| BrandingOut::new(None, "Plenum".to_owned()), BrandingOut::of),
            features: features(&setup),
        }
    }
}

/// Colours to check and take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedBranding {
    /// The name at the top of every page; without it the tenant's.
    #[schema(example = "Harbour Days")]
    pub name: Option<String>,
    /// The ground of pages.
    #[schema(value_type = String, example = "#ffffff")]
    pub background: Colour,
    /// Text on that ground: contrast of at least 4.5.
    #[schema(value_type = String, example = "#1b1b1f")]
    pub text: Colour,
    /// Buttons, links, bars: contrast of at least 3 with the ground.
    #[schema(value_type = String, example = "#1a6b5c")]
    pub primary: Colour,
}

/// A logo to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogoFile {
    /// A PNG, JPEG or WebP picture of at most 256 KiB, in base64.
    #[schema(example = "iVBORw0KGgo=")]
    pub data: String,
}

/// Features to switch; those that are not named stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFeatures {
    /// By name.
    #[schema(value_type = Object, example = json!({"chat": true}))]
    pub features: BTreeMap<String, bool>,
}

/// A name to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedName {
    /// 1 to 200 characters.
    #[schema(example = "Acme Events")]
    pub name: String,
}

/// A tenant to delete.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// The tenant's slug, typed once more.
    #[schema(example = "acme")]
    pub confirm: String,
}

/// An earlier version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Of `/tenant/history`.
    #[schema(example = 2)]
    pub version: i64,
}

/// Which part of the history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TenantHistoryQuery {
    /// Where the last answer said that it goes on.
    #[param(example = "4")]
    pub cursor: Option<String>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
}

/// Settings as they were after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastOut {
    /// The tenant's version then.
    #[schema(example = 2)]
    pub version: i64,
    /// What was changed: profile, branding, features, or all.
    #[schema(example = "branding")]
    pub part: String,
    /// All settings after the change.
    #[schema(value_type = Object, example = json!({"off": ["chat"]}))]
    pub settings: serde_json::Value,
    /// When.
    #[schema(example = "2026-11-22T09:00:00.000Z")]
    pub at: String,
    /// By whom.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub actor_id: Option<Id>,
    /// Their name at that time.
    #[schema(example = "Noor")]
    pub actor_name: String,
}

impl From<PastSettings> for PastOut {
    fn from(past: PastSettings) -> Self {
        let PastSettings { version, part, settings, at, actor, actor_name } = past;
        Self { version, part, settings, at: rfc3339(at), actor_id: actor, actor_name }
    }
}

/// How much of a limit is used.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageOut {
    /// requests_per_min, participants (of the fullest conference), conferences, storage_bytes or reports_per_day.
    #[schema(value_type = String, example = "conferences")]
    pub limit: &'static str,
    /// How much there may be; null for no limit.
    #[schema(example = 25)]
    pub max: Option<u64>,
    /// How much there is.
    #[schema(example = 3)]
    pub used: u64,
}
