//! Roles, and the small set of them that a person holds.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What someone is at a tenant or a conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Owns the tenant.
    Owner,
    /// Manages the tenant's people and settings.
    Admin,
    /// Makes and changes conferences.
    Organiser,
    /// Runs sessions.
    Moderator,
    /// Chairs sessions; moderates them as well.
    Chair,
    /// Speaks.
    Speaker,
    /// Staffs a stand.
    Exhibitor,
    /// Attends.
    Attendee,
    /// A screen in a venue; watches, never acts.
    Screen,
}

/// Every role with the name that the outside sees.
const NAMES: [(Role, &str); 9] = [
    (Role::Owner, "owner"),
    (Role::Admin, "admin"),
    (Role::Organiser, "organiser"),
    (Role::Moderator, "moderator"),
    (Role::Chair, "chair"),
    (Role::Speaker, "speaker"),
    (Role::Exhibitor, "exhibitor"),
    (Role::Attendee, "attendee"),
    (Role::Screen, "screen"),
];

impl Role {
    /// Every role, highest first.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(role, _)| *role)
    }

    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no role is called {0:?}; there are owner, admin, organiser, moderator, chair, speaker, exhibitor, attendee, screen"
)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(role, _)| *role)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A set of roles.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Roles(u16);

impl Roles {
    /// The set of these roles.
    pub const fn of(roles: &[Role]) -> Self {
        let mut set = Self(0);
        let mut place = 0;
        while place < roles.len() {
            set = set.with(roles[place]);
            place += 1;
        }
        set
    }

    /// This set and `role`.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u16)
    }

    /// Whether `role` is in the set.
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Whether the two sets share a role.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The roles in the set, highest first.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        NAMES.iter().map(|(role, _)| *role).filter(move |role| self.has(*role))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Role::name)).finish()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        roles.into_iter().fold(Self::default(), Self::with)
    }
}

impl Serialize for Roles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Role::name))
    }
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| name.parse::<Role>().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_order_of_the_enum() {
        for (place, (role, name)) in NAMES.iter().enumerate() {
            assert_eq!(*role as usize, place);
            assert_eq!(name.parse::<Role>(), Ok(*role));
        }
    }

    #[test]
    fn a_set_is_written_as_names() {
        let set = Roles::of(&[Role::Chair, Role::Owner]);
        let text = serde_json::to_string(&set).unwrap();
        assert_eq!(text, r#"["owner","chair"]"#);
        assert_eq!(serde_json::from_str::<Roles>(&text).unwrap(), set);
        assert!(serde_json::from_str::<Roles>(r#"["king"]"#).unwrap_err().to_string().contains("king"));
    }
}
