//! Who may do what: one table of roles and actions, asked by one function.

mod roles;

pub use roles::{Role, Roles};

/// A class of things that someone may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Look at a room as its audience does.
    Watch,
    /// Vote, ask, write, react.
    TakePart,
    /// Run polls, the question queue, the chat and what is shown.
    Moderate,
    /// Make and change conferences, sessions and screens.
    Organise,
    /// Make accounts and give roles.
    ManagePeople,
}

/// Why an action was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs one of the roles {needs}")]
pub struct Denied {
    /// The roles that would have allowed it, as shown to people.
    pub needs: &'static str,
}

/// Whether someone with `roles` may do `action`.
///
/// # Errors
/// [`Denied`] names the roles that are missing.
pub fn can(roles: Roles, action: Action) -> Result<(), Denied> {
    let (allowed, needs) = allowed(action);
    if roles.any(allowed) { Ok(()) } else { Err(Denied { needs }) }
}

const MANAGERS: Roles = Roles::of(&[Role::Owner, Role::Admin]);
const ORGANISERS: Roles = MANAGERS.with(Role::Organiser);
const MODERATORS: Roles = ORGANISERS.with(Role::Moderator).with(Role::Chair);
const PARTICIPANTS: Roles = MODERATORS.with(Role::Speaker).with(Role::Exhibitor).with(Role::Attendee);
const EVERYONE: Roles = PARTICIPANTS.with(Role::Screen);

const fn allowed(action: Action) -> (Roles, &'static str) {
    match action {
        Action::Watch => (EVERYONE, "of a participant or screen"),
        Action::TakePart => (PARTICIPANTS, "of a participant"),
        Action::Moderate => (MODERATORS, "owner, admin, organiser, moderator or chair"),
        Action::Organise => (ORGANISERS, "owner, admin or organiser"),
        Action::ManagePeople => (MANAGERS, "owner or admin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_grants_from_the_top_down() {
        let actions =
            [Action::Watch, Action::TakePart, Action::Moderate, Action::Organise, Action::ManagePeople];
        let granted =
            |role| actions.iter().filter(|action| can(Roles::of(&[role]), **action).is_ok()).count();
        assert_eq!(granted(Role::Owner), 5);
        assert_eq!(granted(Role::Organiser), 4);
        assert_eq!(granted(Role::Chair), 3);
        assert_eq!(granted(Role::Speaker), 2);
        assert_eq!(granted(Role::Attendee), 2);
        assert_eq!(granted(Role::Screen), 1);
    }

    #[test]
    fn a_screen_takes_no_part_and_no_role_does_nothing() {
        assert!(can(Roles::of(&[Role::Screen]), Action::TakePart).is_err());
        assert!(can(Roles::default(), Action::Watch).is_err());
    }
}
