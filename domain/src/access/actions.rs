//! What someone may want to do, and which roles may: the one table of rights.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::roles::{Role, Roles};

/// A class of things that someone may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Look at a room as its audience does.
    Watch,
    /// Vote, ask, write, react.
    TakePart,
    /// Run polls, the question queue, the chat and what is shown.
    Moderate,
    /// Let people in at the door.
    CheckIn,
    /// See who takes part.
    SeeParticipants,
    /// Register, approve, change and remove those who take part.
    ManageParticipants,
    /// Change the programme: halls, days, sessions, speakers.
    EditProgramme,
    /// Make and change conferences, and all that is in them.
    Organise,
    /// Read figures and reports.
    SeeReports,
    /// See the tenant's accounts.
    SeePeople,
    /// Make accounts and give roles.
    ManagePeople,
    /// Read who changed what.
    SeeAudit,
    /// Change the tenant's settings, branding and features.
    ConfigureTenant,
    /// Change the tenant's tier, and delete it.
    OwnTenant,
}

/// Where an action can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the whole tenant only.
    Tenant,
    /// In one conference, too.
    Conference,
}

const MANAGERS: Roles = Roles::of(&[Role::Owner, Role::Admin]);
const ORGANISERS: Roles = MANAGERS.with(Role::Organiser);
const MODERATORS: Roles = ORGANISERS.with(Role::Moderator).with(Role::Chair);
const PARTICIPANTS: Roles = MODERATORS.with(Role::Speaker).with(Role::Exhibitor).with(Role::Attendee);
const EVERYONE: Roles = PARTICIPANTS.with(Role::Screen);
const OWNERS: Roles = Roles::of(&[Role::Owner]);

/// The matrix: each action with its name, where it can be allowed, the roles that have it, and these in words.
const MATRIX: [(Action, &str, Reach, Roles, &str); 14] = {
    use Action::*;
    use Reach::{Conference, Tenant};
    const MODERATING: &str = "owner, admin, organiser, moderator or chair";
    const ORGANISING: &str = "owner, admin or organiser";
    const MANAGING: &str = "owner or admin";
    [
        (Watch, "rooms.watch", Conference, EVERYONE, "of a participant or screen"),
        (TakePart, "rooms.take_part", Conference, PARTICIPANTS, "of a participant"),
        (Moderate, "rooms.moderate", Conference, MODERATORS, MODERATING),
        (CheckIn, "participants.check_in", Conference, MODERATORS, MODERATING),
        (SeeParticipants, "participants.see", Conference, MODERATORS, MODERATING),
        (ManageParticipants, "participants.manage", Conference, ORGANISERS, ORGANISING),
        (EditProgramme, "programme.edit", Conference, ORGANISERS, ORGANISING),
        (Organise, "conferences.organise", Conference, ORGANISERS, ORGANISING),
        (SeeReports, "reports.see", Conference, ORGANISERS, ORGANISING),
        (SeePeople, "people.see", Tenant, ORGANISERS, ORGANISING),
        (ManagePeople, "people.manage", Tenant, MANAGERS, MANAGING),
        (SeeAudit, "audit.see", Tenant, MANAGERS, MANAGING),
        (ConfigureTenant, "tenant.configure", Tenant, MANAGERS, MANAGING),
        (OwnTenant, "tenant.own", Tenant, OWNERS, "owner"),
    ]
};

impl Action {
    /// Every action, in the order of the matrix.
    pub fn all() -> impl Iterator<Item = Self> {
        MATRIX.iter().map(|(action, ..)| *action)
    }

    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        MATRIX[self as usize].1
    }

    /// Where it can be allowed.
    pub fn reach(self) -> Reach {
        MATRIX[self as usize].2
    }

    /// The roles that have it.
    pub fn roles(self) -> Roles {
        MATRIX[self as usize].3
    }

    /// The roles that have it, for people to read.
    pub(super) fn roles_in_words(self) -> &'static str {
        MATRIX[self as usize].4
    }
}

/// A text that names no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no action is called {0:?}")]
pub struct UnknownAction(pub String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        Self::all().find(|action| action.name() == text).ok_or_else(|| UnknownAction(text.to_owned()))
    }
}

/// A set of actions.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actions(u32);

impl Actions {
    /// What someone with these roles may do.
    pub fn of_roles(roles: Roles) -> Self {
        Action::all().filter(|action| roles.any(action.roles())).collect()
    }

    /// Whether `action` is in the set.
    pub const fn has(self, action: Action) -> bool {
        self.0 & (1 << action as u32) != 0
    }

    /// Whether all of `other` is in the set.
    pub const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The actions in the set, in the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::all().filter(move |action| self.has(*action))
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<T: IntoIterator<Item = Action>>(actions: T) -> Self {
        Self(actions.into_iter().fold(0, |set, action| set | 1 << action as u32))
    }
}

impl fmt::Debug for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Action::name)).finish()
    }
}

impl Serialize for Actions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Action::name))
    }
}

impl<'de> Deserialize<'de> for Actions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| name.parse::<Action>().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_follows_the_order_of_the_enum() {
        for (place, (action, name, ..)) in MATRIX.iter().enumerate() {
            assert_eq!((*action as usize, name.parse()), (place, Ok(*action)));
        }
    }

    #[test]
    fn the_matrix_grants_from_the_top_down() {
        let granted = |role| Actions::of_roles(Roles::of(&[role])).iter().count();
        assert_eq!(granted(Role::Owner), 14);
        assert_eq!(granted(Role::Admin), 13);
        assert_eq!(granted(Role::Organiser), 10);
        assert_eq!(granted(Role::Chair), 5);
        assert_eq!(granted(Role::Speaker), 2);
        assert_eq!(granted(Role::Screen), 1);
    }

    #[test]
    fn a_set_is_written_as_names() {
        let set: Actions = [Action::CheckIn, Action::Watch].into_iter().collect();
        let text = serde_json::to_string(&set).unwrap();
        assert_eq!(text, r#"["rooms.watch","participants.check_in"]"#);
        assert_eq!(serde_json::from_str::<Actions>(&text).unwrap(), set);
        assert!(serde_json::from_str::<Actions>(r#"["rule"]"#).unwrap_err().to_string().contains("rule"));
        assert!(Actions::of_roles(Roles::of(&[Role::Chair])).has_all(set));
        assert!(!set.has_all(Actions::of_roles(Roles::of(&[Role::Chair]))));
    }
}
