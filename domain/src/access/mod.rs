//! Who may do what: one matrix of roles and actions, asked by one function.
//!
//! [`can`] answers for a person with everything that they hold, and a thing. Rooms know only the roles of whoever acts;
//! for them [`allows`] reads the same matrix.

mod actions;
mod rights;
mod roles;
mod scopes;

pub use actions::{Action, Actions, Reach, UnknownAction};
pub use rights::{Grant, Held, Over, Rights, Thing, Verdict, Why, can};
pub use roles::{Role, Roles, UnknownRole};
pub use scopes::{Scope, UnknownScope};

/// Why an action was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs one of the roles {needs}")]
pub struct Denied {
    /// The roles that would have allowed it, as shown to people.
    pub needs: &'static str,
}

/// Whether these roles have `action` in the matrix.
///
/// # Errors
/// [`Denied`] names the roles that are missing.
pub fn allows(roles: Roles, action: Action) -> Result<(), Denied> {
    if roles.any(action.roles()) { Ok(()) } else { Err(Denied { needs: action.roles_in_words() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_takes_no_part_and_no_role_does_nothing() {
        assert!(allows(Roles::of(&[Role::Screen]), Action::TakePart).is_err());
        assert!(allows(Roles::default(), Action::Watch).is_err());
    }
}
