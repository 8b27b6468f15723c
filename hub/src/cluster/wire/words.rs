//! Names of events, codes and details: programs know them by heart, so they live as long as the program.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use plenum_rooms::kinds::KINDS;

/// Names that are learned from other nodes: a newer version has a few more than this one.
const LEARNED_MAX: usize = 1_024;

static LEARNED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The name as this program keeps it; none when too many strange ones were learned already.
pub(super) fn word(name: &str) -> Option<&'static str> {
    let built_in =
        KINDS.iter().flat_map(|kind| kind.events.iter().chain(kind.codes).chain([&kind.state_event]));
    if let Some(known) = built_in.copied().find(|known| *known == name) {
        return Some(known);
    }
    let mut learned = LEARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = learned.get(name) {
        return Some(known);
    }
    if learned.len() >= LEARNED_MAX {
        return None;
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    learned.insert(name);
    Some(name)
}
