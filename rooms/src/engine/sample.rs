//! Made-up traffic for tests, simulation and load: the same seed makes the same traffic.

use plenum_domain::{Id, Role, Roles};
use serde_json::Value;

use super::room::Actor;

/// A small generator of numbers that only look random (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `end` (0 when `end` is 0).
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.roll() % end }
    }

    /// Whether something with `percent` of a chance happens.
    pub const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `things`.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len() as u64) as usize]
    }

    /// An id.
    pub const fn id(&mut self) -> Id {
        Id::from_bits(((self.roll() as u128) << 64) | self.roll() as u128)
    }
}

/// A command as someone might send it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleCommand {
    /// The command's name.
    pub op: &'static str,
    /// Its data.
    pub data: Value,
}

/// Made-up traffic of a kind.
pub trait Sample: Sync {
    /// Settings for a room.
    fn settings(&self, dice: &mut Dice) -> Value;

    /// A command that `by` might send to a room that looks like `state` (the JSON that `by` would get on joining).
    /// Most should be acceptable, some not.
    fn command(&self, dice: &mut Dice, by: &Actor, state: &Value) -> SampleCommand;
}

/// The nth of the made-up people: the first two are moderators, the third is a screen.
pub fn person(n: u64) -> Actor {
    let role = match n {
        0 | 1 => Role::Moderator,
        2 => Role::Screen,
        _ => Role::Attendee,
    };
    let participant = Id::from_bits(0x0198_0000_0000_7000_8000_0000_0000_0000 + u128::from(n));
    Actor { participant, name: format!("Person {n}"), roles: Roles::of(&[role]) }
}
