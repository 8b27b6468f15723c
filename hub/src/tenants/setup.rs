//! How a tenant is set up: the document that its settings are kept as.

use plenum_domain::tenant::{Branding, Features};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// All that a tenant sets for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// Facts about it.
    pub profile: Profile,
    /// How it looks; none for how the hub looks.
    pub branding: Option<Branding>,
    /// What it switched off.
    pub off: Features,
}

/// Facts about a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// The language of pages and mails for those who have not chosen one.
    #[schema(example = "en")]
    pub default_language: Option<String>,
    /// The time zone of new conferences.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// Where people who need help can write to.
    #[schema(example = "help@example.org")]
    pub contact_email: Option<String>,
    /// The page about privacy.
    #[schema(example = "https://example.org/privacy")]
    pub privacy_url: Option<String>,
    /// The page that says who is responsible.
    #[schema(example = "https://example.org/imprint")]
    pub imprint_url: Option<String>,
}

impl Setup {
    /// Reads the document; parts that cannot be read are as at the beginning.
    pub fn read(settings: &Value) -> Self {
        fn part<T: Default + serde::de::DeserializeOwned>(settings: &Value, name: &str) -> T {
            settings.get(name).and_then(|part| serde_json::from_value(part.clone()).ok()).unwrap_or_default()
        }
        let (profile, branding, off) =
            (part(settings, "profile"), part(settings, "branding"), part(settings, "off"));
        Self { profile, branding, off }
    }

    /// The document.
    pub fn write(&self) -> Value {
        serde_json::to_value(self).expect("settings are plain data")
    }
}

#[cfg(test)]
mod tests {
    use plenum_domain::tenant::Feature;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_takes_nothing_else_with_it() {
        let setup = Setup::read(&json!({"off": ["chat"], "branding": {"text": "pink"}, "origins": []}));
        assert!(setup.off.has(Feature::Chat) && setup.branding.is_none());
        assert_eq!(Setup::read(&setup.write()), setup);
    }
}
