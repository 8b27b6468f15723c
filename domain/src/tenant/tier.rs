//! How much a tenant may use, by tier.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a tenant has booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// To try.
    Free,
    /// For most.
    Pro,
    /// Without limits, as far as the machine goes.
    Enterprise,
}

/// Something that is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// REST requests in a minute, all people of the tenant together.
    RequestsPerMin,
    /// People in one conference.
    Participants,
    /// Conferences that are not completed or archived.
    Conferences,
    /// Bytes of logos and documents.
    StorageBytes,
    /// Reports made in a day.
    ReportsPerDay,
}

const MIB: u64 = 1024 * 1024;

/// Every limit, its name, and what the free and the pro tier have.
const LIMITS: [(Limit, &str, u64, u64); 5] = [
    (Limit::RequestsPerMin, "requests_per_min", 600, 6_000),
    (Limit::Participants, "participants", 100, 2_000),
    (Limit::Conferences, "conferences", 2, 25),
    (Limit::StorageBytes, "storage_bytes", 50 * MIB, 10 * 1024 * MIB),
    (Limit::ReportsPerDay, "reports_per_day", 2, 50),
];

impl Limit {
    /// Every limit.
    pub fn all() -> impl Iterator<Item = Self> {
        LIMITS.iter().map(|(limit, ..)| *limit)
    }

    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        LIMITS[self as usize].1
    }
}

impl Tier {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Free, "free"), (Self::Pro, "pro"), (Self::Enterprise, "enterprise")];

    /// The name that the outside sees.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// How much of something the tier has; none for no limit.
    pub fn limit(self, limit: Limit) -> Option<u64> {
        let (.., free, pro) = LIMITS[limit as usize];
        match self {
            Self::Free => Some(free),
            Self::Pro => Some(pro),
            Self::Enterprise => None,
        }
    }
}

/// A text that names no tier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no tier is called {0:?}; there are free, pro, enterprise")]
pub struct UnknownTier(pub String);

impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(text: &str) -> Result<Self, UnknownTier> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text).map(|(tier, _)| *tier);
        found.ok_or_else(|| UnknownTier(text.to_owned()))
    }
}

/// What one tenant may use: its tier, and what was agreed otherwise with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The tier.
    pub tier: Tier,
    /// What replaces the tier's; 0 for no limit.
    pub agreed: BTreeMap<Limit, u64>,
}

impl Limits {
    /// How much the tenant may use; none for no limit.
    pub fn of(&self, limit: Limit) -> Option<u64> {
        match self.agreed.get(&limit) {
            Some(0) => None,
            Some(agreed) => Some(*agreed),
            None => self.tier.limit(limit),
        }
    }

    /// Whether there is room for `more` beside what is used.
    pub fn allow(&self, limit: Limit, used: u64, more: u64) -> bool {
        self.of(limit).is_none_or(|max| used.saturating_add(more) <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_order_of_the_enums() {
        for (place, (limit, name, ..)) in LIMITS.iter().enumerate() {
            assert_eq!(*limit as usize, place);
            assert_eq!(serde_json::to_value(limit).unwrap(), *name);
        }
        for (place, (tier, name)) in Tier::ALL.iter().enumerate() {
            assert_eq!((*tier as usize, name.parse()), (place, Ok(*tier)));
        }
    }

    #[test]
    fn what_was_agreed_replaces_the_tiers() {
        let mut limits = Limits { tier: Tier::Free, agreed: BTreeMap::new() };
        assert!(limits.allow(Limit::Conferences, 1, 1) && !limits.allow(Limit::Conferences, 2, 1));
        limits.agreed.insert(Limit::Conferences, 3);
        assert!(limits.allow(Limit::Conferences, 2, 1));
        limits.agreed.insert(Limit::Conferences, 0);
        assert_eq!(limits.of(Limit::Conferences), None);
        assert_eq!(Tier::Enterprise.limit(Limit::Participants), None);
    }
}
