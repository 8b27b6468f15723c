//! The rules of a screen, one test each.

use plenum_domain::{Id, Timestamp};

use super::Screen;
use super::wire::{Command, Fact, Rejection, Scene, Settings};
use crate::engine::sample::person;
use crate::engine::{Moment, Room, Scope};

const ID: Id = Id::from_bits(1);
const FOLLOWS: Scene = Scene { session: Some(ID) };

fn screen() -> Screen {
    let scope = Scope { tenant: ID, conference: ID, session: None };
    let settings = Settings { name: "Foyer".to_owned(), session: None };
    Screen::open(ID, scope, settings).expect("the settings are right")
}

/// The nth of the made-up people wants the screen to show `scene`.
fn decide(screen: &Screen, person_number: u64, scene: Scene) -> Result<Vec<Fact>, Rejection> {
    let at = Moment { now: Timestamp::from_ms(0), command: ID, seed: 0 };
    screen.decide(&person(person_number), Command::Show(scene), &at)
}

#[test]
fn a_moderator_says_what_a_screen_follows() {
    let mut screen = screen();
    let facts = decide(&screen, 0, FOLLOWS).expect("moderators may");
    facts.iter().for_each(|fact| screen.evolve(fact));
    assert_eq!(screen.scene, FOLLOWS);
}

#[test]
fn the_same_scene_again_changes_nothing() {
    let screen = screen();
    assert_eq!(decide(&screen, 0, Scene { session: None }), Ok(Vec::new()));
}

#[test]
fn neither_attendees_nor_the_screen_itself_choose() {
    for who in [2, 3] {
        assert!(matches!(decide(&screen(), who, FOLLOWS), Err(Rejection::Forbidden(_))));
    }
}
