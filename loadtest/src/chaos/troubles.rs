//! How often what happened, and how long nothing was acknowledged because of it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::nemesis::{Blow, Trouble};

/// What was noted, by what happened and whether it happened to the owner.
#[derive(Default)]
pub(super) struct Troubles(BTreeMap<(Trouble, bool), Vec<Duration>>);

impl Troubles {
    /// Something happened, and so long nothing was acknowledged.
    pub(super) fn note(&mut self, blow: Blow, silence: Duration) {
        self.0.entry((blow.trouble, blow.was_owner)).or_default().push(silence);
    }

    /// How often anything happened.
    pub(super) fn rounds(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// A line for each, and one for all after which another hub had to go on.
    pub(super) fn print(&self) {
        for ((trouble, was_owner), silences) in &self.0 {
            let whose = if *was_owner { "the owner" } else { "another" };
            println!("chaos: {trouble:?} of {whose}: {}", silent(silences));
        }
        let ended = |((trouble, was_owner), silences): (&(Trouble, bool), &Vec<Duration>)| {
            (*was_owner && trouble.ends_an_owner()).then(|| silences.clone())
        };
        let all: Vec<Duration> = self.0.iter().filter_map(ended).flatten().collect();
        if !all.is_empty() {
            println!("chaos: take-over, whatever ended the owner: {}", silent(&all));
        }
    }
}

/// How often, and how long in the middle, for all but one in a hundred, and at worst.
fn silent(silences: &[Duration]) -> String {
    let mut sorted = silences.to_vec();
    sorted.sort();
    let at = |percent: usize| {
        sorted[(sorted.len() * percent).div_ceil(100).clamp(1, sorted.len()) - 1].as_millis()
    };
    format!(
        "{} times; first acknowledgement after {} ms in the middle, {} ms p99, {} ms at worst",
        sorted.len(),
        at(50),
        at(99),
        at(100)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_in_the_middle() {
        let silences: Vec<Duration> = [30, 10, 20].map(Duration::from_millis).to_vec();
        assert_eq!(
            silent(&silences),
            "3 times; first acknowledgement after 20 ms in the middle, 30 ms p99, 30 ms at worst"
        );
    }
}
