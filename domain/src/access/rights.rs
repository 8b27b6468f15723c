//! All that one person holds in a tenant, and what follows from it.

use super::actions::{Action, Actions, Reach};
use super::roles::{Role, Roles};
use super::scopes::{Scope, acting, narrow};
use crate::Id;

/// Where a role is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Over {
    /// In the whole tenant.
    Tenant,
    /// In this conference.
    Conference(Id),
}

/// What is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A role that every tenant has.
    Role(Role),
    /// A role that the tenant made for itself.
    Custom {
        /// What the tenant calls it.
        name: String,
        /// What it allows.
        actions: Actions,
    },
}

/// One role, held in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What is held.
    pub held: Held,
    /// Where.
    pub over: Over,
}

/// All that one person holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// The tenant; outside it nothing is allowed.
    pub tenant: Id,
    /// The roles.
    pub grants: Vec<Grant>,
    /// The only conference that the token is for, when it is for one.
    pub only: Option<Id>,
    /// The scopes of a personal token: nothing beyond them is allowed.
    pub scopes: Option<Vec<Scope>>,
}

/// What someone wants to do something to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Whose it is.
    pub tenant: Id,
    /// The conference that it belongs to; none for what is the whole tenant's.
    pub conference: Option<Id>,
}

/// Whether, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Because of this role.
    Allow(&'a Grant),
    /// For this reason.
    Deny(Why),
}

/// Why something is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The thing is another's: to this person it does not exist.
    NotThere,
    /// None of the held roles allows it; these would.
    NoRole {
        /// The roles, for people to read.
        needs: &'static str,
    },
    /// The person may, this token of theirs may not.
    OutsideScopes,
}

/// Whether someone with these rights may do `action` to `thing`.
pub fn can<'a>(rights: &'a Rights, action: Action, thing: Thing) -> Verdict<'a> {
    let reaching = || rights.grants.iter().filter(|grant| reaches(grant.over, thing));
    if !rights.is_open(thing) || (thing.conference.is_some() && reaching().next().is_none()) {
        return Verdict::Deny(Why::NotThere);
    }
    match reaching().find(|grant| grant.allows(action)) {
        None => Verdict::Deny(Why::NoRole { needs: action.roles_in_words() }),
        Some(_) if !rights.within_scopes(action) => Verdict::Deny(Why::OutsideScopes),
        Some(grant) => Verdict::Allow(grant),
    }
}

fn reaches(over: Over, thing: Thing) -> bool {
    match over {
        Over::Tenant => true,
        Over::Conference(conference) => thing.conference == Some(conference),
    }
}

impl Grant {
    /// A role of every tenant, held in the whole tenant.
    pub const fn everywhere(role: Role) -> Self {
        Self { held: Held::Role(role), over: Over::Tenant }
    }

    /// What the role allows here: in one conference nothing that is the whole tenant's.
    pub fn actions(&self) -> Actions {
        let all = match &self.held {
            Held::Role(role) => Actions::of_roles(Roles::of(&[*role])),
            Held::Custom { actions, .. } => *actions,
        };
        match self.over {
            Over::Tenant => all,
            Over::Conference(_) => all.iter().filter(|action| action.reach() == Reach::Conference).collect(),
        }
    }

    fn allows(&self, action: Action) -> bool {
        self.actions().has(action)
    }

    /// The role, or for a tenant's own role those that rooms take it for: rooms know of watching, taking part and
    /// moderating only.
    fn roles_in_rooms(&self) -> Roles {
        match &self.held {
            Held::Role(role) => Roles::of(&[*role]),
            Held::Custom { actions, .. } => {
                let like = [
                    (Action::Moderate, Role::Moderator),
                    (Action::TakePart, Role::Attendee),
                    (Action::Watch, Role::Screen),
                ];
                like.iter().filter(|(action, _)| actions.has(*action)).map(|(_, role)| *role).collect()
            }
        }
    }
}

impl Rights {
    /// Someone with these roles in the whole tenant.
    pub fn everywhere(tenant: Id, roles: Roles) -> Self {
        let grants = roles.iter().map(Grant::everywhere).collect();
        Self { tenant, grants, only: None, scopes: None }
    }

    /// Someone with these roles in one conference, whose token is for it only.
    pub fn inside(tenant: Id, conference: Id, roles: Roles) -> Self {
        let over = Over::Conference(conference);
        let grants = roles.iter().map(|role| Grant { held: Held::Role(role), over }).collect();
        Self { tenant, grants, only: Some(conference), scopes: None }
    }

    fn is_open(&self, thing: Thing) -> bool {
        let elsewhere = |conference| self.only.is_some_and(|only| only != conference);
        thing.tenant == self.tenant && !thing.conference.is_some_and(elsewhere)
    }

    fn within_scopes(&self, action: Action) -> bool {
        let scopes = self.scopes.as_deref();
        scopes.is_none_or(|scopes| Actions::of_roles(acting(scopes)).has(action))
    }

    /// The roles that rooms and people see: those of the whole tenant, and in a conference also those held there.
    pub fn roles_in(&self, conference: Option<Id>) -> Roles {
        let thing = Thing { tenant: self.tenant, conference };
        let grants = self.grants.iter().filter(|grant| reaches(grant.over, thing));
        let roles = grants.flat_map(|grant| grant.roles_in_rooms().iter().collect::<Vec<_>>()).collect();
        self.scopes.as_deref().map_or(roles, |scopes| narrow(roles, scopes))
    }

    /// The conferences in which something is held that is not held in the whole tenant.
    pub fn conferences(&self) -> impl Iterator<Item = Id> {
        let mut found: Vec<Id> = self.grants.iter().filter_map(|grant| grant.over.conference()).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter()
    }

    /// Whether something is held in the whole tenant.
    pub fn reach_everywhere(&self) -> bool {
        self.grants.iter().any(|grant| grant.over == Over::Tenant)
    }

    /// All that is allowed to a thing.
    pub fn actions(&self, thing: Thing) -> Actions {
        Action::all().filter(|action| matches!(can(self, *action, thing), Verdict::Allow(_))).collect()
    }
}

impl Over {
    /// The conference, when it is one.
    pub const fn conference(self) -> Option<Id> {
        match self {
            Self::Tenant => None,
            Self::Conference(conference) => Some(conference),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: Id = Id::from_bits(1);
    const HERE: Id = Id::from_bits(10);
    const ELSEWHERE: Id = Id::from_bits(11);

    fn thing(conference: Option<Id>) -> Thing {
        Thing { tenant: TENANT, conference }
    }

    fn is_allowed(rights: &Rights, action: Action, conference: Option<Id>) -> bool {
        matches!(can(rights, action, thing(conference)), Verdict::Allow(_))
    }

    fn inside(held: Held) -> Rights {
        let grants = vec![Grant { held, over: Over::Conference(HERE) }];
        Rights { tenant: TENANT, grants, only: None, scopes: None }
    }

    #[test]
    fn another_tenants_things_are_not_there() {
        let owner = Rights::everywhere(TENANT, Roles::of(&[Role::Owner]));
        let foreign = Thing { tenant: Id::from_bits(2), conference: None };
        assert_eq!(can(&owner, Action::Watch, foreign), Verdict::Deny(Why::NotThere));
        assert_eq!(
            can(&owner, Action::OwnTenant, thing(None)),
            Verdict::Allow(&Grant::everywhere(Role::Owner))
        );
    }

    #[test]
    fn a_role_in_one_conference_reaches_no_other_and_not_the_tenant() {
        let admin = inside(Held::Role(Role::Admin));
        assert!(is_allowed(&admin, Action::Organise, Some(HERE)));
        assert_eq!(can(&admin, Action::Watch, thing(Some(ELSEWHERE))), Verdict::Deny(Why::NotThere));
        assert!(!is_allowed(&admin, Action::ManagePeople, None));
        assert!(!is_allowed(&admin, Action::ManagePeople, Some(HERE)));
        assert_eq!(admin.conferences().collect::<Vec<_>>(), [HERE]);
    }

    #[test]
    fn a_tenants_own_role_allows_what_it_says_and_is_told_to_rooms() {
        let actions = [Action::Watch, Action::CheckIn].into_iter().collect();
        let door = inside(Held::Custom { name: "Door".into(), actions });
        assert!(is_allowed(&door, Action::CheckIn, Some(HERE)));
        let denied = can(&door, Action::Moderate, thing(Some(HERE)));
        assert_eq!(
            denied,
            Verdict::Deny(Why::NoRole { needs: "owner, admin, organiser, moderator or chair" })
        );
        assert_eq!(door.roles_in(Some(HERE)), Roles::of(&[Role::Screen]));
        assert_eq!(door.roles_in(None), Roles::default());
    }

    #[test]
    fn a_token_may_less_than_its_owner() {
        let mut owner = Rights::everywhere(TENANT, Roles::of(&[Role::Owner]));
        owner.scopes = Some(vec![Scope::Moderate]);
        assert!(is_allowed(&owner, Action::Moderate, Some(HERE)));
        assert_eq!(can(&owner, Action::Organise, thing(Some(HERE))), Verdict::Deny(Why::OutsideScopes));
        assert_eq!(owner.roles_in(Some(HERE)), Roles::of(&[Role::Moderator]));
    }

    #[test]
    fn a_token_for_one_conference_sees_no_other() {
        let guest = Rights::inside(TENANT, HERE, Roles::of(&[Role::Attendee]));
        assert!(is_allowed(&guest, Action::TakePart, Some(HERE)));
        assert_eq!(can(&guest, Action::TakePart, thing(Some(ELSEWHERE))), Verdict::Deny(Why::NotThere));
        assert_eq!(
            can(&guest, Action::TakePart, thing(None)),
            Verdict::Deny(Why::NoRole { needs: "of a participant" })
        );
        assert_eq!(guest.actions(thing(Some(HERE))).iter().count(), 2);
    }
}
