//! Parts of the hub that a tenant can switch off.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Polls.
    Polls,
    /// Questions of the audience.
    Questions,
    /// Chat.
    Chat,
    /// Venue screens.
    Screens,
    /// Joining by the code on the slide.
    JoinByCode,
    /// Personal access tokens.
    PersonalTokens,
    /// Roles of the tenant's own.
    OwnRoles,
    /// A name, logo and colours of its own.
    Branding,
}

/// Every feature, its name, and the kind of room that it is, when it is one.
const FEATURES: [(Feature, &str, Option<&str>); 8] = [
    (Feature::Polls, "polls", Some("poll")),
    (Feature::Questions, "questions", Some("qa")),
    (Feature::Chat, "chat", Some("messaging")),
    (Feature::Screens, "screens", Some("screen")),
    (Feature::JoinByCode, "join_by_code", None),
    (Feature::PersonalTokens, "personal_tokens", None),
    (Feature::OwnRoles, "own_roles", None),
    (Feature::Branding, "branding", None),
];

impl Feature {
    /// Every feature.
    pub fn all() -> impl Iterator<Item = Self> {
        FEATURES.iter().map(|(feature, ..)| *feature)
    }

    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        FEATURES[self as usize].1
    }

    /// The feature that rooms of this kind belong to.
    pub fn of_room(kind: &str) -> Option<Self> {
        FEATURES.iter().find(|(.., room)| *room == Some(kind)).map(|(feature, ..)| *feature)
    }
}

/// A text that names no feature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no feature is called {0:?}")]
pub struct UnknownFeature(pub String);

impl FromStr for Feature {
    type Err = UnknownFeature;

    fn from_str(text: &str) -> Result<Self, UnknownFeature> {
        Self::all().find(|feature| feature.name() == text).ok_or_else(|| UnknownFeature(text.to_owned()))
    }
}

/// A set of features.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(u32);

impl Features {
    /// Whether `feature` is in the set.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u32) != 0
    }

    /// This set with `feature`, or without it.
    #[must_use]
    pub const fn set(self, feature: Feature, on: bool) -> Self {
        let bit = 1 << feature as u32;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    /// The features in the set.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::all().filter(move |feature| self.has(*feature))
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Feature::name)).finish()
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<T: IntoIterator<Item = Feature>>(features: T) -> Self {
        features.into_iter().fold(Self::default(), |set, feature| set.set(feature, true))
    }
}

impl Serialize for Features {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Feature::name))
    }
}

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| name.parse::<Feature>().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_order_of_the_enum() {
        for (place, (feature, name, _)) in FEATURES.iter().enumerate() {
            assert_eq!((*feature as usize, name.parse()), (place, Ok(*feature)));
        }
        assert_eq!(Feature::of_room("qa"), Some(Feature::Questions));
        assert_eq!(Feature::of_room("session"), None);
    }

    #[test]
    fn a_set_is_switched_and_written_as_names() {
        let set = Features::default().set(Feature::Chat, true).set(Feature::Polls, true);
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["polls","chat"]"#);
        let set = set.set(Feature::Polls, false);
        assert!(set.has(Feature::Chat) && !set.has(Feature::Polls));
        assert!(serde_json::from_str::<Features>(r#"["fax"]"#).is_err());
    }
}
