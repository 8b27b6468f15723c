//! What a personal token may be used for. A token never may more than its owner may at that moment.

use std::str::FromStr;

use super::actions::Action;
use super::allows;
use super::roles::{Role, Roles};

/// A part of what an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Look at rooms as a screen does.
    Watch,
    /// Run sessions.
    Moderate,
    /// Make and change conferences.
    Organise,
    /// Everything that an admin may do.
    Admin,
}

/// Every scope: its name, the action that its owner must be allowed, and the role that the token acts with.
const SCOPES: [(Scope, &str, Action, Role); 4] = [
    (Scope::Watch, "watch", Action::Watch, Role::Screen),
    (Scope::Moderate, "moderate", Action::Moderate, Role::Moderator),
    (Scope::Organise, "organise", Action::Organise, Role::Organiser),
    (Scope::Admin, "admin", Action::ManagePeople, Role::Admin),
];

/// A text that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no scope is called {0:?}; there are watch, moderate, organise, admin")]
pub struct UnknownScope(pub String);

impl Scope {
    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        SCOPES[self as usize].1
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let found = SCOPES.iter().find(|(_, name, ..)| *name == text);
        found.map(|(scope, ..)| *scope).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

/// The roles that a token with these scopes acts with, whoever owns it.
pub(super) fn acting(scopes: &[Scope]) -> Roles {
    SCOPES.iter().filter(|(scope, ..)| scopes.contains(scope)).map(|(.., role)| *role).collect()
}

/// The roles that a token with these scopes acts with, for an owner with `roles` of now.
pub(super) fn narrow(roles: Roles, scopes: &[Scope]) -> Roles {
    let granted = SCOPES
        .iter()
        .filter(|(scope, _, action, _)| scopes.contains(scope) && allows(roles, *action).is_ok());
    granted.map(|(.., role)| *role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_may_more_than_its_owner() {
        let all = SCOPES.map(|(scope, ..)| scope);
        let moderator = narrow(Roles::of(&[Role::Moderator]), &all);
        assert_eq!(moderator, Roles::of(&[Role::Screen, Role::Moderator]));
        let owner = narrow(Roles::of(&[Role::Owner]), &[Scope::Moderate]);
        assert_eq!(owner, Roles::of(&[Role::Moderator]));
        assert_eq!(narrow(Roles::of(&[Role::Owner]), &[]), Roles::default());
    }

    #[test]
    fn names_follow_the_order_of_the_enum() {
        for (place, (scope, name, ..)) in SCOPES.iter().enumerate() {
            assert_eq!((*scope as usize, name.parse()), (place, Ok(*scope)));
        }
    }
}
