//! How many people were here at once. Of each quarter of an hour the highest number becomes a fact: at most one a minute,
//! and only when the number is higher than what was told of that quarter; never one for each who comes.

use plenum_domain::Timestamp;
use plenum_domain::activity::{QUARTER_MS, quarter_of};
use serde::{Deserialize, Serialize};

use super::wire::Peak;

/// A rise waits so long for those who come behind it, in milliseconds.
const GATHER_MS: i64 = 60_000;

/// Those who are here, and the highest numbers that no fact tells yet.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Presence {
    /// What the latest fact told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Peak>,
    /// How many are here: of this moment only.
    #[serde(skip)]
    people: u32,
    /// The number that was shown last.
    #[serde(skip)]
    shown: u32,
    /// Oldest first, at most one a quarter; lost with the hub's process, which is a minute's at most.
    #[serde(skip)]
    untold: Vec<Rise>,
}

/// A peak that is to be told.
#[derive(Clone, Copy, Debug)]
struct Rise {
    peak: Peak,
    since: Timestamp,
}

impl Presence {
    pub(super) const fn people(&self) -> u32 {
        self.people
    }

    /// So many are here now.
    pub(super) fn count(&mut self, people: u32, now: Timestamp) {
        // Whoever was here until now was here when the quarter began.
        let reached = people.max(self.people);
        self.people = people;
        let from = quarter_of(now);
        if let Some(last) = self.untold.last_mut().filter(|last| last.peak.from == from) {
            last.peak.people = last.peak.people.max(reached);
        } else if self.is_news(Peak { from, people: reached }) {
            self.untold.push(Rise { peak: Peak { from, people: reached }, since: now });
        }
    }

    fn is_news(&self, peak: Peak) -> bool {
        // By quarters first, then by people: older ones are told already.
        let order = |peak: Peak| (peak.from, peak.people);
        peak.people > 0 && self.told.is_none_or(|told| order(peak) > order(told))
    }

    /// The number to show, when it is another one than was shown last.
    pub(super) fn take_fresh(&mut self) -> Option<u32> {
        (self.people != self.shown).then(|| {
            self.shown = self.people;
            self.people
        })
    }

    pub(super) fn wake_at(&self) -> Option<Timestamp> {
        let rise = self.untold.first().map(|rise| rise.since.plus_ms(GATHER_MS));
        // Those who stay are here in the next quarter too, though nobody comes or goes.
        let next = self.latest().filter(|_| self.people > 0).map(|from| from.plus_ms(QUARTER_MS));
        [rise, next].into_iter().flatten().min()
    }

    /// The quarter that was told of last, or is to be.
    fn latest(&self) -> Option<Timestamp> {
        let untold = self.untold.last().map(|rise| rise.peak.from);
        untold.max(self.told.map(|told| told.from))
    }

    /// The peak to tell now: one at a time, the oldest first.
    pub(super) fn due(&self, now: Timestamp) -> Option<Peak> {
        let from = quarter_of(now);
        let is_due = |rise: &&Rise| rise.peak.from < from || rise.since.plus_ms(GATHER_MS) <= now;
        let rise = self.untold.first().filter(is_due).map(|rise| rise.peak);
        let stayed = Peak { from, people: self.people };
        rise.or_else(|| Some(stayed).filter(|peak| self.latest() < Some(from) && self.is_news(*peak)))
    }

    pub(super) fn tell(&mut self, peak: Peak) {
        self.told = Some(peak);
        self.untold.retain(|rise| rise.peak.from > peak.from);
    }
}
