//! What people did, in numbers: which deeds are counted, by which days, and from how many people on they are told apart.

mod days;
mod deed;

pub use days::{QUARTER_MS, day_bounds, day_of, quarter_of};
pub use deed::{Counts, Deed};

/// From so many people on a day or a session is told by itself. Of fewer there are totals only: who knows two of four
/// people would learn too much of the others.
pub const PEOPLE_MIN: u64 = 5;
