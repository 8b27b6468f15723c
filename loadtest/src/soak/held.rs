//! What the hub says that it holds.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use crate::hub::Hub;

/// Counts of /metrics, by what is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held(pub(super) BTreeMap<String, u64>);

/// What is looked at: gauges with one label each.
const GAUGES: [&str; 2] = ["plenum_held{what=\"", "plenum_limits_remembered{what=\""];
/// How often the hub is asked.
const LOOK: Duration = Duration::from_millis(500);

impl Held {
    pub(super) fn of(hub: &Hub) -> io::Result<Self> {
        Ok(Self::read(&hub.metrics()?))
    }

    fn read(page: &str) -> Self {
        let count = |line: &str| {
            let rest = GAUGES.iter().find_map(|gauge| line.strip_prefix(gauge))?;
            let (what, count) = rest.split_once("\"} ")?;
            Some((what.to_owned(), count.parse::<f64>().ok()? as u64))
        };
        Self(page.lines().filter_map(count).collect())
    }

    /// Whether no count is higher than it was then.
    fn is_within(&self, then: &Self) -> bool {
        self.0.iter().all(|(what, count)| *count <= then.0.get(what).copied().unwrap_or_default())
    }
}

/// Waits until the hub holds no more than it did before. Returns what it holds then, or after `patience`.
pub(super) async fn when_everyone_left(hub: &Hub, before: &Held, patience: Duration) -> io::Result<Held> {
    let start = Instant::now();
    loop {
        let held = Held::of(hub)?;
        if held.is_within(before) || start.elapsed() > patience {
            return Ok(held);
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauges_are_read_and_compared() {
        let page = "# TYPE plenum_held gauge\nplenum_held{what=\"sockets\"} 3\nplenum_limits_remembered{what=\"keys\"} 0\nplenum_sockets 9\n";
        let held = Held::read(page);
        assert_eq!(held.0, BTreeMap::from([("keys".to_owned(), 0), ("sockets".to_owned(), 3)]));
        assert!(!held.is_within(&Held::default()));
        assert!(Held::default().is_within(&held) && held.is_within(&held));
    }
}
