//! What the hub says of itself while its store is away.

use std::io;
use std::time::{Duration, Instant};

use crate::chaos::Crowd;
use crate::hub::Hub;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// How long the hub may take to say that its store is away, on a busy machine.
const NOTICED_WITHIN: Duration = Duration::from_secs(20);

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// How `/readyz` called the database, and why, when it first was not well.
    said: Option<(String, String)>,
    /// Acknowledged after that.
    acknowledged: u64,
    /// How far the store was behind at the end, in records.
    pub(super) lag: u64,
    /// Whether the journal was full.
    pub(super) was_full: bool,
}

impl Seen {
    /// Looks until `long` is over, and until the hub has noticed.
    pub(super) async fn during(long: Duration, hub: &Hub, crowd: &Crowd) -> io::Result<Self> {
        let (mut seen, mut before, start) = (Self::default(), 0, Instant::now());
        while start.elapsed() < long || (seen.said.is_none() && start.elapsed() < NOTICED_WITHIN) {
            let (status, reason) = database(hub)?;
            if status != "ok" && seen.said.is_none() {
                (seen.said, before) = (Some((status, reason)), crowd.acknowledged());
            }
            seen.was_full |= metric(hub, "plenum_journal_refused_total")? > 0;
            tokio::time::sleep(LOOK).await;
        }
        seen.acknowledged = crowd.acknowledged() - before;
        seen.lag = lag(hub)?;
        Ok(seen)
    }

    /// What was wrong with it.
    pub(super) fn faults(&self, should_fill: bool) -> Vec<String> {
        let mut faults = Vec::new();
        match &self.said {
            None => faults.push("/readyz did not say that the database is away".to_owned()),
            Some((status, reason)) if status != "degraded" || reason.is_empty() => {
                faults.push(format!("/readyz says {status:?} ({reason:?}) of a database that is away"));
            }
            Some(_) => {}
        }
        if self.acknowledged == 0 {
            faults.push("nothing was acknowledged without the database".to_owned());
        }
        if should_fill && !self.was_full {
            faults.push("the journal did not get full: give it less room, or more time".to_owned());
        }
        faults
    }

    /// The same in words.
    pub(super) fn words(&self) -> String {
        let full = if self.was_full { ", its journal was full" } else { "" };
        let (acknowledged, lag) = (self.acknowledged, self.lag);
        format!(
            "meanwhile the hub acknowledged {acknowledged}, was degraded{full}, and its store fell {lag} records behind"
        )
    }
}

/// How many records the store is behind.
pub(super) fn lag(hub: &Hub) -> io::Result<u64> {
    metric(hub, "plenum_projector_lag_records")
}

/// How `/readyz` calls the database, and why.
pub(super) fn database(hub: &Hub) -> io::Result<(String, String)> {
    let ready = hub.readiness()?;
    let part = |field: &str| ready["database"][field].as_str().unwrap_or_default().to_owned();
    Ok((part("status"), part("reason")))
}

/// The sum of a metric over its labels; 0 when it was never counted.
fn metric(hub: &Hub, name: &str) -> io::Result<u64> {
    let page = hub.metrics()?;
    let lines =
        page.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])));
    let values = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    Ok(values.sum::<f64>() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_that_nobody_was_told_of_is_a_fault() {
        let seen = Seen { acknowledged: 9, ..Seen::default() };
        assert_eq!(seen.faults(false), ["/readyz did not say that the database is away"]);
        let said = Some(("down".to_owned(), "gone".to_owned()));
        let wrong = Seen { said, ..Seen::default() };
        assert_eq!(wrong.faults(true).len(), 3, "the word, the silence and the room that was left");
        let said = Some(("degraded".to_owned(), "gone".to_owned()));
        assert!(Seen { said, acknowledged: 1, was_full: true, lag: 9 }.faults(true).is_empty());
    }
}
