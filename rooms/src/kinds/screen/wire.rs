//! All of a screen's room that leaves memory.

use plenum_domain::{Denied, Id};
use serde::{Deserialize, Serialize};

use crate::engine::Refusal;

/// What a screen's room is opened with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the screen hangs, for those who manage it.
    pub name: String,
    /// The session that it follows.
    pub session: Option<Id>,
}

/// What a screen shows: a session's run of show, or its own name while it follows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The session that it follows.
    pub session: Option<Id>,
}

/// What can be asked of a screen.
#[derive(Clone, Copy, Debug)]
pub enum Command {
    /// `screen.show`: follow a session.
    Show(Scene),
}

/// What happened to a screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// It shows something else.
    Shown(Scene),
}

/// What a screen and its moderators are shown.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum View {
    /// On joining.
    State {
        /// Where the screen hangs.
        name: String,
        /// What it shows.
        scene: Scene,
        /// Always true: a screen that is not paired has no room.
        paired: bool,
    },
    /// `screen.scene`.
    Scene(Scene),
}

/// Why a screen's room refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Only moderators say what screens show.
    Forbidden(Denied),
}

impl crate::engine::Rejection for Rejection {
    const CODES: &'static [&'static str] = &[];

    fn refusal(&self) -> Refusal {
        let Self::Forbidden(denied) = self;
        Refusal::forbidden(*denied)
    }
}
